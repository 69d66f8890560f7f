package io.ledgerconnect.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigValue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What validation says of settings of enrichment, each at its setting. */
class EnrichmentValidationTest {
    private static final String ENRICH = "table.transfers.enrich";
    private static final String ACCOUNT = ENRICH + ".account.";

    private final ReportingStore store = new ReportingStore();

    @BeforeEach
    void createTables() {
        store.execute("""
                CREATE SCHEMA reporting;
                CREATE TABLE reporting.accounts (
                    id bigint, branch int, note varchar(20), _lsn pg_lsn NOT NULL, _ordinal bigint NOT NULL,
                    _committed_at timestamptz NOT NULL, _until_lsn pg_lsn, _until_ordinal bigint, _until timestamptz,
                    PRIMARY KEY (id, _lsn, _ordinal));
                CREATE TABLE reporting.branches (id int PRIMARY KEY, name text, region text);
                CREATE TABLE reporting.transfers (
                    id bigint PRIMARY KEY, account bigint, amount bigint, note text, booked_at timestamptz,
                    _lsn pg_lsn NOT NULL, _ordinal bigint NOT NULL, _committed_at timestamptz NOT NULL)""");
    }

    @AfterEach
    void close() throws Exception {
        store.close();
    }

    private Map<String, String> properties(String... settings) {
        Map<String, String> more = new HashMap<>(Map.of(
                "table.accounts.mode",
                "history",
                ENRICH,
                "account",
                ACCOUNT + "table",
                "accounts",
                ACCOUNT + "on",
                "account = id",
                ACCOUNT + "columns",
                "note as account_note"));
        for (int i = 0; i < settings.length; i += 2) {
            more.put(settings[i], settings[i + 1]);
        }
        Map<String, String> properties = RunningSink.properties(store, more);
        properties.values().removeIf(String::isEmpty);
        return properties;
    }

    private Map<String, List<String>> errors(String... settings) {
        Map<String, List<String>> errors = new HashMap<>();
        for (ConfigValue value :
                new ReportingSinkConnector().validate(properties(settings)).configValues()) {
            if (!value.errorMessages().isEmpty()) {
                errors.put(value.name(), value.errorMessages());
            }
        }
        return errors;
    }

    private void assertError(String setting, String sentence, String... settings) {
        Map<String, List<String>> errors = errors(settings);
        assertThat(errors).containsOnlyKeys(setting);
        assertThat(errors.get(setting)).singleElement().asString().contains(sentence);
    }

    @Test
    void goodSettingsHaveNoErrorsAndLeaveNothingBehind() {
        assertThat(errors()).isEmpty();
        assertThat(errors("table.transfers.compute.day", "(booked_at AT TIME ZONE 'Asia/Seoul')::date"))
                .isEmpty();
        assertThat(store.rows("SELECT relname FROM pg_class WHERE relname IN ('r', 'j', 'x')"))
                .isEmpty();
        assertThat(store.rows("SELECT attname FROM pg_attribute WHERE attrelid = 'reporting.transfers'::regclass"
                        + " AND attname IN ('account_note', 'day')"))
                .isEmpty();
    }

    @Test
    void neededSettingsAreMissed() {
        assertError(ACCOUNT + "table", "Missing required", ACCOUNT + "table", "");
        assertError(ACCOUNT + "on", "Missing required", ACCOUNT + "on", "");
        assertError(ACCOUNT + "columns", "Missing required", ACCOUNT + "columns", "");
    }

    @Test
    void settingsAreCheckedForThemselves() {
        assertError(ACCOUNT + "missing", "must be repair, null, quarantine or wait", ACCOUNT + "missing", "drop");
        assertError(ACCOUNT + "color", "is not a setting of an enrichment", ACCOUNT + "color", "red");
        assertError(ACCOUNT + "on", "divided by commas", ACCOUNT + "on", "account = id = id");
        assertError(ACCOUNT + "columns", "names no column", ACCOUNT + "columns", ",");
        assertError(ACCOUNT + "columns", "longer than the 63 bytes", ACCOUNT + "columns", "note as " + "n".repeat(64));
        assertError(ACCOUNT + "valid", "must name two columns", ACCOUNT + "valid", "since");
        assertError(ENRICH + ".merchant.table", "add merchant to " + ENRICH, ENRICH + ".merchant.table", "merchants");
    }

    @Test
    void dimensionsThatAreNotThereAreNamed() {
        assertError(ACCOUNT + "table", "reporting.acounts does not exist", ACCOUNT + "table", "acounts");
        store.execute("DROP TABLE reporting.accounts");
        assertThat(errors()).as("it is created for its first record").isEmpty();
        assertError(
                ACCOUNT + "table",
                "reporting.accounts does not exist",
                "topics.regex",
                "",
                "topics",
                "ledger.public.transfers,ledger.watermarks");
        assertThat(errors("topics.regex", "", "topics", "ledger.public.transfers,ledger.public.accounts"))
                .isEmpty();
    }

