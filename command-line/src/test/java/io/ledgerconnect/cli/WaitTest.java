package io.ledgerconnect.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code ledger-connect wait} on a reporting store with the sink's own schema, and the SQL that does the same. */
class WaitTest {
    private final TestDatabase store = TestDatabase.reporting();

    @BeforeEach
    void aPipelineThatIsCompleteThrough200() {
        addStream("slot@100");
        store.execute("INSERT INTO ledger_connect.channel VALUES"
                + " ('pipe', '7345/ledger', 'public.entries', 1, 'slot@100', 20, 'ledger.public.entries', 1, 33)");
        addWatermark("0/200", "2026-11-25 15:00:00Z", 20);
        addWatermark("0/300", "2026-11-25 15:00:10Z", 25);
    }

    @AfterEach
    void close() throws Exception {
        store.close();
    }

    private void addStream(String stream) {
        store.execute("INSERT INTO ledger_connect.stream VALUES ('pipe', '7345/ledger', '" + stream
                + "', '0/100', true, 'active')");
    }

    private void addWatermark(String lsn, String time, long sequence) {
        store.execute("INSERT INTO ledger_connect.watermark VALUES ('pipe', '7345/ledger', 'slot@100', '" + lsn + "', '"
                + time + "', '{slot@100}', '{public.entries}', '{1}', '{" + sequence + "}')");
    }

    private void addGap(long missing) {
        store.execute("INSERT INTO ledger_connect.gap (pipeline, source, channel, partition, stream, missing_sequence,"
                + " after_position, topic, kafka_partition, kafka_offset) VALUES ('pipe', '7345/ledger',"
                + " 'public.entries', 1, 'slot@100', " + missing + ", '0/200 #1', 'ledger.public.entries', 1, 33)");
    }

    private Call await(String through, String... more) {
        List<String> arguments = new ArrayList<>(
                List.of("wait", "--store", store.url(), "--store-user", "postgres", "--through", through));
        arguments.addAll(List.of(more));
        return Call.of(Map.of(), arguments.toArray(String[]::new));
    }

    @Test
    void isOverAtOnceWhereThePositionIsReached() {
        Call call = await("0/200");
        assertThat(call.err()).isEmpty();
        assertThat(call.status()).isEqualTo(0);
        assertThat(call.out())
                .isEqualTo("Pipeline pipe is complete through 0/200, 2026-11-25T15:00:00Z of ledger 7345/ledger.\n");
    }

    @Test
    void isOverAsSoonAsThePositionIsReached() throws Exception {
        CompletableFuture<Call> waiting = CompletableFuture.supplyAsync(() -> await("0/201", "--timeout", "60s"));
        Thread.sleep(500);
        assertThat(waiting).isNotDone();
        store.execute("UPDATE ledger_connect.channel SET sequence = 25");
        assertThat(waiting.get(10, TimeUnit.SECONDS).status()).isEqualTo(0);
    }

    @Test
    void saysHowFarItIsWhenTheTimeIsUp() {
        Call call = await("0/201", "--timeout", "300ms");
        assertThat(call.status()).isEqualTo(1);
        assertThat(call.err())
                .startsWith("Pipeline pipe is not complete through 0/201 of ledger 7345/ledger, only through 0/200,"
                        + " 2026-11-25T15:00:00Z. Waited for 0.3");
        assertThat(await("0/201", "--timeout", "1ms", "--json")
                        .json()
                        .path("result")
                        .asText())
                .isEqualTo("timed_out");
    }

    @Test
    void aClosingIsTheFirstMomentOfADayInItsTimeZone() {
        // 15:00 UTC is midnight in Seoul, where the 26th begins.
        assertThat(await("2026-11-26", "--zone", "Asia/Seoul").status()).isEqualTo(0);
        assertThat(await("2026-11-26T00:00", "--zone", "Asia/Seoul").status()).isEqualTo(0);
        assertThat(await("2026-11-26 00:00+09:00").status()).isEqualTo(0);
        assertThat(await("2026-11-26T00:00:00.001", "--zone", "Asia/Seoul", "--timeout", "1ms")
                        .status())
                .isEqualTo(1);
        assertThat(await("2026-11-26", "--zone", "UTC", "--timeout", "1ms").status())
                .isEqualTo(1);
    }

    @Test
    void aTimeThatIsNoOneMomentIsRefused() {
        Call without = await("2026-11-26");
        assertThat(without.status()).isEqualTo(2);
        assertThat(without.err()).contains("is another moment in each time zone: give --zone");
        assertThat(await("2026-10-25T02:30", "--zone", "Europe/Berlin").err()).contains("comes twice in Europe/Berlin");
        assertThat(await("2026-03-29T02:30", "--zone", "Europe/Berlin").err())
                .contains("does not exist in Europe/Berlin");
        assertThat(await("midnight").err()).contains("--through midnight is neither a position such as 0/16B3748");
        assertThat(await("0/200", "--timeout", "soon").err()).contains("'soon' is no duration such as 30s");
    }

