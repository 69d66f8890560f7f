package io.ledgerconnect.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.ledgerconnect.common.envelope.Operation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tasks that write a dimension while others write the rows that it enriches, batch against batch. */
class EnrichmentRaceTest {
    private static final int TRANSACTIONS = 120;
    private static final int ACCOUNTS = 4;

    /** What each row must have: the accounts' versions as of the row's position. */
    private static final String WRONG = """
            SELECT t.id, t.owner, a.note FROM reporting.transfers t
            LEFT JOIN reporting.accounts a ON a.id = t.amount AND a._lsn <= t._lsn
                AND (a._until_lsn IS NULL OR a._until_lsn > t._lsn)
            WHERE t.owner IS DISTINCT FROM a.note""";

    private final Topics topics = new Topics();

    private static Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>(Map.of("max.batch.rows", "3"));
        settings.put("table.accounts.mode", "history");
        settings.put("table.transfers.enrich", "account");
        settings.put("table.transfers.enrich.account.table", "accounts");
        settings.put("table.transfers.enrich.account.on", "amount = id");
        settings.put("table.transfers.enrich.account.columns", "note as owner");
        settings.put("table.transfers.rollup", "owners");
        settings.put("table.transfers.rollup.owners.table", "owners");
        settings.put("table.transfers.rollup.owners.by", "owner");
        settings.put("table.transfers.rollup.owners.columns", "count(*) as n, max(id) as latest");
        return settings;
    }

    private static Map<String, String> waiting() {
        Map<String, String> settings = settings();
        settings.put("table.transfers.enrich.account.missing", "wait");
        settings.put("table.transfers.enrich.account.wait.then", "null");
        settings.put("table.transfers.enrich.account.wait.max.ms", "86400000");
        return settings;
    }

    private void send(Random random) {
        FakeSource source = new FakeSource(topics, "slot", 0x100, false);
        long id = 0;
        for (int i = 0; i < TRANSACTIONS; i++) {
            source.transaction(0x200 + i * 0x10L);
            long account = random.nextInt(ACCOUNTS);
            if (i < ACCOUNTS) {
                source.write("accounts", i % 2, Operation.CREATE, i, null, "owner " + i);
            } else {
                source.write(
                        "accounts", (int) account % 2, Operation.UPDATE, account, null, "owner " + random.nextInt(6));
            }
            for (int rows = random.nextInt(3); rows > 0; rows--) {
                source.write(
                        "transfers", (int) (id % 2), Operation.CREATE, ++id, (long) random.nextInt(ACCOUNTS), "row");
            }
            if (random.nextInt(4) == 0 || i == TRANSACTIONS - 1) {
                source.watermark(0x201 + i * 0x10L);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void rowsHaveWhatTheyMustHave(long seed) throws Exception {
        race(seed, settings());
    }

    /** Nothing corrects them afterwards, and no lock keeps the tasks apart. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void rowsThatWaitHaveWhatTheyMustHave(long seed) throws Exception {
        race(seed, waiting());
    }

    private void race(long seed, Map<String, String> settings) throws Exception {
        send(new Random(seed));
        try (ReportingStore store = new ReportingStore()) {
            // The tables are there: creating them would keep the tasks apart.
            try (RunningSink first = new RunningSink(store, topics, settings)) {
                first.pollRecords(3).put(first.poll());
            }
            List<CompletableFuture<Void>> tasks = new ArrayList<>();
            for (String table : List.of("accounts", "transfers")) {
                for (int partition = 0; partition < 2; partition++) {
                    List<TopicPartition> own = List.of(
                            new TopicPartition(FakeSource.topic(table), partition),
                            new TopicPartition("ledger.watermarks", 0));
                    tasks.add(CompletableFuture.runAsync(() -> {
                        try (RunningSink sink = new RunningSink(store, topics, settings)) {
                            sink.reading(all -> own).pollRecords(3).drain();
                        }
                    }));
                }
            }
            for (CompletableFuture<Void> task : tasks) {
                task.get();
            }
            assertThat(store.rows(WRONG)).as("seed %d", seed).isEmpty();
            assertThat(store.rows("SELECT owner, n, latest FROM reporting.owners ORDER BY owner"))
                    .isEqualTo(store.rows(
                            "SELECT owner, count(*), max(id) FROM reporting.transfers GROUP BY owner ORDER BY owner"));
            assertThat(store.rows("SELECT count(*) > 80 FROM reporting.transfers"))
                    .containsExactly("t");
        }
    }
}
