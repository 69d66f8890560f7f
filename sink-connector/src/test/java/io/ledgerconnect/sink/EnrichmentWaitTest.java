package io.ledgerconnect.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ledgerconnect.common.envelope.Operation;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import javax.management.ObjectName;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Rows of {@code transfers} wait until {@code accounts} is applied through their position. */
class EnrichmentWaitTest {
    private static final String ACCOUNT = "table.transfers.enrich.account.";
    private static final String ROWS = "SELECT id, account_note, _lsn FROM reporting.transfers ORDER BY _lsn, _ordinal";
    private static final String IDS = "SELECT id FROM reporting.transfers ORDER BY id";

    private static final TopicPartition TRANSFERS = new TopicPartition(FakeSource.topic("transfers"), 0);

    private final ReportingStore store = new ReportingStore();
    private final Topics topics = new Topics();
    private final FakeSource source = new FakeSource(topics, "slot", 0x100, false);

    @AfterEach
    void close() throws Exception {
        store.close();
    }

    private RunningSink sink(String... more) {
        List<String> settings = new ArrayList<>(List.of(ACCOUNT + "missing", "wait", ACCOUNT + "wait.then", "null"));
        settings.addAll(List.of(more));
        return new RunningSink(store, topics, EnrichmentTest.settings(settings.toArray(String[]::new)));
    }

    /** A watermark tells of what was committed before its address. */
    private void toldThrough(long lsn) {
        source.watermark(lsn + 1);
    }

    /** Accounts are enriched by branches, and wait for them. */
    private RunningSink chain(String... more) {
        List<String> settings = new ArrayList<>(List.of(more));
        String branch = "table.accounts.enrich.branch.";
        settings.addAll(List.of("table.branches.mode", "history", "table.accounts.enrich", "branch"));
        settings.addAll(List.of(branch + "table", "branches", branch + "on", "amount = id"));
        settings.addAll(List.of(branch + "columns", "note as branch_note", branch + "missing", "wait"));
        return sink(settings.toArray(String[]::new));
    }

    private void account(long lsn, Operation operation, long id, String note) {
        source.transaction(lsn).write("accounts", 0, operation, id, null, note);
    }

    /** Reads these topics for some polls. */
    private static void read(RunningSink sink, String... tables) {
        List<String> names = IntStream.range(0, tables.length)
                .mapToObj(i -> tables[i].equals("watermarks") ? "ledger.watermarks" : FakeSource.topic(tables[i]))
                .toList();
        sink.reading(partitions -> partitions.stream()
                .filter(partition -> names.contains(partition.topic()))
                .toList());
        for (int i = 0; i < 4; i++) {
            sink.putOnce(sink.poll());
        }
    }

    private boolean hasRows() {
        return "t".equals(store.value("SELECT to_regclass('reporting.transfers') IS NOT NULL"))
                && !store.rows(IDS).isEmpty();
    }

    @Test
    void rowsWaitForTheDimension() {
        account(0x200, Operation.CREATE, 7, "old");
        source.transaction(0x210).insert(1, 7);
        account(0x220, Operation.UPDATE, 7, "new");
        source.transaction(0x230).insert(2, 7);
        toldThrough(0x230);
        try (RunningSink sink = sink()) {
            read(sink, "transfers");
            assertThat(hasRows()).as("nothing is known of accounts").isFalse();
            read(sink, "transfers", "watermarks");
            assertThat(hasRows()).as("accounts are behind").isFalse();
            read(sink, "accounts");
            read(sink, "transfers");
        }
        assertThat(store.rows(ROWS)).containsExactly("1|old|0/210", "2|new|0/230");
    }

    @Test
    void rowsWaitForTheWatermarkThatTellsThatTheDimensionHasNoMore() {
        account(0x200, Operation.CREATE, 7, "old");
        source.transaction(0x210).insert(1, 7);
        toldThrough(0x210);
        source.transaction(0x220).insert(2, 7);
        try (RunningSink sink = sink()) {
            read(sink, "accounts", "transfers", "watermarks");
            assertThat(store.rows(IDS)).containsExactly("1");
            toldThrough(0x220);
            read(sink, "accounts", "transfers", "watermarks");
        }
        assertThat(store.rows(IDS)).containsExactly("1", "2");
    }