    @Test
    void aGapBeforeThePositionEndsTheWait() {
        addGap(21);
        Call call = await("0/300", "--timeout", "60s");
        assertThat(call.status()).isEqualTo(3);
        assertThat(call.err())
                .contains(
                        "only through 0/200",
                        "It stands before a gap: public.entries partition 1 of stream slot@100:"
                                + " sequence 21 is missing after position 0/200 #1");
    }

    @Test
    void aGapBeyondThePositionDoesNot() {
        addGap(26);
        Call call = await("0/300", "--timeout", "300ms");
        assertThat(call.status()).isEqualTo(1);
        assertThat(await("0/301", "--timeout", "60s").status()).isEqualTo(3);
    }

    @Test
    void aGapThatAnotherStreamMayFillDoesNot() {
        addGap(21);
        addStream("other@180");
        assertThat(await("0/300", "--timeout", "300ms").status()).isEqualTo(1);
    }

    @Test
    void aConnectorThatHasStoppedEndsTheWait() {
        try (FakeWorker worker = new FakeWorker()) {
            worker.connector(
                            "ledger-sink",
                            Map.of(
                                    "connector.class", "io.ledgerconnect.sink.ReportingSinkConnector",
                                    "pipeline.name", "pipe",
                                    "connection.url", store.url(),
                                    "connection.user", "postgres"))
                    .status("ledger-sink", "{\"connector\":{\"state\":\"STOPPED\"},\"tasks\":[]}");
            Call call = Call.of(
                    Map.of(),
                    "wait",
                    "--through",
                    "0/300",
                    "--connect",
                    worker.url(),
                    "--connector",
                    "ledger-sink",
                    "--timeout",
                    "60s");
            assertThat(call.status()).isEqualTo(3);
            assertThat(call.err()).contains("Its connector has stopped: STOPPED, 0 of 0 tasks running");
        }
    }

    @Test
    void aPositionOfOneOfSeveralLedgersNeedsItsName() {
        store.execute("INSERT INTO ledger_connect.stream VALUES ('pipe', '9/other', 'slot@1', '0/1', true, 'active')");
        Call call = await("0/200");
        assertThat(call.status()).isEqualTo(2);
        assertThat(call.err()).contains("has 2 ledgers, and a position means something in one of them only");
        assertThat(await("0/200", "--source", "ledger").status()).isEqualTo(0);
        assertThat(await("0/200", "--source", "7345/ledger").status()).isEqualTo(0);
    }

    /** A time is waited for in all of them. */
    @Test
    void aTimeIsReachedWhenEveryLedgerHasReachedIt() {
        store.execute("INSERT INTO ledger_connect.stream VALUES ('pipe', '9/other', 'slot@1', '0/1', true, 'active')");
        Call call = await("2026-11-25T15:00Z", "--timeout", "1ms");
        assertThat(call.status()).isEqualTo(1);
        assertThat(call.err())
                .contains("of ledger 9/other, only through nothing")
                .doesNotContain("of ledger 7345/ledger");
    }

    @Test
    void aStoreThatRestartsIsWaitedFor() throws Exception {
        CompletableFuture<Call> waiting = CompletableFuture.supplyAsync(() -> await("0/300", "--timeout", "60s"));
        Thread.sleep(500);
        store.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                + " AND datname = current_database()");
        Thread.sleep(500);
        assertThat(waiting).isNotDone();
        store.execute("UPDATE ledger_connect.channel SET sequence = 25");
        assertThat(waiting.get(10, TimeUnit.SECONDS).status()).isEqualTo(0);
    }

    @Test
    void theDocumentedSqlWaitsToo() throws Exception {
        String sql = documentedSql().replace("'reporting'", "'pipe'");
        store.execute(sql.replace("0/5A3B1C8", "0/200"));
        assertThat(failureOf(sql.replace("0/5A3B1C8", "0/201").replace("10 minutes", "300 ms")))
                .contains("not complete through 0/201 in time");
        addGap(21);
        assertThat(failureOf(sql.replace("0/5A3B1C8", "0/201"))).contains("stands before a gap: public.entries");
    }

    private String failureOf(String sql) throws SQLException {
        try (var connection = store.connect();
                var statement = connection.createStatement()) {
            statement.execute(sql);
            return "none";
        } catch (SQLException e) {
            return e.getMessage();
        }
    }

    private static String documentedSql() throws Exception {
        String page = Files.readString(Path.of("../docs/command-line.md"));
        Matcher block = Pattern.compile("```sql\n(DO .*?)```", Pattern.DOTALL).matcher(page);
        assertThat(block.find()).isTrue();
        return block.group(1);
    }
}
