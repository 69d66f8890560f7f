package io.ledgerconnect.benchmarks;

import io.ledgerconnect.testbed.Postgres;
import java.io.IOException;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.postgresql.PGConnection;

/**
 * A ledger database for snapshots: one large table of payments, and small ones beside it. Every table's key is
 * {@code id}, from 1 without holes.
 */
final class SnapshotLedger {
    /** A table and its number of rows. */
    record Table(String name, long rows) {}

    private static final String DATABASE = "ledger";
    private static final String PUBLICATION = "bench";
    private static final long PER_INSERT = 1_000_000;
    private static final long ACCOUNTS = 20_000;
    private static final long FEES = 500;
    private static final long CURRENCIES = 3;
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(2);

    private static final String SMALL_TABLES = """
            CREATE TABLE accounts (id bigint PRIMARY KEY, iban text NOT NULL, holder text NOT NULL,
                opened_on date NOT NULL, closed_on date);
            INSERT INTO accounts SELECT g, 'DE' || lpad((g * 7919)::text, 20, '0'), 'Account holder ' || g,
                date '2015-01-01' + (g %% 4000)::int FROM generate_series(1, %d) g;
            CREATE TABLE fees (id bigint PRIMARY KEY, name text NOT NULL, rate numeric(9, 6) NOT NULL);
            INSERT INTO fees SELECT g, 'Fee ' || g, g * 0.000125 FROM generate_series(1, %d) g;
            CREATE TABLE currencies (id bigint PRIMARY KEY, code char(3) NOT NULL, digits smallint NOT NULL);
            INSERT INTO currencies VALUES (1, 'EUR', 2), (2, 'USD', 2), (3, 'JPY', 0)""".formatted(ACCOUNTS, FEES);

    private static final String PAYMENTS = """
            CREATE TABLE payments (id bigint NOT NULL, transfer uuid NOT NULL, debtor_account bigint NOT NULL,
                creditor_account bigint NOT NULL, amount numeric(20, 2) NOT NULL, currency char(3) NOT NULL,
                status text NOT NULL, created_at timestamptz NOT NULL, settled_at timestamptz,
                reference text NOT NULL, details jsonb)""";

    /** One payment in ten is not settled, and one in eight has details. */
    private static final String INSERT = """
            INSERT INTO payments SELECT g, gen_random_uuid(), g %% 20000 + 1, (g * 31) %% 20000 + 1,
                (g %% 1000000) * 0.37 + 0.01, (ARRAY['EUR', 'USD', 'JPY'])[g %% 3 + 1],
                CASE WHEN g %% 10 = 0 THEN 'pending' ELSE 'settled' END,
                timestamptz '2024-01-01 00:00:00+00' + g * interval '0.731 s',
                CASE WHEN g %% 10 > 0 THEN timestamptz '2024-01-01 00:00:04+00' + g * interval '0.731 s' END,
                'Invoice ' || g * 17 || ', customer ' || g %% 5000,
                CASE WHEN g %% 8 = 0 THEN jsonb_build_object('channel', 'card', 'terminal', g %% 700) END
            FROM generate_series(%d::bigint, %d::bigint) g""";

    private final Postgres postgres;
    private final List<Table> tables;

    private SnapshotLedger(Postgres postgres, List<Table> tables) {
        this.postgres = postgres;
        this.tables = tables;
    }

    /** Creates and fills the database. */
    static SnapshotLedger create(Postgres postgres, long payments) throws SQLException {
        SnapshotLedger ledger = new SnapshotLedger(
                postgres,
                List.of(
                        new Table("payments", payments),
                        new Table("accounts", ACCOUNTS),
                        new Table("fees", FEES),
                        new Table("currencies", CURRENCIES)));
        postgres.createDatabase(DATABASE);
        ledger.execute(SMALL_TABLES, PAYMENTS);
        for (long from = 1; from <= payments; from += PER_INSERT) {
            ledger.execute(INSERT.formatted(from, Math.min(payments, from + PER_INSERT - 1)));
        }
        // Vacuumed, so that the first reader does not pay for the hint bits.
        ledger.execute(
                "ALTER TABLE payments ADD PRIMARY KEY (id)",
                "VACUUM (ANALYZE)",
                "CREATE PUBLICATION " + PUBLICATION + " FOR TABLES IN SCHEMA public",
                "CHECKPOINT");
        return ledger;
    }

    List<Table> tables() {
        return tables;
    }

    /** Of all tables together. */
    long rows() {
        return tables.stream().mapToLong(Table::rows).sum();
    }

    /** What the large table takes on the server's disk. */
    long bytes() throws SQLException {
        return number("SELECT pg_table_size('payments')");
    }

    /** Reads all rows as fast as one connection can, and throws them away. */
    void copyAndThrowAway() throws SQLException, IOException {
        try (Connection connection = postgres.connect(DATABASE)) {
            for (Table table : tables) {
                connection
                        .unwrap(PGConnection.class)
                        .getCopyAPI()
                        .copyOut(
                                "COPY " + table.name() + " TO STDOUT (FORMAT binary)", OutputStream.nullOutputStream());
            }
        }
    }

    /** Settings that every source connector understands, for a first snapshot; {@code name} is prefix and slot. */
    Map<String, String> captureSettings(String name) {
        Map<String, String> settings = CaptureSettings.shared(postgres, DATABASE, PUBLICATION, name);
        settings.put("table.include.list", "public\\..*");
        settings.put("snapshot.mode", "initial");
        return settings;
    }

    /** Processor time that the server has used, all its processes together. */
    Duration serverCpu() {
        return postgres.usage().cpu();
    }

    /** Rows that the server has read in the tables, as it counts them; complete once nobody is connected. */
    long rowsRead() throws SQLException {
        return number("SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) FROM pg_stat_user_tables");
    }

    /**
     * Waits for the ends of connections whose clients are gone: they may still hold slots, and what they have counted.
     */
    void awaitNobodyConnected() throws SQLException, InterruptedException {
        long deadline = System.nanoTime() + LONGEST_WAIT.toNanos();
        while (number("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                        + " AND pid <> pg_backend_pid() AND backend_type IN ('client backend', 'walsender')")
                > 0) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(
                        "The ledger has connections " + LONGEST_WAIT.toSeconds() + " s after their client's end");
            }
            Thread.sleep(100);
        }
    }

    /** Drops all slots: they hold back WAL. */
    void dropSlots() throws SQLException {
        execute("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots", "CHECKPOINT");
    }

    private long number(String query) throws SQLException {
        try (Connection connection = postgres.connect(DATABASE);
                Statement statement = connection.createStatement();
                var row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }

    private void execute(String... statements) throws SQLException {
        try (Connection connection = postgres.connect(DATABASE);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