    @Test
    void othersGoOnMeanwhileAndNothingIsLostByARestart() {
        account(0x200, Operation.CREATE, 7, "old");
        source.transaction(0x210).insert(1, 7);
        source.write("audits", 0, Operation.CREATE, 1, 1L, "n");
        toldThrough(0x210);
        try (RunningSink sink = sink()) {
            read(sink, "transfers", "audits", "watermarks");
            assertThat(store.value("SELECT count(*) FROM reporting.audits")).isEqualTo("1");
            assertThat(sink.committed(TRANSFERS)).isZero();
            assertThat(sink.position(TRANSFERS)).isZero();
        }
        try (RunningSink sink = sink()) {
            sink.drain();
        }
        assertThat(store.rows(ROWS)).containsExactly("1|old|0/210");
        assertThat(store.value("SELECT gap FROM ledger_connect.status")).isNullOrEmpty();
    }

    @Test
    void rowsOfASnapshotWaitForItsEnd() {
        FakeSource withSnapshot = new FakeSource(topics, "other", 0x100, true);
        withSnapshot.write("accounts", 0, Operation.READ, 7, null, "old");
        withSnapshot.write("transfers", 0, Operation.READ, 1, 7L, "n");
        try (RunningSink sink = sink()) {
            read(sink, "transfers", "accounts", "watermarks");
            assertThat(hasRows()).isFalse();
            withSnapshot.watermark(0x100);
            read(sink, "transfers", "accounts", "watermarks");
        }
        assertThat(store.rows("SELECT id, account_note FROM reporting.transfers"))
                .containsExactly("1|old");
    }

    private void standStill(RunningSink sink) {
        account(0x180, Operation.CREATE, 9, "first");
        source.transaction(0x190).insert(100, 9);
        toldThrough(0x190);
        sink.drain();
        account(0x200, Operation.CREATE, 7, "old");
        source.transaction(0x210).insert(1, 7);
        toldThrough(0x210);
        read(sink, "transfers", "watermarks");
        sink.context.pass(Duration.ofSeconds(8));
        read(sink, "transfers");
        assertThat(store.rows(IDS)).containsExactly("100");
        sink.context.pass(Duration.ofSeconds(3));
        read(sink, "transfers");
    }

    @Test
    void rowsAreWrittenWithoutWhenTheDimensionHasStoodTooLong() {
        try (RunningSink sink = sink(ACCOUNT + "wait.max.ms", "10000")) {
            standStill(sink);
            assertThat(store.rows(IDS)).containsExactly("1", "100");
            sink.reading(partitions -> partitions).drain();
            source.transaction(0x220).insert(2, 7);
            toldThrough(0x220);
            sink.drain();
        }
        assertThat(store.rows(ROWS))
                .as("null keeps what was found")
                .containsExactly("100|first|0/190", "1||0/210", "2|old|0/220");
    }

    @Test
    void rowsThatWaitedTooLongAreRepaired() {
        try (RunningSink sink = sink(ACCOUNT + "wait.max.ms", "10000", ACCOUNT + "wait.then", "repair")) {
            standStill(sink);
            assertThat(store.rows(IDS)).containsExactly("1", "100");
            sink.reading(partitions -> partitions).drain();
        }
        assertThat(store.rows(ROWS)).containsExactly("100|first|0/190", "1|old|0/210");
    }

    @Test
    void rowsThatWaitedInVainAreRefused() {
        account(0x200, Operation.CREATE, 7, "old");
        source.transaction(0x210).insert(1, 7);
        source.insert(2, 8);
        toldThrough(0x210);
        try (RunningSink sink = sink(ACCOUNT + "wait.then", "quarantine", "errors.tolerance", "all")) {
            read(sink, "transfers", "watermarks");
            read(sink, "accounts");
            sink.reading(partitions -> partitions).drain();
        }
        assertThat(store.rows(ROWS)).containsExactly("1|old|0/210");
        assertThat(store.rows("SELECT lsn, ordinal FROM ledger_connect.quarantine"))
                .containsExactly("0/210|2");
    }

