-- What the source connector needs in the ledger database. Run it after ledger.sql, as a superuser (only one may create
-- a role with REPLICATION; from PostgreSQL 16 on, also a role that has both CREATEROLE and REPLICATION):
--
--   psql -d ledger -v capture_password=... -f capture.sql
--
-- The server needs wal_level=logical, and one of max_replication_slots and max_wal_senders for each connector; during a
-- first snapshot one slot more, which exports it.
\set ON_ERROR_STOP on

-- The least that capture needs: REPLICATION for the slot and its stream, SELECT for the first snapshot. The role can
-- neither write a row nor change the publication.
CREATE ROLE ledger_capture LOGIN REPLICATION PASSWORD :'capture_password';
GRANT SELECT ON merchants, accounts, transfers, entries TO ledger_capture;

-- The tables' owner names what is captured; config/source.json says publication.autocreate.mode=disabled.
CREATE PUBLICATION ledger FOR TABLE merchants, accounts, transfers, entries;

-- A connector that is to create and extend the publication itself (publication.autocreate.mode=filtered) has to own
-- it and the tables. Share the ownership through a role without login instead of the statement above:
--
--   CREATE ROLE ledger_publisher;
--   GRANT ledger_publisher TO CURRENT_USER, ledger_capture;
--   GRANT CREATE ON DATABASE ledger TO ledger_capture;
--   ALTER TABLE merchants OWNER TO ledger_publisher;    -- and accounts, transfers, entries
--
-- As an owner the role may then also write and drop those tables. Prefer the publication above.
