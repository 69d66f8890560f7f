package io.ledgerconnect.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A capture that is stopped at any record and goes on gives the records of one that was never stopped. */
class RestartAnywhereTest {
    private static final int TRANSACTIONS = 100;
    private static final int RESTARTS = 7;

    private final JsonConverter converter = new JsonConverter();
    private String database;

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 20261001})
    void repeatsExactlyWhatFollows(long seed) throws Exception {
        converter.configure(Map.of("schemas.enable", "false"), false);
        database = LedgerServer.newDatabase();
        LedgerServer.execute(database, RandomLedger.tables());
        LedgerServer.execute(
                database,
                "CREATE PUBLICATION ledger_connect FOR ALL TABLES",
                "SELECT pg_create_logical_replication_slot('" + database + "_again', 'pgoutput')");
        List<String> once;
        try (RunningTask task = new RunningTask(settings(database));
                Connection connection = LedgerServer.connect(database)) {
            task.pollUntil(RunningTask::isWatermark);
            new RandomLedger(seed, connection).run(TRANSACTIONS);
            once = describe(task.pollThroughNow(database));
            Sequences.expectWhole(task.received);
        }
        List<String> again = describe(withRestarts(new Random(seed), once.size()));
        for (int i = 0; i < Math.min(once.size(), again.size()); i++) {
            assertThat(again.get(i)).as("seed %d, record %d", seed, i).isEqualTo(once.get(i));
        }
        assertThat(again).as("seed %d", seed).hasSameSizeAs(once);
        assertThat(once).hasSizeGreaterThan(300);
    }

    private Map<String, String> settings(String slot) {
        Map<String, String> settings = LedgerServer.settings(database);
        settings.put("slot.name", slot);
        settings.put("snapshot.mode", "no_data");
        settings.put("provide.transaction.metadata", "true");
        settings.put("topic.creation.default.partitions", "3");
        settings.put("watermark.interval.ms", "10");
        return settings;
    }

    /** Stops at random records, also at watermarks, and keeps what a worker would have stored by then. */
    private List<SourceRecord> withRestarts(Random random, int size) throws Exception {
        Map<Map<String, ?>, Map<String, Object>> offsets = new HashMap<>();
        List<SourceRecord> kept = new ArrayList<>();
        for (int i = 0; i < RESTARTS; i++) {
            try (RunningTask task = new RunningTask(settings(database + "_again"), offsets)) {
                int wanted = 1 + random.nextInt(2 * size / RESTARTS);
                int[] polled = {0};
                task.pollUntil(any -> ++polled[0] >= wanted);
                int last = random.nextInt(task.received.size());
                kept.addAll(task.received.subList(0, last + 1));
                task.store(task.received.get(last));
            }
        }
        try (RunningTask task = new RunningTask(settings(database + "_again"), offsets)) {
            task.pollThroughNow(database);
            kept.addAll(task.received);
        }
        return kept.stream().filter(sent -> !RunningTask.isWatermark(sent)).toList();
    }

    private List<String> describe(List<SourceRecord> records) {
        return records.stream().map(this::describe).toList();
    }

    /**
     * Everything but the stream's name, the time of reading, and what was read from the table itself: a value that is
     * stored out of line and did not change with its row's key is as it is when the change is read. So is its digest.
     */
    private String describe(SourceRecord sent) {
        StringBuilder text = new StringBuilder(sent.topic())
                .append('/')
                .append(sent.kafkaPartition())
                .append(' ');
        sent.headers()
                .forEach(header -> text.append(header.key())
                        .append('=')
                        .append(header.value()
                                .toString()
                                .replaceFirst("/" + database + "(_again)?@[0-9a-f]+/", "/stream/"))
                        .append(' '));
        text.append(Objects.hash(sent.keySchema(), sent.valueSchema())).append(' ');
        text.append(json(sent.topic(), sent.keySchema(), sent.key()))
                .append(json(sent.topic(), sent.valueSchema(), sent.value())
                        .replaceFirst("(\"op\":\".\",)\"ts_ms\":\\d+,\"ts_us\":\\d+,\"ts_ns\":\\d+", "$1"));
        if (sent.topic().endsWith(".message")) {
            // One outside of a transaction has the time of what was read before it.
            return text.toString().replaceAll("\\b\\d{13,19}\\b", "time");
        }
        String described = text.toString()
                .replace("ledger.absent=columns/note ", "")
                .replaceFirst(
                        "(\"before\":null,\"after\":\\{\"note\":)\"(n{100,}|__debezium_unavailable_value)\"",
                        "$1\"…\"");
        return described.contains("\"…\"") ? described.replaceFirst("/[0-9a-f]{16} ", "/digest ") : described;
    }

    private String json(String topic, Schema schema, Object value) {
        byte[] json = converter.fromConnectData(topic, schema, value);
        return json == null ? "null" : new String(json, StandardCharsets.UTF_8);
    }
}