    /** Only the time counts in which it stands still: a dimension that catches up is waited for. */
    @Test
    void dimensionThatMovesIsWaitedFor() {
        for (int i = 0; i < 6; i++) {
            account(0x200 + i, i == 0 ? Operation.CREATE : Operation.UPDATE, 7, "note " + i);
            toldThrough(0x200 + i);
        }
        source.transaction(0x210).insert(1, 7);
        toldThrough(0x210);
        try (RunningSink sink = sink(ACCOUNT + "wait.max.ms", "10000")) {
            read(sink, "transfers", "watermarks");
            TopicPartition accounts = new TopicPartition(FakeSource.topic("accounts"), 0);
            for (int i = 0; i < 6; i++) {
                sink.context.pass(Duration.ofSeconds(6));
                sink.pollRecords(1).reading(partitions -> List.of(accounts)).putOnce(sink.poll());
                assertThat(hasRows()).as("after " + i).isFalse();
                if (i < 5) {
                    read(sink, "transfers");
                }
            }
            sink.pollRecords(100);
            read(sink, "transfers");
        }
        assertThat(store.rows(ROWS)).containsExactly("1|note 5|0/210");
    }

    @Test
    void waitsAreChained() {
        source.transaction(0x200).write("branches", 0, Operation.CREATE, 9, null, "north");
        source.write("accounts", 0, Operation.CREATE, 7, 9L, "old");
        source.insert(1, 7);
        toldThrough(0x200);
        try (RunningSink sink = chain()) {
            read(sink, "transfers", "accounts", "watermarks");
            assertThat(hasRows()).isFalse();
            read(sink, "branches");
            read(sink, "accounts");
            read(sink, "transfers");
        }
        assertThat(store.rows(ROWS)).containsExactly("1|old|0/200");
        assertThat(store.rows("SELECT branch_note FROM reporting.accounts")).containsExactly("north");
    }

    @Test
    void recordsWithoutPositionsDoNotWait() {
        new FakeDebezium(topics).insert(0x110, 1, 7);
        try (RunningSink sink = sink()) {
            read(sink, "transfers");
        }
        assertThat(store.rows(IDS)).containsExactly("1");
    }

    @Test
    void everyPartitionOfTheDimensionCounts() {
        account(0x200, Operation.CREATE, 7, "old");
        source.write("accounts", 1, Operation.CREATE, 8, null, "other");
        source.transaction(0x210).insert(1, 8);
        toldThrough(0x210);
        try (RunningSink sink = sink()) {
            sink.reading(partitions -> partitions.stream()
                    .filter(partition -> !partition.equals(new TopicPartition(FakeSource.topic("accounts"), 1)))
                    .toList());
            for (int i = 0; i < 4; i++) {
                sink.putOnce(sink.poll());
            }
            assertThat(hasRows()).isFalse();
            sink.reading(partitions -> partitions).drain();
        }
        assertThat(store.rows(ROWS)).containsExactly("1|other|0/210");
    }

    @Test
    void twoTasksOfWhichEachThinksThatTheOtherIsDead() {
        account(0x200, Operation.CREATE, 7, "old");
        source.transaction(0x210).insert(1, 7);
        toldThrough(0x210);
        try (RunningSink one = sink();
                RunningSink other = sink()) {
            read(one, "transfers", "watermarks");
            read(other, "accounts");
            read(other, "transfers");
            read(one, "transfers");
        }
        assertThat(store.rows(ROWS)).containsExactly("1|old|0/210");
    }

    @Test
    void longWaitIsNoLoss() {
        account(0x200, Operation.CREATE, 7, "old");
        source.transaction(0x210).insert(1, 7);
        toldThrough(0x210);
        try (RunningSink sink = sink(ACCOUNT + "wait.max.ms", "600000")) {
            sink.context.assigned = Set.copyOf(topics.partitions());
            for (int i = 0; i < 4; i++) {
                read(sink, "transfers", "watermarks");
                sink.context.pass(Duration.ofSeconds(20));
                toldThrough(0x211 + i);
            }
            String gap = store.value("SELECT gap FROM ledger_connect.status");
            assertThat(gap).as("accounts bring nothing, which is told").contains("public.accounts");
            assertThat(gap).as("transfers wait").doesNotContain("public.transfers");
        }
    }