    @Test
    void columnsThatAreNotThereAreNamed() {
        assertError(
                ACCOUNT + "on", "reporting.accounts has no column account_id", ACCOUNT + "on", "account=account_id");
        assertError(ACCOUNT + "on", "Rows of reporting.transfers have no column acount", ACCOUNT + "on", "acount = id");
        assertError(ACCOUNT + "columns", "has no column owner", ACCOUNT + "columns", "owner");
        assertError(ACCOUNT + "as.of", "have no column booked", ACCOUNT + "as.of", "booked");
        assertError(
                ACCOUNT + "valid",
                "has no column since",
                ACCOUNT + "as.of",
                "booked_at",
                ACCOUNT + "valid",
                "since, _until");
    }

    @Test
    void columnsOfEarlierEnrichmentsCanBeJoined() {
        String branch = ENRICH + ".branch.";
        String[] settings = {
            ENRICH,
            "account, branch",
            ACCOUNT + "columns",
            "note as account_note, branch as branch_id",
            branch + "table",
            "branches",
            branch + "on",
            "branch_id = id",
            branch + "as.of",
            "current",
            branch + "columns",
            "name as branch_name"
        };
        assertThat(errors(settings)).isEmpty();
        settings[1] = "branch, account";
        assertError(branch + "on", "further back in the list gives it: put that one before", settings);
        settings[1] = "account, branch";
        settings[7] = "account_note = id";
        assertError(branch + "on", "operator does not exist: integer = character varying", settings);
    }

    @Test
    void joinColumnsMustBeComparable() {
        assertError(ACCOUNT + "on", "operator does not exist: bigint = text", ACCOUNT + "on", "note = id");
        assertError(ACCOUNT + "as.of", "operator does not exist", ACCOUNT + "as.of", "amount");
    }

    @Test
    void namesMustBeNew() {
        assertError(ACCOUNT + "columns", "would get two columns n", ACCOUNT + "columns", "note as n, branch as n");
        assertError(
                "table.transfers.compute.account_note",
                "would get two columns account_note, also by " + ACCOUNT + "columns",
                "table.transfers.compute.account_note",
                "1");
        assertError(ACCOUNT + "columns", "a column that the sink writes itself", ACCOUNT + "columns", "note as _lsn");
        assertError(
                ACCOUNT + "default.segment", "segment is not among the columns", ACCOUNT + "default.segment", "none");
    }

    @Test
    void columnsOfHandMadeTablesMustHoldWhatTheDimensionHas() {
        store.execute("ALTER TABLE reporting.transfers ADD account_note varchar(10)");
        assertError(ACCOUNT + "columns", "ALTER COLUMN \"account_note\" TYPE character varying(20)");
        store.execute("ALTER TABLE reporting.transfers ALTER account_note TYPE text");
        assertThat(errors()).isEmpty();
        store.execute("ALTER TABLE reporting.transfers DROP account_note,"
                + " ADD account_note text GENERATED ALWAYS AS (note) STORED");
        assertError(ACCOUNT + "columns", "so it takes none");
    }

    @Test
    void columnsAreOnlyAddedWhenTheyMayBe() {
        assertError("auto.evolve", "lacks columns of its enrichment, [account_note]", "auto.evolve", "false");
    }

    @Test
    void oneRowOfTheDimensionMustBeMeant() {
        assertError(
                ACCOUNT + "on",
                "has no unique index on [name], so several of its rows could be meant",
                ACCOUNT + "table",
                "branches",
                ACCOUNT + "on",
                "note = name",
                ACCOUNT + "as.of",
                "current",
                ACCOUNT + "columns",
                "region");
        assertError(ACCOUNT + "on", "than its key has", ACCOUNT + "on", "account = id, amount = branch");
    }

    @Test
    void timesAndRepairsNeedAHistory() {
        assertError(
                ACCOUNT + "as.of",
                "reporting.branches is not a history table",
                ACCOUNT + "table",
                "branches",
                ACCOUNT + "columns",
                "region");
        assertError(
                ACCOUNT + "missing",
                "set table.reporting.accounts.mode=history",
                "table.accounts.mode",
                "",
                ACCOUNT + "missing",
                "repair");
        assertError(
                ACCOUNT + "missing", "set as.of=position", ACCOUNT + "as.of", "current", ACCOUNT + "missing", "repair");
    }

