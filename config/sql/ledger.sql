-- A small payment ledger: merchants, accounts, transfers, and the entries that move money between accounts.
--
-- Run it as the owner of an empty database:
--
--   psql -d ledger -v app_password=... -f ledger.sql
--
-- Money is counted in minor units of its currency (cents, yen) as bigint; what is finer than that, rates and exact
-- fees, is numeric. Nothing here knows of Kafka: capture.sql adds what the source connector needs.
\set ON_ERROR_STOP on

CREATE TYPE account_kind AS ENUM ('customer', 'merchant', 'fees', 'exchange', 'external');
CREATE TYPE transfer_status AS ENUM ('pending', 'settled', 'failed', 'reversed');

CREATE TABLE merchants (
    id              uuid PRIMARY KEY,
    name            text NOT NULL,
    category_code   char(4) NOT NULL,                -- ISO 18245
    country         char(2) NOT NULL,                -- ISO 3166-1
    fee_rate        numeric(7, 6) NOT NULL CHECK (fee_rate BETWEEN 0 AND 1),
    payout_delay    interval NOT NULL,
    payout_time     time NOT NULL,
    tags            text[] NOT NULL DEFAULT '{}',
    api_key_sha256  bytea NOT NULL CHECK (length(api_key_sha256) = 32),
    active          boolean NOT NULL DEFAULT true,
    onboarded_on    date NOT NULL,
    profile         jsonb NOT NULL DEFAULT '{}',
    updated_at      timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE accounts (
    id              uuid PRIMARY KEY,
    kind            account_kind NOT NULL,
    merchant_id     uuid REFERENCES merchants,
    currency        char(3) NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),  -- ISO 4217
    balance         bigint NOT NULL DEFAULT 0,
    version         bigint NOT NULL DEFAULT 0,       -- of the account's last entry
    overdraft       bigint DEFAULT 0 CHECK (overdraft >= 0),           -- null: without limit
    opened_at       timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT accounts_funds CHECK (balance >= -overdraft),
    CONSTRAINT accounts_merchant CHECK ((kind = 'merchant') = (merchant_id IS NOT NULL))
);

CREATE TABLE transfers (
    id              uuid PRIMARY KEY,
    idempotency_key varchar(80) NOT NULL UNIQUE,     -- the client's: the same request is booked once
    payer_id        uuid NOT NULL REFERENCES accounts,
    payee_id        uuid NOT NULL REFERENCES accounts,
    amount          bigint NOT NULL CHECK (amount > 0),
    currency        char(3) NOT NULL,
    fee             numeric(24, 8) NOT NULL DEFAULT 0 CHECK (fee >= 0),  -- minor units, exact; its entry is rounded
    fx_rate         numeric CHECK (fx_rate > 0),     -- null where payer and payee have one currency
    status          transfer_status NOT NULL DEFAULT 'pending',
    metadata        jsonb,
    created_at      timestamptz NOT NULL DEFAULT now(),
    expires_at      timestamptz,                     -- null once posted: what has entries does not expire
    closed_at       timestamptz,
    CONSTRAINT transfers_closed CHECK ((status = 'pending') = (closed_at IS NULL))
);
CREATE INDEX transfers_expiring ON transfers (expires_at) WHERE status = 'pending' AND expires_at IS NOT NULL;

-- One leg of a transfer. Entries are only ever added: a correction is an entry in the opposite direction.
CREATE TABLE entries (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    transfer_id     uuid NOT NULL REFERENCES transfers,
    account_id      uuid NOT NULL REFERENCES accounts,
    account_version bigint NOT NULL CHECK (account_version > 0),
    amount          bigint NOT NULL CHECK (amount <> 0),               -- credits are positive, debits negative
    currency        char(3) NOT NULL,
    balance         bigint NOT NULL,                 -- of the account after this entry
    created_at      timestamptz NOT NULL DEFAULT now(),
    -- Contiguous from 1 in each account. Unlike a sequence it rolls back with its transaction: a hole is a loss.
    UNIQUE (account_id, account_version)
);
CREATE INDEX entries_by_transfer ON entries (transfer_id);

-- Books one entry per account, with the account's next version and running balance. No account may come twice.
CREATE FUNCTION post_entries(posted_transfer uuid, posted_accounts uuid[], posted_amounts bigint[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    -- Every posting locks in the order of ids, so that no two wait for each other. NO KEY, because the foreign keys of
    -- other transactions hold key shares on the same accounts.
    PERFORM FROM accounts WHERE id = ANY (posted_accounts) ORDER BY id FOR NO KEY UPDATE;
    WITH leg AS (
        SELECT * FROM unnest(posted_accounts, posted_amounts) AS leg (account_id, amount)
    ), moved AS (
        UPDATE accounts
        SET balance = accounts.balance + leg.amount, version = accounts.version + 1, updated_at = now()
        FROM leg
        WHERE accounts.id = leg.account_id
        RETURNING accounts.id, accounts.version, leg.amount, accounts.currency, accounts.balance
    )
    INSERT INTO entries (transfer_id, account_id, account_version, amount, currency, balance)
    SELECT posted_transfer, id, version, amount, currency, balance FROM moved;
END $$;

-- Double entry: at commit, the entries of a transfer sum to zero in each currency.
CREATE FUNCTION check_double_entry() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM entries WHERE transfer_id = NEW.transfer_id GROUP BY currency HAVING sum(amount) <> 0) THEN
        RAISE EXCEPTION 'the entries of transfer % do not balance', NEW.transfer_id
            USING ERRCODE = 'integrity_constraint_violation', TABLE = 'entries', CONSTRAINT = 'entries_double_entry';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER entries_double_entry AFTER INSERT ON entries
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_double_entry();

-- pending → settled → reversed, pending → failed; nothing else.
CREATE FUNCTION check_transition() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.status, NEW.status) NOT IN (('pending', 'settled'), ('pending', 'failed'), ('settled', 'reversed')) THEN
        RAISE EXCEPTION 'transfer % is %, it cannot become %', OLD.id, OLD.status, NEW.status
            USING ERRCODE = 'integrity_constraint_violation', TABLE = 'transfers', CONSTRAINT = 'transfers_transition';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER transfers_transition BEFORE UPDATE OF status ON transfers
    FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION check_transition();

-- The payment application: it books, closes and purges, and can change nothing that was booked.
CREATE ROLE ledger_app LOGIN PASSWORD :'app_password';
GRANT SELECT, INSERT, UPDATE ON merchants, accounts TO ledger_app;
GRANT SELECT, INSERT, DELETE, UPDATE (status, closed_at) ON transfers TO ledger_app;
GRANT SELECT, INSERT ON entries TO ledger_app;