    @Test
    void putThatBringsWhatItsRowsWaitForWritesThem() {
        source.transaction(0x200).write("branches", 0, Operation.CREATE, 9, null, "north");
        source.write("accounts", 0, Operation.CREATE, 7, 9L, "old");
        source.insert(1, 7);
        toldThrough(0x200);
        source.transaction(0x210).insert(2, 7);
        try (RunningSink sink = chain("max.batch.rows", "1")) {
            sink.putOnce(sink.poll());
            assertThat(store.rows(ROWS)).containsExactly("1|old|0/200");
            assertThat(store.rows("SELECT branch_note FROM reporting.accounts")).containsExactly("north");
            assertThat(sink.committed(TRANSFERS)).isEqualTo(1);
            assertThat(sink.context.paused).containsExactly(TRANSFERS);
        }
    }

    @Test
    void partitionThatWaitsIsPausedWhereItWaits() {
        account(0x200, Operation.CREATE, 7, "old");
        source.transaction(0x210).insert(1, 7);
        toldThrough(0x210);
        try (RunningSink sink = sink()) {
            read(sink, "transfers", "watermarks");
            assertThat(sink.position(TRANSFERS)).isZero();
            for (int i = 0; i < 5; i++) {
                sink.putOnce(List.of());
                assertThat(sink.context.seeks).as("nothing is fetched again").isEmpty();
                assertThat(sink.context.paused).containsExactly(TRANSFERS);
                assertThat(sink.context.timeoutMillis).isEqualTo(200);
            }
            read(sink, "accounts");
            assertThat(sink.context.paused).isEmpty();
            read(sink, "transfers");
        }
        assertThat(store.rows(ROWS)).containsExactly("1|old|0/210");
    }

    @Test
    void partitionsWaitEachForItself() {
        account(0x200, Operation.CREATE, 7, "old");
        source.transaction(0x210).write("transfers", 1, Operation.CREATE, 1, 7L, "n");
        toldThrough(0x210);
        source.transaction(0x220).write("transfers", 0, Operation.CREATE, 2, 7L, "n");
        source.transaction(0x230).write("transfers", 1, Operation.CREATE, 3, 7L, "n");
        try (RunningSink sink = sink()) {
            sink.putOnce(sink.poll());
            assertThat(store.rows(IDS)).containsExactly("1");
            toldThrough(0x220);
            read(sink, "transfers", "watermarks");
            assertThat(store.rows(IDS)).containsExactly("1", "2");
            toldThrough(0x230);
            read(sink, "transfers", "watermarks");
            assertThat(store.rows(IDS)).containsExactly("1", "2", "3");
        }
    }

    @Test
    void commitAtTheAddressOfAWatermarkIsNotToldOfByIt() {
        source.transaction(0x210).insert(1, 7);
        source.watermark(0x210);
        try (RunningSink sink = sink()) {
            read(sink, "transfers", "watermarks");
            assertThat(hasRows()).isFalse();
            account(0x210, Operation.CREATE, 7, "of the same transaction");
            toldThrough(0x210);
            sink.reading(partitions -> partitions).drain();
        }
        assertThat(store.rows(ROWS)).containsExactly("1|of the same transaction|0/210");
    }

    /** Repeats at the end of a batch do not hide what is new in it. */
    @Test
    void everyChangeOfABatchWaits() {
        account(0x200, Operation.CREATE, 7, "old");
        SinkRecord first = source.transaction(0x210).insert(1, 7);
        toldThrough(0x210);
        try (RunningSink sink = sink()) {
            sink.drain();
            source.transaction(0x220).insert(2, 7);
            topics.repeat(first);
            sink.putOnce(sink.poll());
            assertThat(store.rows(IDS)).containsExactly("1");
        }
    }

