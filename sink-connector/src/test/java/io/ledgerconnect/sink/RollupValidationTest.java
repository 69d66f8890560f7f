package io.ledgerconnect.sink;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a worker is told of rollups before anything starts. */
class RollupValidationTest {
    private static final String ROLLUP = "table.transfers.rollup";
    private static final String DAILY = ROLLUP + ".daily.";

    private final ReportingStore store = new ReportingStore();

    @BeforeEach
    void createTables() {
        store.execute("""
                CREATE SCHEMA reporting;
                CREATE TABLE reporting.transfers (
                    id bigint PRIMARY KEY, account bigint, amount numeric(12, 2), rate double precision, note text,
                    delay interval, tags text[], place point, booked_at timestamptz, local_at timestamp, due date,
                    _lsn pg_lsn NOT NULL, _ordinal bigint NOT NULL, _committed_at timestamptz NOT NULL)""");
    }

    @AfterEach
    void close() throws Exception {
        store.close();
    }

    private Map<String, String> properties(String... settings) {
        Map<String, String> more = new HashMap<>(Map.of(
                ROLLUP,
                "daily",
                DAILY + "table",
                "daily_totals",
                DAILY + "by",
                "account, day(booked_at, Asia/Seoul)",
                DAILY + "columns",
                "count(*), sum(amount) as total"));
        for (int i = 0; i < settings.length; i += 2) {
            more.put(settings[i], settings[i + 1]);
        }
        Map<String, String> properties = RunningSink.properties(store, more);
        properties.values().removeIf(String::isEmpty);
        return properties;
    }

    private Map<String, List<String>> errors(String... settings) {
        return new ReportingSinkConnector()
                .validate(properties(settings)).configValues().stream()
                        .filter(value -> !value.errorMessages().isEmpty())
                        .collect(Collectors.toMap(value -> value.name(), value -> value.errorMessages()));
    }

    private void assertError(String setting, String sentence, String... settings) {
        Map<String, List<String>> errors = errors(settings);
        assertThat(errors).containsOnlyKeys(setting);
        assertThat(errors.get(setting)).singleElement().asString().contains(sentence);
    }

    @Test
    void goodSettingsHaveNoErrorsAndLeaveNothingBehind() {
        assertThat(errors(DAILY + "where", "amount > 0 AND note <> 'a;b'")).isEmpty();
        assertThat(
                        store.rows(
                                "SELECT relname FROM pg_class WHERE relname LIKE 'ledger_connect%' OR relname = 'daily_totals'"))
                .isEmpty();
        assertThat(store.rows("SELECT tgname FROM pg_trigger WHERE tgrelid = 'reporting.transfers'::regclass"))
                .isEmpty();
    }

    @Test
    void neededSettingsAreMissed() {
        for (String setting : List.of("table", "by", "columns")) {
            assertError(DAILY + setting, "Missing required", DAILY + setting, "");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "columns;avg(amount);An average is a sum divided by a count",
                "columns;amount;and there are count(*)",
                "columns;sum(*);must name the column of sum",
                "columns;sum(amount), sum(amount);names two columns sum_amount",
                "columns;count(*) as _rows;which the sink keeps itself",
                "columns;sum(total);has no column total",
                "columns;sum(rate);would depend on the order in which rows come",
                "columns;min(delay);may be equal and look different",
                "columns;last(tags);is an array",
                "columns;sum(amount) as account;also one by which rows are grouped",
                "columns;min(place);min(point) does not exist",
                "by;decade(booked_at, UTC);there are minute, hour, day",
                "by;day(booked_at, Asia/Soul);has no time zone Asia/Soul",
                "by;day(booked_at, +09:00);sign the other way round",
                "by;day(booked_at);depends on a clock",
                "by;day(local_at, UTC);has no time zone, so",
                "by;hour(due);is a date, which has no hour",
                "by;day(amount);is of type numeric, of which there is no day",
                "by;merchant;has no column merchant",
                "by;rate;may be equal and look different",
                "by;account, account;names two columns account",
                "where;amount > 0; DROP TABLE x;has a semicolon",
                "where;random() > 0.5;not immutable",
                "where;(SELECT true);cannot use subquery",
                "where;total > 0;column \"total\" does not exist",
                "where;amount;cannot be asked of rows",
                "color;red;is not a setting of a rollup",
                "table;transfers;give the rollup a table of its own"
            })
    void whatCannotBeIsTold(String line) {
        String setting = line.substring(0, line.indexOf(';'));
        String value = line.substring(line.indexOf(';') + 1, line.lastIndexOf(';'));
        assertError(DAILY + setting, line.substring(line.lastIndexOf(';') + 1), DAILY + setting, value);
    }

    /** Where the triggers look names up; the role's search_path is of no account to them. */
    @Test
    void functionsOfAnotherSchemaNeedItsName() {
        store.execute("CREATE FUNCTION public.counts(numeric) RETURNS boolean IMMUTABLE LANGUAGE sql RETURN $1 > 0");
        assertError(DAILY + "where", "function counts(numeric) does not exist", DAILY + "where", "counts(amount)");
        assertThat(errors(DAILY + "where", "public.counts(amount)")).isEmpty();
    }

    /** A date in another order of its parts would be another one, or none. */
    @Test
    void literalsAreReadAsTheTriggersReadThem() {
        assertError(
                DAILY + "where",
                "date/time field value out of range",
                "connection.url",
                store.url() + "?options=-c%20datestyle=DMY",
                DAILY + "where",
                "due > '31/12/2026'");
        assertThat(errors(DAILY + "where", "due > '2026-12-31'")).isEmpty();
    }

    @Test
    void charactersOfAFixedNumberMayBeAGroup() {
        store.execute("ALTER TABLE reporting.transfers ADD COLUMN currency char(3)");
        assertThat(errors(DAILY + "by", "currency")).isEmpty();
    }

    @Test
    void settingsOfAnUnlistedRollupHaveNoEffect() {
        assertError(ROLLUP + ".weekly.table", "add weekly to " + ROLLUP, ROLLUP + ".weekly.table", "weekly");
    }

    @Test
    void columnsThatTheEnrichmentGivesAreKnown() {
        assertThat(errors("table.transfers.compute.fee", "amount / 100", DAILY + "columns", "sum(fee)"))
                .isEmpty();
    }

    @Test
    void tableThatIsNotThereYetIsNoProblem() {
        store.execute("DROP TABLE reporting.transfers");
        assertThat(errors()).isEmpty();
    }
}
