package io.ledgerconnect.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.ledgerconnect.common.position.Lsn;
import io.ledgerconnect.sink.RandomLedger.Capture;
import io.ledgerconnect.sink.RandomLedger.Row;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random histories of a ledger, read by random tasks, against a model. {@code -Drandom.cases=500} runs so many cases;
 * {@code -Drandom.seed=SEED -Drandom.cases=1} repeats the one that a failure names.
 */
class RandomHistoryTest {
    private static final Map<String, String> QUERIES =
            Map.of("upsert", LedgerModel.UPSERT, "append", LedgerModel.APPEND, "history", LedgerModel.HISTORY);

    static LongStream seeds() {
        long first = Long.getLong("random.seed", System.nanoTime());
        return LongStream.range(first, first + Integer.getInteger("random.cases", 8));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void tablesAndViewsAreWhatTheLedgersHistorySays(long seed) throws Exception {
        Random random = new Random(new SplittableRandom(seed).nextLong()); // neighbouring seeds begin alike
        RandomLedger ledger = new RandomLedger(random);
        for (int transactions = 1 + random.nextInt(30); transactions > 0; transactions--) {
            ledger.transaction();
        }
        ledger.end();
        boolean otherKey = ledger.full && random.nextBoolean();
        LedgerModel model = new LedgerModel(ledger.events, otherKey ? Row::amount : Row::id);
        try (ReportingStore store = new ReportingStore()) {
            for (String mode : QUERIES.keySet().stream().sorted().toList()) {
                new Case(seed, store, ledger, model, mode, random).run(otherKey);
            }
        }
    }

    private record Case(
            long seed, ReportingStore store, RandomLedger ledger, LedgerModel model, String mode, Random random) {
        void run(boolean otherKey) {
            Map<String, String> settings = new HashMap<>(
                    Map.of("name", mode, "table.name.format", mode + ".${table}", "complete.views", "true"));
            if (random.nextBoolean()) {
                settings.put("max.batch.rows", Integer.toString(1 + random.nextInt(10)));
            }
            for (String table : RandomLedger.TABLES) {
                settings.put("table." + table + ".mode", mode);
                settings.put("table." + table + ".rollup", "sums");
                settings.put("table." + table + ".rollup.sums.table", table + "_sums");
                settings.put("table." + table + ".rollup.sums.by", "note");
                settings.put(
                        "table." + table + ".rollup.sums.columns",
                        "sum(amount), count(amount), min(amount), max(amount), last(id)");
                if (otherKey && !mode.equals("append")) {
                    settings.put("table." + table + ".key", "amount");
                }
            }
            List<Topics> clusters =
                    ledger.captures.stream().map(Capture::topics).toList();
            try (RandomWorkers workers = new RandomWorkers(store, clusters, settings, random)) {
                for (int steps = random.nextInt(120); steps > 0; steps--) {
                    workers.step();
                    if (random.nextInt(6) == 0) {
                        assertViews();
                    }
                }
                workers.finish();
            }
            assertTables();
            assertViews();
            assertRollups();
            assertThat(store.rows("SELECT quarantined, gap FROM ledger_connect.status WHERE pipeline = '" + mode + "'"))
                    .as("seed %d, %s", seed, mode)
                    .containsExactly("0|");
        }

        private void assertTables() {
            for (String table : RandomLedger.TABLES) {
                assertRows(table, mode + '.' + table, Long.MAX_VALUE);
            }
        }

        /** The tables are what they must be by now, so their sums are. */
        private void assertRollups() {
            String counts = Map.of("upsert", "true", "append", "_op IN ('r', 'c')", "history", "_until_lsn IS NULL")
                    .get(mode);
            for (String table : RandomLedger.TABLES) {
                String relation = mode + '.' + table;
                if (exists(relation)) {
                    assertThat(store.rows(
                                    "SELECT note, _rows, sum_amount, count_amount, min_amount, max_amount, last_id"
                                            + " FROM " + relation + "_sums ORDER BY note"))
                            .as("seed %d, %s_sums", seed, relation)
                            .isEqualTo(store.rows("SELECT note, count(*), coalesce(sum(amount), 0), count(amount),"
                                    + " min(amount), max(amount), (array_agg(id ORDER BY _lsn DESC, _ordinal DESC))[1]"
                                    + " FROM " + relation + " WHERE " + counts + " GROUP BY note ORDER BY note"));
                }
            }
        }

        private void assertViews() {
            if (!exists("ledger_connect.status")) {
                return; // no task has begun yet
            }
            String through = store.value("SELECT coalesce(max(complete_through_lsn), '0/0') FROM ledger_connect.status"
                    + " WHERE pipeline = '" + mode + "'");
            for (String table : RandomLedger.TABLES) {
                if (!mode.equals("upsert")) {
                    assertRows(table, mode + '.' + table + "_complete", Lsn.parse(through));
                }
            }
        }

        /** A table that nothing was written to is not there. */
        private void assertRows(String table, String relation, long throughLsn) {
            String query = QUERIES.get(mode);
            assertThat(exists(relation) ? store.rows(query.formatted(relation)) : List.<String>of())
                    .as("seed %d, %s through %s", seed, relation, Lsn.format(throughLsn))
                    .isEqualTo(model.expected(query, table, throughLsn));
        }

        private boolean exists(String relation) {
            return "t".equals(store.value("SELECT to_regclass('" + relation + "') IS NOT NULL"));
        }
    }
}