    /** Between watermarks the changes of the dimension themselves tell how far it is. */
    @Test
    void dimensionThatIsBehindItsWatermarkIsFollowedChangeByChange() {
        for (int i = 0; i < 4; i++) {
            account(0x200 + i, i == 0 ? Operation.CREATE : Operation.UPDATE, 7, "note " + i);
        }
        source.transaction(0x202).insert(1, 7);
        source.transaction(0x203).insert(2, 7);
        toldThrough(0x203);
        try (RunningSink sink = sink()) {
            read(sink, "transfers", "watermarks");
            sink.pollRecords(1).reading(partitions -> List.of(new TopicPartition(FakeSource.topic("accounts"), 0)));
            for (int i = 0; i < 3; i++) {
                sink.putOnce(sink.poll());
            }
            sink.pollRecords(100);
            read(sink, "transfers");
            assertThat(hasRows()).as("0/202 may go on").isFalse();
            sink.pollRecords(1).reading(partitions -> List.of(new TopicPartition(FakeSource.topic("accounts"), 0)));
            sink.putOnce(sink.poll());
            sink.pollRecords(100);
            read(sink, "transfers");
        }
        assertThat(store.rows(ROWS)).containsExactly("1|note 2|0/202", "2|note 3|0/203");
    }

    @Test
    void timeInWhichNobodyLooksIsNoStandstill() {
        account(0x200, Operation.CREATE, 7, "old");
        source.transaction(0x210).insert(1, 7);
        toldThrough(0x210);
        try (RunningSink sink = sink()) {
            read(sink, "transfers", "watermarks");
            sink.context.pass(Duration.ofHours(1));
            read(sink, "transfers");
            assertThat(hasRows()).as("60 s by default").isFalse();
            for (int i = 0; i < 6; i++) {
                sink.context.pass(Duration.ofSeconds(10));
                read(sink, "transfers");
            }
            assertThat(store.rows(IDS)).containsExactly("1");
        }
    }

    @Test
    void snapshotIsWaitedForHoweverLongItTakes() {
        FakeSource withSnapshot = new FakeSource(topics, "other", 0x100, true);
        for (int id = 1; id <= 4; id++) {
            withSnapshot.write("accounts", 0, Operation.READ, id, null, "of " + id);
        }
        withSnapshot.write("transfers", 0, Operation.READ, 1, 4L, "n");
        try (RunningSink sink = sink(ACCOUNT + "wait.max.ms", "10000")) {
            for (int i = 0; i < 4; i++) {
                read(sink, "transfers");
                sink.context.pass(Duration.ofSeconds(9));
            }
            assertThat(hasRows()).as("the source reads on").isFalse();
            withSnapshot.watermark(0x100);
            read(sink, "watermarks");
            for (int i = 0; i < 4; i++) {
                sink.context.pass(Duration.ofSeconds(9));
                sink.pollRecords(1).reading(partitions -> List.of(new TopicPartition(FakeSource.topic("accounts"), 0)));
                sink.putOnce(sink.poll());
                assertThat(hasRows()).as("accounts are applied").isFalse();
            }
            sink.pollRecords(100);
            read(sink, "transfers");
        }
        assertThat(store.rows("SELECT id, account_note FROM reporting.transfers"))
                .containsExactly("1|of 4");
    }

    @Test
    void rowsFromBeforeTheSettingAreEnrichedWhenTheDimensionHasCaughtUpWithThem() {
        source.transaction(0x180).write("accounts", 0, Operation.CREATE, 8, null, "other");
        try (RunningSink before = new RunningSink(store, topics, Map.of("table.accounts.mode", "history"))) {
            read(before, "accounts");
            source.transaction(0x200).write("accounts", 1, Operation.CREATE, 7, null, "old");
            source.transaction(0x210).insert(1, 7);
            toldThrough(0x210);
            read(before, "transfers");
        }
        source.transaction(0x220).insert(2, 8);
        toldThrough(0x220);
        try (RunningSink sink = sink()) {
            read(sink, "transfers", "watermarks");
            assertThat(store.rows(IDS)).containsExactly("1");
            sink.reading(partitions -> partitions).drain();
        }
        assertThat(store.rows(ROWS)).containsExactly("1|old|0/210", "2|other|0/220");
    }