    @Test
    void enrichedColumnsOfADimensionAreNotPassedOn() {
        assertError(
                ACCOUNT + "columns",
                "region is not of the ledger, but of the enrichment of reporting.accounts",
                ACCOUNT + "columns",
                "region",
                "table.accounts.enrich",
                "branch",
                "table.accounts.enrich.branch.table",
                "branches",
                "table.accounts.enrich.branch.on",
                "branch = id",
                "table.accounts.enrich.branch.as.of",
                "current",
                "table.accounts.enrich.branch.columns",
                "region");
    }

    @Test
    void tableMustBeKnownBeforehand() {
        assertError(ENRICH, "write table.SCHEMA.transfers", "table.name.format", "${schema}.${table}");
    }

    @Test
    void roleMustReadTheDimension() {
        String role = "role_" + store.value("SELECT current_database()");
        store.execute(
                "CREATE ROLE " + role + " LOGIN; GRANT CREATE ON DATABASE " + store.value("SELECT current_database()")
                        + " TO " + role + "; GRANT ALL ON SCHEMA reporting TO " + role
                        + "; GRANT ALL ON ALL TABLES IN SCHEMA reporting TO " + role
                        + "; CREATE SCHEMA ref; CREATE TABLE ref.rates (id bigint PRIMARY KEY, rate numeric)");
        assertError(
                ACCOUNT + "table",
                "GRANT SELECT ON \"ref\".\"rates\" TO " + role,
                "connection.user",
                role,
                ACCOUNT + "table",
                "ref.rates",
                ACCOUNT + "on",
                "account = id",
                ACCOUNT + "as.of",
                "current",
                ACCOUNT + "columns",
                "rate");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1); DROP TABLE reporting.transfers; --",
                "1) FROM pg_temp.r r; DROP TABLE reporting.transfers; SELECT (1",
                "1), (pg_sleep(10)",
                "1 -- comment",
                "1 /* ) */",
                "amount -/**/- 1",
                "'a\\'); DROP TABLE reporting.transfers; --'",
                "E'\\'); DROP TABLE reporting.transfers; --'",
                "$$a$$",
                "$1",
                "'open",
                "\"open",
                "note || \"note\"\"",
                "(1",
                "1)",
                ";",
                "{fn now()}",
                "? + 1",
                "' ' || '\\'",
                " "
            })
    void textThatIsNotOneExpressionIsRefused(String expression) {
        Map<String, List<String>> errors = errors("table.transfers.compute.x", expression);
        assertThat(errors).containsOnlyKeys("table.transfers.compute.x");
        assertThatThrownBy(
                        () -> new ReportingSinkConnector().start(properties("table.transfers.compute.x", expression)))
                .isInstanceOf(ConfigException.class);
        assertThat(store.value("SELECT count(*) FROM reporting.transfers")).isEqualTo("0");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(SELECT 1)",
                "(SELECT note FROM reporting.branches LIMIT 1)",
                "EXISTS (SELECT FROM pg_authid)",
                "ARRAY(SELECT 1)",
                "pg_sleep(10)::text",
                "pg_sleep(10)",
                "random()",
                "now()",
                "count(*)",
                "sum(amount)",
                "row_number() OVER ()",
                "generate_series(1, 3)",
                "booked_at::date",
                "to_char(booked_at, 'YYYY')",
                "nextval('some_sequence')",
                "set_config('role', 'postgres', false)",
                "1, 2",
                "1 AS x",
                "r",
                "r.*",
                "no_such_column",
                "no_such_function(1)",
                "_until_lsn",
                "1/0",
                "DEFAULT",
                "1 UNION SELECT 2",
                "note FROM pg_authid",
                "amount WHERE true"
            })
    void expressionMustBeImmutableAndOfTheRowAlone(String expression) {
        assertError(
                "table.transfers.compute.x",
                "The expression for x of reporting.transfers cannot be computed",
                "table.transfers.compute.x",
                expression);
    }

    @Test
    void expressionMustFitItsColumn() {
        store.execute("ALTER TABLE reporting.transfers ADD x int");
        assertError("table.transfers.compute.x", "is of type", "table.transfers.compute.x", "note || 'x'");
        assertThat(errors("table.transfers.compute.x", "amount + 1")).isEmpty();
    }

    @Test
    void quotesAndParenthesesInExpressionsAreUnderstood() {
        assertThat(errors("table.transfers.compute.x", "coalesce(\"note\", 'it''s ;-) -- ({$?') || (('(') || note)"))
                .isEmpty();
    }

    @Test
    void waitingNeedsWhatCanBeWaitedFor() {
        assertThat(errors(ACCOUNT + "missing", "wait", ACCOUNT + "wait.max.ms", "1000", ACCOUNT + "wait.then", "null"))
                .isEmpty();
        assertError(
                ACCOUNT + "missing", "set as.of=position", ACCOUNT + "missing", "wait", ACCOUNT + "as.of", "current");
        assertError(
                ACCOUNT + "missing",
                "set table.reporting.branches.mode=history, or missing=null",
                ACCOUNT + "missing",
                "wait",
                ACCOUNT + "table",
                "branches",
                ACCOUNT + "on",
                "account = id",
                ACCOUNT + "columns",
                "name as account_note");
        assertError(
                ACCOUNT + "wait.then",
                "has no effect: set table.transfers.enrich.account.missing=wait",
                ACCOUNT + "wait.then",
                "null");
        assertError(
                ACCOUNT + "wait.then",
                "must be repair, null or quarantine",
                ACCOUNT + "missing",
                "wait",
                ACCOUNT + "wait.then",
                "wait");
        assertError(
                ACCOUNT + "wait.max.ms",
                "must be a number of milliseconds",
                ACCOUNT + "missing",
                "wait",
                ACCOUNT + "wait.max.ms",
                "1 minute");
        assertError(
                ACCOUNT + "wait.then",
                "a default would never be taken",
                ACCOUNT + "missing",
                "wait",
                ACCOUNT + "wait.then",
                "quarantine",
                ACCOUNT + "default.account_note",
                "none");
    }

    @Test
    void tablesDoNotWaitForEachOther() {
        Map<String, List<String>> errors = errors(
                "table.transfers.mode",
                "history",
                ACCOUNT + "missing",
                "wait",
                "table.accounts.enrich",
                "transfer",
                "table.accounts.enrich.transfer.table",
                "transfers",
                "table.accounts.enrich.transfer.on",
                "id",
                "table.accounts.enrich.transfer.columns",
                "note as transfer_note",
                "table.accounts.enrich.transfer.missing",
                "wait");
        assertThat(errors.get(ACCOUNT + "missing"))
                .singleElement()
                .asString()
                .contains("rows of reporting.transfers would wait for reporting.accounts, whose rows wait for those of"
                        + " reporting.transfers");
        assertThat(errors).containsKey("table.accounts.enrich.transfer.missing");
    }

    @Test
    void whatIsWaitedForMustBeReadAndToldOf() {
        String[] topics = {"topics.regex", "", "topics", "", ACCOUNT + "missing", "wait"};
        topics[3] = "ledger.public.transfers,ledger.public.accounts,ledger.watermarks";
        assertThat(errors(topics)).isEmpty();
        topics[3] = "ledger.public.transfers,ledger.watermarks";
        assertError(ACCOUNT + "missing", "none of its topics leads to reporting.accounts", topics);
        topics[3] = "ledger.public.transfers,ledger.public.accounts";
        assertError(ACCOUNT + "missing", "add the source's watermark topic", topics);
    }

    @Test
    void tableOfWhatIsWaitedForIsNamedAfterTheLedgersOne() {
        assertThat(errors("table.name.format", "reporting.${topic}", ACCOUNT + "missing", "wait")
                        .get(ACCOUNT + "missing"))
                .singleElement()
                .asString()
                .contains("must know which ledger table fills reporting.accounts");
    }

    @Test
    void tablesDoNotWaitInACircleOfThreeNorForThemselves() {
        Map<String, List<String>> errors = errors(
                "table.transfers.mode",
                "history",
                "table.branches.mode",
                "history",
                ACCOUNT + "missing",
                "wait",
                "table.accounts.enrich",
                "branch",
                "table.accounts.enrich.branch.table",
                "branches",
                "table.accounts.enrich.branch.on",
                "branch = id",
                "table.accounts.enrich.branch.columns",
                "region",
                "table.accounts.enrich.branch.missing",
                "wait",
                "table.branches.enrich",
                "transfer",
                "table.branches.enrich.transfer.table",
                "transfers",
                "table.branches.enrich.transfer.on",
                "id",
                "table.branches.enrich.transfer.columns",
                "note",
                "table.branches.enrich.transfer.missing",
                "wait");
        assertThat(errors.get(ACCOUNT + "missing")).singleElement().asString().contains("would wait for");
        assertThat(errors)
                .containsKeys("table.accounts.enrich.branch.missing", "table.branches.enrich.transfer.missing");
        assertThat(errors(
                                ACCOUNT + "table",
                                "transfers",
                                "table.transfers.mode",
                                "history",
                                ACCOUNT + "missing",
                                "wait")
                        .get(ACCOUNT + "table"))
                .singleElement()
                .asString()
                .contains("would be its own dimension");
    }
}
