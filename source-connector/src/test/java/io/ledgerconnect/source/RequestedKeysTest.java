package io.ledgerconnect.source;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rows that are asked for by their keys come as they are, and as deletes where the ledger does not have them. */
class RequestedKeysTest {
    private static final int ROWS = 2_000;

    private final Map<Map<String, ?>, Map<String, Object>> offsets = new HashMap<>();
    private String database;
    private Map<String, String> settings;

    @BeforeEach
    void fill() throws Exception {
        database = LedgerServer.newDatabase();
        settings = LedgerServer.settings(database);
        settings.put("topic.creation.default.partitions", "3");
        settings.put("snapshot.mode", "no_data");
        LedgerServer.execute(
                database,
                "CREATE TABLE accounts (id int PRIMARY KEY, v text)",
                "CREATE TABLE entries (id int, code varchar(4), v text, PRIMARY KEY (id, code)) PARTITION BY HASH (id)",
                "CREATE TABLE entries1 PARTITION OF entries FOR VALUES WITH (MODULUS 2, REMAINDER 0)",
                "CREATE TABLE entries2 PARTITION OF entries FOR VALUES WITH (MODULUS 2, REMAINDER 1)",
                "INSERT INTO accounts SELECT i, 'v' FROM generate_series(1, " + ROWS + ") i",
                "INSERT INTO entries SELECT i, 'it''s', 'v' FROM generate_series(1, " + ROWS + ") i");
    }

    private RunningTask started() {
        return new RunningTask(settings, offsets);
    }

    private void ask(String id, String tables) {
        settings.put("snapshot.request.id", id);
        settings.put("snapshot.request.tables", tables);
    }

    private static String json(List<Map<String, String>> keys) throws Exception {
        return new ObjectMapper().writeValueAsString(keys);
    }

    private void pollToTheEnd(RunningTask task, String id) throws Exception {
        task.pollUntil(sent -> isOver(sent, id));
        task.pollThroughNow(database);
    }

    private static boolean isOver(SourceRecord sent, String id) {
        Object requests = sent.sourceOffset().get("snapshot_requests");
        return requests != null
                && Stream.of(requests.toString().split("\\|", -1)[1].split(",", -1))
                        .anyMatch(id::equals);
    }

    private static Map<String, Long> operations(RunningTask task) {
        return task.changes().stream()
                .filter(sent -> sent.value() != null)
                .collect(Collectors.groupingBy(RunningTask::operation, TreeMap::new, Collectors.counting()));
    }

    @Test
    void thoseThatAreThereAreSentAndOthersAreDeleted() throws Exception {
        ask("first", "public.accounts,public.entries");
        settings.put("snapshot.request.keys.public.accounts", "[{\"id\": \"7\"}, {\"id\": 100000}, {\"id\": 8}]");
        settings.put(
                "snapshot.request.keys.public.entries",
                json(List.of(
                        Map.of("code", "it's", "id", "9"),
                        Map.of("code", "else", "id", "9"),
                        Map.of("code", "'\\\"", "id", "10"))));
        try (RunningTask task = started()) {
            pollToTheEnd(task, "first");
            assertThat(operations(task)).containsOnly(Map.entry("r", 3L), Map.entry("d", 3L));
            List<SourceRecord> deletes = task.changes().stream()
                    .filter(sent ->
                            sent.value() != null && RunningTask.operation(sent).equals("d"))
                    .toList();
            assertThat(deletes.get(0).key()).isEqualTo(((Struct) deletes.get(0).key()).put("id", 100_000));
            assertThat(((Struct) deletes.get(0).value()).getStruct("before").get("id"))
                    .isEqualTo(100_000);
            assertThat(deletes.stream().skip(1).map(sent -> ((Struct) sent.key()).get("code")))
                    .containsExactlyInAnyOrder("else", "'\\\"");
            assertThat(task.changes().stream().filter(sent -> sent.value() == null))
                    .as("tombstones")
                    .hasSize(3);
        }
    }

    /** A deletion goes to where the row's other records went. */
    @Test
    void aDeleteHasThePartitionOfItsKey() throws Exception {
        ask("first", "public.accounts");
        settings.put("snapshot.request.keys.public.accounts", json(keys(1, 50)));
        LedgerServer.execute(database, "DELETE FROM accounts WHERE id <= 25");
        try (RunningTask task = started()) {
            pollToTheEnd(task, "first");
            LedgerServer.execute(database, "INSERT INTO accounts SELECT i, 'new' FROM generate_series(1, 25) i");
            task.pollThroughNow(database);
            Map<Object, Integer> partitions = new HashMap<>();
            for (SourceRecord sent : task.changes()) {
                Integer before = partitions.put(sent.key(), sent.kafkaPartition());
                assertThat(before == null ? sent.kafkaPartition() : before).isEqualTo(sent.kafkaPartition());
            }
            assertThat(operations(task)).containsOnly(Map.entry("c", 25L), Map.entry("d", 25L), Map.entry("r", 25L));
        }
    }

    private static List<Map<String, String>> keys(int from, int to) {
        return IntStream.rangeClosed(from, to)
                .mapToObj(id -> Map.of("id", Integer.toString(id)))
                .toList();
    }

    /** Half of the keys have no row at first; rows come and go all the time. */
    @Test
    void areRightWhileRowsAreWrittenAndAfterRestarts() throws Exception {
        LedgerServer.execute(database, "DELETE FROM accounts WHERE id % 2 = 0");
        ask("first", "public.accounts");
        settings.put("snapshot.request.keys.public.accounts", json(keys(1, ROWS)));
        AppliedRows sink = new AppliedRows();
        try (RunningTask task = started()) {
            task.store(task.pollUntil(RunningTask::isWatermark));
            sink.apply(task.received);
        }
        try (Writers writers = new Writers(database, 2, 17, "public.accounts")) {
            for (int i = 0; i < 3; i++) {
                try (RunningTask task = started()) {
                    int most = 300 * (i + 1);
                    task.pollUntil(sent -> task.received.size() > most || isOver(sent, "first"));
                    task.store(task.received.get(task.received.size() - 1));
                    sink.apply(task.received);
                }
            }
            try (RunningTask task = started()) {
                task.pollUntil(sent -> isOver(sent, "first"));
                task.store(task.received.get(task.received.size() - 1));
                sink.apply(task.received);
            }
        }
        try (RunningTask task = started()) {
            task.pollThroughNow(database);
            sink.apply(task.received).expectEqual(database, "public.accounts");
        }
    }

    @Test
    void saysWhyItGivesUp() throws Exception {
        ask("first", "public.accounts");
        settings.put("snapshot.request.keys.public.accounts", "[{\"id\": \"seven\"}]");
        String log = Logged.during(() -> {
            try (RunningTask task = started()) {
                pollToTheEnd(task, "first");
                assertThat(operations(task)).isEmpty();
            }
        });
        assertThat(log)
                .contains("The snapshot 'first' that was asked for is given up at table public.accounts")
                .contains("SQLSTATE 22P02")
                .doesNotContain("seven");
    }
}
