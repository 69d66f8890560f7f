package io.ledgerconnect.benchmarks;

import io.ledgerconnect.testbed.Postgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.postgresql.PGConnection;
import org.postgresql.PGProperty;
import org.postgresql.replication.PGReplicationStream;

/** A ledger database with one table of payments, of which it makes as many as are wanted, and what captures it. */
final class PaymentsLedger {
    static final String TABLE = "public.payments";
    static final String ACCOUNTS = "public.accounts";
    static final String MERCHANTS = "public.merchants";

    /** How many rows {@link #ACCOUNTS} and {@link #MERCHANTS} have; each has two versions. */
    static final int ACCOUNT_ROWS = 1000;

    static final int MERCHANT_ROWS = 100;

    /** The columns of a payment after its id, with their types. */
    static final String COLUMNS =
            "account_id bigint NOT NULL, amount numeric(20,2) NOT NULL, currency char(3) NOT NULL,"
                    + " status text NOT NULL, created_at timestamptz NOT NULL, reference text NOT NULL";

    /** Makes as many payments as its parameter says. */
    static final String INSERT = "INSERT INTO payments (account_id, amount, currency, status, created_at, reference)"
            + " SELECT g % 1000, g * 1.37, 'EUR', 'settled', clock_timestamp(), 'payment reference ' || g"
            + " FROM generate_series(1, ?) g";

    private static final String DATABASE = "ledger";
    private static final String PUBLICATION = "bench";

    private final Postgres postgres;

    private PaymentsLedger(Postgres postgres) {
        this.postgres = postgres;
    }

    /** Creates the database on a server. */
    static PaymentsLedger create(Postgres postgres) throws SQLException {
        PaymentsLedger ledger = new PaymentsLedger(postgres);
        postgres.createDatabase(DATABASE);
        ledger.execute(
                "CREATE TABLE payments (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, " + COLUMNS + ")",
                "CREATE PUBLICATION " + PUBLICATION + " FOR TABLE payments",
                """
                CREATE PROCEDURE generate(total bigint, per_transaction int) LANGUAGE plpgsql AS $$
                BEGIN
                  FOR i IN 1 .. total / per_transaction LOOP
                    INSERT INTO payments (account_id, amount, currency, status, created_at, reference)
                    SELECT g % 1000, g * 1.37, 'EUR', 'settled', clock_timestamp(), 'payment reference ' || g
                    FROM generate_series(1, per_transaction) g;
                    COMMIT;
                  END LOOP;
                END $$""");
        return ledger;
    }

    /** Adds the tables that say more of a payment, to the publication too. They stay empty. */
    void createDimensions() throws SQLException {
        execute(
                "CREATE TABLE accounts (id bigint PRIMARY KEY, kind text NOT NULL, merchant_id bigint NOT NULL)",
                "CREATE TABLE merchants (id bigint PRIMARY KEY, name text NOT NULL, category_code char(4) NOT NULL)",
                "ALTER PUBLICATION " + PUBLICATION + " ADD TABLE accounts, merchants");
    }

    /** Fills the tables of {@link #createDimensions}, and changes each row once. */
    void generateDimensions() throws SQLException {
        execute(
                "INSERT INTO merchants SELECT g, 'Merchant ' || g, '5411' FROM generate_series(0, "
                        + (MERCHANT_ROWS - 1) + ") g",
                "INSERT INTO accounts SELECT g, 'customer', g % " + MERCHANT_ROWS + " FROM generate_series(0, "
                        + (ACCOUNT_ROWS - 1) + ") g",
                "UPDATE merchants SET name = name || ' Ltd'",
                "UPDATE accounts SET kind = 'merchant'");
    }

    /** A connection to the ledger; the caller closes it. */
    Connection connect() throws SQLException {
        return postgres.connect(DATABASE);
    }

    /** A slot whose backlog begins here. */
    void createSlot(String slot) throws SQLException {
        execute("SELECT pg_create_logical_replication_slot('" + slot + "', 'pgoutput')");
    }

    /** A connection that can stream; the caller closes it. */
    Connection connectForReplication() throws SQLException {
        Properties properties = new Properties();
        PGProperty.USER.set(properties, postgres.user());
        PGProperty.PASSWORD.set(properties, postgres.password());
        PGProperty.REPLICATION.set(properties, "database");
        PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "10");
        PGProperty.PREFER_QUERY_MODE.set(properties, "simple");
        return DriverManager.getConnection(postgres.jdbcUrl(DATABASE), properties);
    }

    /** The messages of pgoutput from where a slot is. */
    PGReplicationStream stream(PGConnection connection, String slot) throws SQLException {
        return connection
                .getReplicationAPI()
                .replicationStream()
                .logical()
                .withSlotName(slot)
                .withSlotOption("proto_version", "1")
                .withSlotOption("publication_names", PUBLICATION)
                .withSlotOption("binary", "true")
                .withStatusInterval(10, TimeUnit.SECONDS)
                .start();
    }

    /** The id of the payment made last. */
    long lastId() throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                var row = statement.executeQuery("SELECT max(id) FROM payments")) {
            row.next();
            return row.getLong(1);
        }
    }

    void generate(long rows, int rowsPerTransaction) throws SQLException {
        execute("CALL generate(" + rows + ", " + rowsPerTransaction + ")", "CHECKPOINT");
    }

    /** Makes payments at an even rate until it is closed. */
    SteadyLoad load(int changesPerSecond, int changesPerTransaction) throws SQLException {
        return new SteadyLoad(connect(), changesPerSecond, changesPerTransaction);
    }

    /** Processor time that the server has used, all its processes together. */
    Duration serverCpu() {
        return postgres.usage().cpu();
    }

    private void execute(String... statements) throws SQLException {
        try (Connection connection = postgres.connect(DATABASE);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** Waits until something streams from a slot. */
    void awaitSlot(String slot) throws SQLException, InterruptedException {
        try (Connection connection = postgres.connect(DATABASE);
                Statement statement = connection.createStatement()) {
            while (true) {
                try (var row = statement.executeQuery(
                        "SELECT 1 FROM pg_replication_slots WHERE slot_name = '" + slot + "' AND active")) {
                    if (row.next()) {
                        return;
                    }
                }
                Thread.sleep(50);
            }
        }
    }

    /** Settings that every source connector understands, for a capture from now on; {@code name} is prefix and slot. */
    Map<String, String> captureSettings(String name) {
        Map<String, String> settings = CaptureSettings.shared(postgres, DATABASE, PUBLICATION, name);
        settings.put("table.include.list", TABLE);
        settings.put("snapshot.mode", "no_data");
        return settings;
    }
}
