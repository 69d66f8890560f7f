package io.ledgerconnect.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.ledgerconnect.common.envelope.Operation;
import io.ledgerconnect.common.position.Lsn;
import io.ledgerconnect.sink.RandomLedger.Capture;
import io.ledgerconnect.sink.RandomLedger.Event;
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
 * Random histories of a ledger, read by random tasks: transfers are enriched by accounts, as of their position. What
 * they get depends on the ledger's history alone. For the number of cases and a given one see
 * {@link RandomHistoryTest}.
 */
class RandomEnrichmentTest {
    private static final Map<String, String> QUERIES =
            Map.of("upsert", LedgerModel.UPSERT, "append", LedgerModel.APPEND, "history", LedgerModel.HISTORY);
    private static final String ENRICHED = ", account_id, account_amount, account_note, label FROM";
    private static final String LABEL = "coalesce(account_note, 'none') || ' of ' || coalesce(note, 'none')";

    static LongStream seeds() {
        return RandomHistoryTest.seeds();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void transfersHaveTheirAccountsAsOfTheirPosition(long seed) throws Exception {
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
                new Case(seed, store, ledger, model, mode, otherKey, random).run();
            }
        }
    }

    private record Case(
            long seed,
            ReportingStore store,
            RandomLedger ledger,
            LedgerModel model,
            String mode,
            boolean otherKey,
            Random random) {
        void run() {
            List<Topics> clusters =
                    ledger.captures.stream().map(Capture::topics).toList();
            try (RandomWorkers workers = new RandomWorkers(store, clusters, settings(), random)) {
                for (int steps = random.nextInt(120); steps > 0; steps--) {
                    workers.step();
                    if (random.nextInt(6) == 0 && !mode.equals("upsert")) {
                        assertView();
                    }
                }
                workers.finish();
            }
            assertRows("transfers", Long.MAX_VALUE);
            assertThat(store.rows("SELECT quarantined, gap FROM ledger_connect.status WHERE pipeline = '" + mode + "'"))
                    .as("seed %d, %s", seed, mode)
                    .containsExactly("0|");
        }

        private Map<String, String> settings() {
            String enrich = "table.transfers.enrich";
            Map<String, String> settings = new HashMap<>(Map.of(
                    "name",
                    mode,
                    "table.name.format",
                    mode + ".${table}",
                    "complete.views",
                    "true",
                    "table.accounts.mode",
                    "history",
                    "table.transfers.mode",
                    mode,
                    enrich,
                    "account",
                    enrich + ".account.table",
                    "accounts",
                    enrich + ".account.on",
                    otherKey ? "amount" : "amount = id",
                    enrich + ".account.columns",
                    "id as account_id, amount as account_amount, note as account_note",
                    enrich + ".account.default.account_id",
                    "-1"));
            settings.put("table.transfers.compute.label", LABEL);
            if (random.nextBoolean()) { // then nothing is repaired, and what is found must be right at once
                settings.put(enrich + ".account.missing", "wait");
                settings.put(enrich + ".account.wait.then", "null");
                settings.put(enrich + ".account.wait.max.ms", "86400000");
            }
            if (random.nextBoolean()) {
                settings.put("max.batch.rows", Integer.toString(1 + random.nextInt(10)));
            }
            if (otherKey) {
                settings.put("table.accounts.key", "amount");
                if (!mode.equals("append")) {
                    settings.put("table.transfers.key", "amount");
                }
            }
            return settings;
        }

        private void assertView() {
            if (exists("ledger_connect.status")) {
                String through = store.value("SELECT coalesce(max(complete_through_lsn), '0/0')"
                        + " FROM ledger_connect.status WHERE pipeline = '" + mode + "'");
                assertRows("transfers_complete", Lsn.parse(through));
            }
        }

        /** Without a table of accounts there is nothing of it yet in that of transfers. */
        private void assertRows(String relation, long throughLsn) {
            String query = QUERIES.get(mode);
            boolean enriched = exists(mode + ".accounts");
            String name = mode + '.' + relation;
            assertThat(
                            exists(name)
                                    ? store.rows((enriched ? query.replace(" FROM", ENRICHED) : query).formatted(name))
                                    : List.<String>of())
                    .as("seed %d, %s through %s", seed, name, Lsn.format(throughLsn))
                    .isEqualTo(
                            enriched
                                    ? model.enriched(query, "transfers", throughLsn, this::enrichment)
                                    : model.expected(query, "transfers", throughLsn));
        }

        private String enrichment(Row row, Event event) {
            if (event.operation() == Operation.TRUNCATE) {
                return "|||";
            }
            LedgerModel.Version account = model.asOf("accounts", row.amount(), event.lsn());
            String found = account == null
                    ? "-1||"
                    : account.row().id() + "|" + account.row().amount() + '|'
                            + text(account.row().note(), "");
            String label =
                    (account == null ? "none" : text(account.row().note(), "none")) + " of " + text(row.note(), "none");
            return found + '|' + label;
        }

        private static String text(String note, String otherwise) {
            return note == null ? otherwise : note;
        }

        private boolean exists(String relation) {
            return "t".equals(store.value("SELECT to_regclass('" + relation + "') IS NOT NULL"));
        }
    }
}
