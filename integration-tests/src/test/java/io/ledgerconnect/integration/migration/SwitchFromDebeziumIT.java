package io.ledgerconnect.integration.migration;

import static io.ledgerconnect.integration.Waiting.PATIENCE;
import static io.ledgerconnect.integration.Waiting.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ledgerconnect.integration.Kafka;
import io.ledgerconnect.integration.SharedPipeline;
import io.ledgerconnect.testbed.ConnectRest;
import io.ledgerconnect.testbed.ConnectWorker;
import io.ledgerconnect.testbed.Postgres;
import io.ledgerconnect.testbed.ledger.LedgerSql;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The steps of docs/migrating-from-debezium.md, under load. */
@ExtendWith(SharedPipeline.class)
final class SwitchFromDebeziumIT {
    private static final String NAME = "switching";
    private static final String TOPIC = NAME + ".public.t";
    private static final String DEBEZIUM = NAME + "-debezium";
    private static final String OURS = NAME + "-ours";
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void sameTopicsGoOnWithoutLossAndWithoutDoubles(SharedPipeline.Bench bench) throws Exception {
        Postgres postgres = bench.pipeline().ledger();
        postgres.createDatabase(NAME);
        postgres.execute(NAME, "CREATE TABLE t (id integer PRIMARY KEY); CREATE PUBLICATION switching FOR TABLE t");
        ConnectWorker worker = ComparisonReport.startWorker(bench);
        try (Kafka kafka = new Kafka(bench.pipeline().kafka())) {
            ConnectRest rest = worker.rest();
            rest.putConnector(DEBEZIUM, debezium(postgres));
            rest.awaitRunning(DEBEZIUM, PATIENCE);
            AtomicBoolean enough = new AtomicBoolean();
            CompletableFuture<Integer> load = CompletableFuture.supplyAsync(() -> write(postgres, enough));
            awaitRecords(kafka, 200);

            stopBetweenTransactions(postgres, kafka, rest);
            moveSlot(postgres, NAME, rest.offsets(DEBEZIUM).at("/offsets/0/offset"));
            long before = kafka.end(TOPIC);
            rest.putConnector(OURS, ours(postgres));
            rest.awaitRunning(OURS, PATIENCE);
            awaitRecords(kafka, before + 200);

            enough.set(true);
            int written = load.join();
            awaitRecords(kafka, written);
            assertThat(ids(kafka))
                    .isEqualTo(IntStream.rangeClosed(1, written).boxed().toList());
            rest.delete(OURS);
            rest.delete(DEBEZIUM);
        } finally {
            worker.kill();
            patiently("the slot is dropped")
                    .ignoreExceptionsInstanceOf(SQLException.class)
                    .until(() -> {
                        postgres.execute(NAME, "SELECT pg_drop_replication_slot('switching')");
                        return true;
                    });
        }
    }

    /** Transactions of one to three rows; returns the last row's number. */
    private static int write(Postgres postgres, AtomicBoolean enough) {
        try (Connection connection = postgres.connect(NAME);
                Statement statement = connection.createStatement()) {
            int last = 0;
            for (int transaction = 0; !enough.get(); transaction++) {
                int rows = 1 + transaction % 3;
                statement.execute("INSERT INTO t SELECT generate_series(" + (last + 1) + ", " + (last + rows) + ")");
                last += rows;
            }
            return last;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Writers wait while Debezium sends what it has begun and is stopped. */
    private static void stopBetweenTransactions(Postgres postgres, Kafka kafka, ConnectRest rest) throws SQLException {
        try (Connection connection = postgres.connect(NAME);
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("LOCK TABLE t IN SHARE MODE");
            awaitRecords(kafka, count(statement));
            rest.stop(DEBEZIUM);
            rest.awaitStopped(DEBEZIUM, PATIENCE);
            connection.rollback();
        }
    }

    private static long count(Statement statement) throws SQLException {
        try (var row = statement.executeQuery("SELECT count(*) FROM t")) {
            row.next();
            return row.getLong(1);
        }
    }

    /** Moves a slot, called like its database and publication, behind what Debezium's offset says that it has sent. */
    static void moveSlot(Postgres postgres, String name, JsonNode offset) throws IOException, SQLException {
        String sql = Files.readString(LedgerSql.projectRoot().resolve("config/sql/after-debezium.sql"))
                .replace(":lsn::", offset.path("lsn").asText() + "::")
                .replace(":'txid'", "'" + offset.path("txId").asText() + "'")
                .replace(":'slot'", "'" + name + "'")
                .replace(":'publication'", "'" + name + "'");
        try (Connection connection = postgres.connect(name);
                Statement statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            row.next();
            assertThat(row.getString(1)).as("for the offset %s", offset).startsWith("The slot ");
        }
    }

    private static void awaitRecords(Kafka kafka, long count) {
        patiently(count + " records").until(() -> !kafka.partitions(TOPIC).isEmpty() && kafka.end(TOPIC) >= count);
    }

    private static List<Integer> ids(Kafka kafka) {
        return kafka.readAll(TOPIC).stream().map(record -> id(record.value())).toList();
    }

    private static int id(byte[] value) {
        try {
            return JSON.readTree(value).at("/payload/after/id").asInt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, String> debezium(Postgres postgres) {
        Map<String, String> settings = debezium(postgres, NAME);
        settings.put("table.include.list", "public.t");
        return settings;
    }

    /** Debezium's connector with a database, slot, publication and prefix of one name. */
    static Map<String, String> debezium(Postgres postgres, String name) {
        Map<String, String> settings = new HashMap<>();
        settings.put("connector.class", BothCaptures.DEBEZIUM_CLASS);
        settings.put("plugin.name", "pgoutput");
        settings.put("database.hostname", postgres.host());
        settings.put("database.port", Integer.toString(postgres.port()));
        settings.put("database.user", postgres.user());
        settings.put("database.password", postgres.password());
        settings.put("database.dbname", name);
        settings.put("topic.prefix", name);
        settings.put("slot.name", name);
        settings.put("publication.name", name);
        settings.put("topic.creation.default.partitions", "1");
        settings.put("topic.creation.default.replication.factor", "1");
        settings.put("value.converter", "org.apache.kafka.connect.json.JsonConverter");
        settings.put("value.converter.schemas.enable", "true");
        return settings;
    }

    /** The same but for the class, and no snapshot. */
    private static Map<String, String> ours(Postgres postgres) {
        Map<String, String> settings = debezium(postgres);
        settings.put("connector.class", BothCaptures.OUR_CLASS);
        settings.put("snapshot.mode", "no_data");
        return settings;
    }
}