    @Test
    void rowsFromBeforeTheFirstOfTheDimensionGetItsColumns() {
        source.transaction(0x200).insert(1, 7);
        toldThrough(0x200);
        try (RunningSink sink = sink(ACCOUNT + "default.account_note", "none")) {
            sink.drain();
            assertThat(store.rows(IDS)).containsExactly("1");
            account(0x210, Operation.CREATE, 7, "old");
            sink.drain();
        }
        assertThat(store.rows(ROWS)).containsExactly("1|none|0/200");
    }

    @Test
    void oneTopicWithWhatIsWaitedForIsRefused() {
        account(0x200, Operation.CREATE, 7, "old");
        SinkRecord row = source.transaction(0x210).insert(1, 7);
        topics.delete(row);
        List<Header> headers = new ArrayList<>();
        row.headers().forEach(headers::add);
        topics.append(
                FakeSource.topic("accounts"), 0, row.keySchema(), row.key(), row.valueSchema(), row.value(), headers);
        toldThrough(0x200);
        try (RunningSink sink = sink()) {
            assertThatThrownBy(sink::drain)
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining("both come by the topic ledger.public.accounts")
                    .hasMessageContaining("table.transfers.enrich.account.missing=repair");
        }
    }

    @Test
    void whatIsWaitedForMustBeRead() {
        account(0x200, Operation.CREATE, 7, "old");
        source.transaction(0x210).insert(1, 7);
        toldThrough(0x210);
        try (RunningSink sink = sink("topics.regex", "ledger.*(transfers|watermarks)")) {
            assertThatThrownBy(() -> read(sink, "transfers", "watermarks"))
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining("does not read the topic of public.accounts");
        }
        assertThat(hasRows()).isFalse();
    }

    @Test
    void metricsTellHowLongIsWaited() throws Exception {
        account(0x200, Operation.CREATE, 7, "old");
        source.transaction(0x210).insert(1, 7);
        source.write("transfers", 1, Operation.CREATE, 2, 7L, "n");
        toldThrough(0x210);
        try (RunningSink sink = sink("name", "waiter")) {
            assertThat(metric("dimension-wait-seconds")).isZero();
            read(sink, "transfers", "watermarks");
            sink.context.pass(Duration.ofSeconds(30));
            assertThat(metric("dimension-waits-total")).isEqualTo(2);
            assertThat(metric("dimension-wait-seconds")).isBetween(30.0, 50.0);
            assertThat(metric("records-total")).as("what waits does not count").isEqualTo(1);
            sink.reading(partitions -> partitions).drain();
            assertThat(metric("dimension-wait-seconds")).isZero();
            assertThat(metric("dimension-waits-total")).isEqualTo(2);
            assertThat(metric("records-total")).isEqualTo(4);
        }
    }

    private static double metric(String name) throws Exception {
        return (Double) ManagementFactory.getPlatformMBeanServer()
                .getAttribute(new ObjectName("kafka.connect:type=plugins,connector=waiter,task=0"), name);
    }

    /** Its delete waits, and what that waits for comes between the two. */
    @Test
    void tombstoneDoesNotTakeThePlaceOfItsDelete() {
        account(0x200, Operation.CREATE, 7, "old");
        SinkRecord account = topics.log(new TopicPartition(FakeSource.topic("accounts"), 0))
                .firstEntry()
                .getValue();
        source.transaction(0x210);
        SinkRecord delete = source.send(
                "transfers",
                0,
                Operation.DELETE,
                FakeSource.key(1),
                FakeSource.row(1, 7L, "what it was"),
                null,
                List.of());
        SinkRecord tombstone = source.tombstone(delete);
        SinkRecord watermark = source.watermark(0x220);
        SinkRecord inTheWatermarksBatch = source.write("audits", 0, Operation.CREATE, 1, 1L, "n");
        try (RunningSink sink = sink("table.transfers.mode", "append", "max.batch.rows", "1")) {
            sink.put(List.of(delete, account, watermark, inTheWatermarksBatch, tombstone));
            sink.drain();
        }
        assertThat(store.rows("SELECT id, note, _op FROM reporting.transfers")).containsExactly("1|what it was|d");
    }
}
