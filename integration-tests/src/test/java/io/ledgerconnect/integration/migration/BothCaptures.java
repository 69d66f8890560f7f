package io.ledgerconnect.integration.migration;

import static io.ledgerconnect.integration.Waiting.PATIENCE;
import static io.ledgerconnect.integration.Waiting.patiently;

import io.ledgerconnect.integration.Kafka;
import io.ledgerconnect.testbed.ConnectRest;
import io.ledgerconnect.testbed.ConnectorStatus;
import io.ledgerconnect.testbed.KafkaBroker;
import io.ledgerconnect.testbed.Postgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Lets both connectors capture one history, each under all variants, each on slots and topics of its own. */
final class BothCaptures {
    static final String OUR_CLASS = "io.ledgerconnect.source.LedgerSourceConnector";
    static final String DEBEZIUM_CLASS = "io.debezium.connector.postgresql.PostgresConnector";

    private static final String DATABASE = "comparison";
    private static final String OURS = "ours";
    private static final String THEIRS = "debezium";
    private static final String SCHEMA = ".app.";
    /** The topic of BEGIN and END. */
    private static final String TRANSACTIONS = "transaction";
    /** The topic of logical messages. */
    private static final String MESSAGES = "message";

    private final Postgres postgres;
    private final KafkaBroker broker;
    private final ConnectRest rest;
    private final List<Variant> variants;

    BothCaptures(Postgres postgres, KafkaBroker broker, ConnectRest rest, List<Variant> variants) {
        this.postgres = postgres;
        this.broker = broker;
        this.rest = rest;
        this.variants = variants;
    }

    /** Runs the history and compares what both have made of it. */
    List<Comparison> compare() throws SQLException {
        postgres.createDatabase(DATABASE);
        try (Connection connection = postgres.connect(DATABASE);
                Kafka kafka = new Kafka(broker)) {
            try {
                execute(connection, LedgerHistory.beforeStart());
                start();
                patiently("all snapshots").until(() -> allSlotsStream(connection));
                execute(connection, LedgerHistory.whileStreaming());
                patiently("the last change in every topic").until(() -> everythingHasArrived(kafka));
                return variants.stream()
                        .map(variant -> compared(kafka, variant))
                        .toList();
            } finally {
                end(connection);
            }
        }
    }

    private static void execute(Connection connection, List<String> statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private void start() {
        for (Variant variant : variants) {
            rest.putConnector(name(OURS, variant), ours(variant));
            rest.putConnector(name(THEIRS, variant), debezium(variant));
        }
        for (String connector : connectors()) {
            rest.awaitRunning(connector, PATIENCE);
        }
    }

    private List<String> connectors() {
        List<String> connectors = new ArrayList<>();
        for (Variant variant : variants) {
            connectors.add(name(OURS, variant));
            connectors.add(name(THEIRS, variant));
        }
        return connectors;
    }

    private static String name(String connector, Variant variant) {
        return connector + '_' + variant.name();
    }

    private Map<String, String> ours(Variant variant) {
        Map<String, String> settings = settings(OURS, variant);
        settings.put("connector.class", OUR_CLASS);
        return settings;
    }

    private Map<String, String> debezium(Variant variant) {
        Map<String, String> settings = settings(THEIRS, variant);
        settings.put("connector.class", DEBEZIUM_CLASS);
        settings.put("plugin.name", "pgoutput");
        settings.put("poll.interval.ms", "50");
        return settings;
    }

    private Map<String, String> settings(String connector, Variant variant) {
        Map<String, String> settings = new HashMap<>();
        settings.put("database.hostname", postgres.host());
        settings.put("database.port", Integer.toString(postgres.port()));
        settings.put("database.user", postgres.user());
        settings.put("database.password", postgres.password());
        settings.put("database.dbname", DATABASE);
        settings.put("topic.prefix", name(connector, variant));
        settings.put("slot.name", name(connector, variant));
        settings.put("publication.name", LedgerHistory.PUBLICATION);
        settings.put("publication.autocreate.mode", "disabled");
        settings.put("snapshot.max.threads", "1");
        settings.put("topic.creation.default.partitions", "1");
        settings.put("topic.creation.default.replication.factor", "1");
        for (String side : List.of("key", "value")) {
            settings.put(side + ".converter", "org.apache.kafka.connect.json.JsonConverter");
            settings.put(side + ".converter.schemas.enable", "true");
        }
        settings.putAll(variant.all());
        return settings;
    }

    private boolean allSlotsStream(Connection connection) throws SQLException {
        checkConnectors();
        try (Statement statement = connection.createStatement();
                var row = statement.executeQuery("SELECT count(*) FROM pg_replication_slots"
                        + " WHERE active AND NOT temporary AND database = current_database()")) {
            row.next();
            return row.getInt(1) == 2 * variants.size();
        }
    }

    /** The last row of the history is in every topic, and nothing has come for a while: topics arrive independently. */
    private boolean everythingHasArrived(Kafka kafka) {
        checkConnectors();
        for (String connector : connectors()) {
            if (kafka.partitions(connector + SCHEMA + LedgerHistory.LAST_TABLE).isEmpty()
                    || kafka.end(connector + SCHEMA + LedgerHistory.LAST_TABLE) == 0) {
                return false;
            }
        }
        long now = records(kafka);
        patiently("a second of silence").pollDelay(Duration.ofSeconds(1)).until(() -> true);
        return records(kafka) == now;
    }

    private long records(Kafka kafka) {
        return connectors().stream()
                .flatMap(connector -> kafka.topics(connector + SCHEMA).stream())
                .mapToLong(kafka::end)
                .sum();
    }

    private void checkConnectors() {
        for (String connector : connectors()) {
            ConnectorStatus status = rest.status(connector);
            if (status.isFailed()) {
                throw new IllegalStateException(
                        connector + " has failed: " + status.failure().orElse(""));
            }
        }
    }

    private Comparison compared(Kafka kafka, Variant variant) {
        Comparison comparison = new Comparison(variant);
        String ours = name(OURS, variant) + SCHEMA;
        String theirs = name(THEIRS, variant) + SCHEMA;
        TreeSet<String> tables = new TreeSet<>();
        kafka.topics(ours).forEach(topic -> tables.add(topic.substring(ours.length())));
        kafka.topics(theirs).forEach(topic -> tables.add(topic.substring(theirs.length())));
        for (String table : tables) {
            comparison.table(read(kafka, OURS, variant, SCHEMA, table), read(kafka, THEIRS, variant, SCHEMA, table));
        }
        comparison.transactions(
                read(kafka, OURS, variant, ".", TRANSACTIONS), read(kafka, THEIRS, variant, ".", TRANSACTIONS));
        comparison.messages(read(kafka, OURS, variant, ".", MESSAGES), read(kafka, THEIRS, variant, ".", MESSAGES));
        return comparison;
    }

    private static CapturedTable read(Kafka kafka, String connector, Variant variant, String separator, String table) {
        String prefix = name(connector, variant);
        String topic = prefix + separator + table;
        return CapturedTable.of(table, prefix, kafka.partitions(topic).isEmpty() ? List.of() : kafka.readAll(topic));
    }

    /** Slots would hold back the server's WAL. */
    private void end(Connection connection) {
        connectors().forEach(connector -> {
            if (rest.connectors().contains(connector)) {
                rest.delete(connector);
            }
        });
        patiently("all slots are dropped")
                .ignoreExceptionsInstanceOf(SQLException.class)
                .until(() -> {
                    execute(
                            connection,
                            List.of("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots"
                                    + " WHERE database = current_database()"));
                    return true;
                });
    }
}
