package io.ledgerconnect.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every kind of record passes a converter of a worker. */
class RecordsInConvertersTest {
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void everyKindOfRecordPassesTheJsonConverter(boolean schemas) throws Exception {
        String database = LedgerServer.newDatabase();
        LedgerServer.execute(
                database,
                "CREATE TABLE accounts (id bigint PRIMARY KEY, balance numeric(20,2) NOT NULL, note text)",
                "INSERT INTO accounts VALUES (1, 1.50, NULL)");
        Map<String, String> settings = LedgerServer.settings(database);
        settings.put("provide.transaction.metadata", "true");
        settings.put("topic.creation.default.partitions", "2");
        try (RunningTask task = new RunningTask(settings)) {
            task.pollUntil(RunningTask::isWatermark);
            LedgerServer.execute(
                    database,
                    "INSERT INTO accounts VALUES (2, 2, 'x')",
                    "UPDATE accounts SET balance = 3",
                    "DELETE FROM accounts WHERE id = 1",
                    "TRUNCATE accounts");
            task.pollThroughNow(database);
            assertThat(task.changes().stream().filter(change -> change.value() == null))
                    .hasSize(1);
            convert(task, schemas);
        }
    }

    private static void convert(RunningTask task, boolean schemas) {
        try (JsonConverter keys = new JsonConverter();
                JsonConverter values = new JsonConverter()) {
            Map<String, String> configuration = Map.of("schemas.enable", Boolean.toString(schemas));
            keys.configure(configuration, true);
            values.configure(configuration, false);
            for (SourceRecord sent : task.received) {
                keys.fromConnectData(sent.topic(), sent.keySchema(), sent.key());
                values.fromConnectData(sent.topic(), sent.valueSchema(), sent.value());
            }
        }
    }
}
