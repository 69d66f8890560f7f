package io.ledgerconnect.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.ledgerconnect.source.config.SourceConfig;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a user sees who validates a configuration over REST: one clear sentence at the right setting. */
class ValidationTest extends ValidationFixture {

    @Test
    void acceptsAConfigurationThatWorks() {
        expectNothing();
    }

    @Test
    void acceptsASettingThatIsNull() {
        settings.put("database.sslcert", null);
        settings.put("transforms", null);
        expectNothing();
    }

    static Stream<Arguments> wrongSettings() {
        return Stream.of(
                Arguments.of("database.port", "70000"),
                Arguments.of("database.sslmode", "sometimes"),
                Arguments.of("topic.prefix", "a b"),
                Arguments.of("slot.name", "Ledger-Slot"),
                Arguments.of("snapshot.mode", "sometimes"),
                Arguments.of("snapshot.max.threads", "0"),
                Arguments.of("table.include.list", "public.(accounts"),
                Arguments.of("column.exclude.list", "[x"),
                Arguments.of("message.key.columns", "public.accounts"),
                Arguments.of("skipped.operations", "x"),
                Arguments.of("decimal.handling.mode", "exact"),
                Arguments.of("time.precision.mode", "nanos"),
                Arguments.of("publication.autocreate.mode", "maybe"),
                Arguments.of("publication.name", " "),
                Arguments.of("watermark.interval.ms", "1"),
                Arguments.of("topic.creation.default.partitions", "three"),
                Arguments.of("topic.creation.default.partitions", "0"),
                Arguments.of("errors.tolerance", "all"),
                Arguments.of("producer.override.acks", "1"),
                Arguments.of("producer.override.max.in.flight.requests.per.connection", "5"));
    }

    @ParameterizedTest
    @MethodSource("wrongSettings")
    void namesTheSettingThatIsWrong(String setting, String value) {
        settings.put(setting, value);
        ValidationErrors.of(settings).expectOne(setting, SECRET);
    }

    @Test
    void refusesRequestsInFlightWithIdempotenceToo() {
        settings.put("producer.override.max.in.flight.requests.per.connection", "5");
        settings.put("producer.override.enable.idempotence", "true");
        expect("producer.override.max.in.flight.requests.per.connection", "Use 1");
    }

    @ParameterizedTest
    @CsvSource({
        "table.includelist, table.include.list",
        "tabel.include.list, table.include.list",
        "skipped.operation, skipped.operations",
        "slot_name, slot.name",
        "databasehostnames, database.hostname"
    })
    void namesASettingThatIsMisspelt(String setting, String meant) {
        settings.put(setting, "public.accounts");
        expect(setting, "There is no setting " + setting + "; did you mean " + meant + "?");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plugin.name",
                "heartbeat.interval.ms",
                "schema.include.list",
                "slot.max.retries",
                "snapshot.fetch.size",
                "task.class",
                "errors.tolerence"
            })
    void leavesOtherUnknownSettingsAlone(String setting) {
        settings.put(setting, "x");
        expectNothing();
    }

    @Test
    void knowsWhatConnectGivesToATask() {
        settings.put("task.class", LedgerSourceTask.class.getName());
        settings.put("plugin.name", "pgoutput");
        assertThat(new SourceConfig(settings).unknownSettings()).containsExactly("plugin.name");
    }

    @ParameterizedTest
    @ValueSource(strings = {"table", "column"})
    void refusesToIncludeAndToExcludeAtOnce(String what) {
        settings.put(what + ".include.list", "public.accounts.*");
        settings.put(what + ".exclude.list", "public.owners.*");
        expect(what + ".exclude.list", what + ".include.list", "Use one");
    }

    @ParameterizedTest
    @ValueSource(strings = {"database.password", "database.port", "slot.name", "database.hostname"})
    void namesAPlaceholderThatTheWorkerLeft(String setting) {
        settings.put(setting, "${env:LEDGER_SETTING}");
        expect(setting, setting + " still holds the placeholder ${env:LEDGER_SETTING}", "config.providers");
    }

    @ParameterizedTest
    @CsvSource({
        "value.converter, org.apache.kafka.connect.storage.StringConverter",
        "value.converter, String",
        "value.converter, org.apache.kafka.connect.converters.ByteArrayConverter",
        "key.converter, org.apache.kafka.connect.storage.StringConverter",
        "key.converter, LongConverter",
        "header.converter, org.apache.kafka.connect.converters.ByteArrayConverter",
        "header.converter, IntegerConverter"
    })
    void namesAConverterThatLosesWhatRecordsHold(String setting, String converter) {
        settings.put(setting, converter);
        expect(setting, converter, "JsonConverter");
    }

    @ParameterizedTest
    @CsvSource({
        "value.converter, io.ledgerconnect.common.json.LedgerJsonConverter",
        "value.converter, io.confluent.connect.avro.AvroConverter",
        "key.converter, org.apache.kafka.connect.json.JsonConverter",
        "header.converter, org.apache.kafka.connect.storage.StringConverter",
        "header.converter, org.apache.kafka.connect.storage.SimpleHeaderConverter"
    })
    void acceptsConvertersThatKeepIt(String setting, String converter) {
        settings.put(setting, converter);
        expectNothing();
    }
}
