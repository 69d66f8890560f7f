package io.ledgerconnect.benchmarks;

import io.ledgerconnect.testbed.Postgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** A ledger database with one table of payments, of which it makes as many as are wanted, and what captures it. */
final class PaymentsLedger {
    static final String TABLE = "public.payments";
    static final String KAFKAS_CONVERTER = "org.apache.kafka.connect.json.JsonConverter";
    static final String OUR_CONVERTER = "io.ledgerconnect.common.json.LedgerJsonConverter";

    /** Makes as many payments as its parameter says. */
    static final String INSERT = "INSERT INTO payments (account_id, amount, currency, status, created_at, reference)"
            + " SELECT g % 1000, g * 1.37, 'EUR', 'settled', clock_timestamp(), 'payment reference ' || g"
            + " FROM generate_series(1, ?) g";

    /** A producer's settings for a large backlog. */
    static final Map<String, String> RAISED = Map.of(
            "producer.override.compression.type", "lz4",
            "producer.override.batch.size", "262144",
            "producer.override.linger.ms", "5",
            "producer.override.buffer.memory", "67108864");

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
                "CREATE TABLE payments (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, account_id bigint NOT NULL,"
                        + " amount numeric(20,2) NOT NULL, currency char(3) NOT NULL, status text NOT NULL,"
                        + " created_at timestamptz NOT NULL, reference text NOT NULL)",
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

    void generate(long rows, int rowsPerTransaction) throws SQLException {
        execute("CALL generate(" + rows + ", " + rowsPerTransaction + ")", "CHECKPOINT");
    }

    /** Makes payments at an even rate until it is closed. */
    SteadyLoad load(int changesPerSecond, int changesPerTransaction) throws SQLException {
        return new SteadyLoad(postgres.connect(DATABASE), changesPerSecond, changesPerTransaction);
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
        Map<String, String> settings = new HashMap<>();
        settings.put("tasks.max", "1");
        settings.put("database.hostname", postgres.host());
        settings.put("database.port", Integer.toString(postgres.port()));
        settings.put("database.user", postgres.user());
        settings.put("database.password", postgres.password());
        settings.put("database.dbname", DATABASE);
        settings.put("topic.prefix", name);
        settings.put("table.include.list", TABLE);
        settings.put("slot.name", name);
        settings.put("publication.name", PUBLICATION);
        settings.put("publication.autocreate.mode", "disabled");
        settings.put("snapshot.mode", "no_data");
        settings.put("topic.creation.default.partitions", "1");
        settings.put("topic.creation.default.replication.factor", "1");
        settings.putAll(jsonConverters(KAFKAS_CONVERTER, false));
        return settings;
    }

    /** JSON on both sides of a record, with or without its schema in each. */
    static Map<String, String> jsonConverters(String converter, boolean schemas) {
        return Map.of(
                "key.converter",
                converter,
                "key.converter.schemas.enable",
                Boolean.toString(schemas),
                "value.converter",
                converter,
                "value.converter.schemas.enable",
                Boolean.toString(schemas));
    }
}
