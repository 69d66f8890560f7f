package io.ledgerconnect.common.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ledgerconnect.common.Version;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.storage.Converter;
import org.apache.kafka.connect.storage.HeaderConverter;
import org.junit.jupiter.api.Test;

final class LedgerJsonConverterTest {
    private final CountingConverter helper = new CountingConverter();
    private final LedgerJsonConverter ours = new LedgerJsonConverter(helper);

    @Test
    void aWorkerFindsItForValuesAndForHeaders() {
        assertThat(ServiceLoader.load(Converter.class)).hasAtLeastOneElementOfType(LedgerJsonConverter.class);
        assertThat(ServiceLoader.load(HeaderConverter.class)).hasAtLeastOneElementOfType(LedgerJsonConverter.class);
        assertThat(ours.version()).isEqualTo(Version.VERSION);
    }

    @Test
    void aTombstoneStaysOne() {
        ours.configure(Map.of(), false);
        assertThat(ours.fromConnectData("topic", null, null)).isNull();
        assertThat(ours.toConnectData("topic", null)).isEqualTo(SchemaAndValue.NULL);
    }

    @Test
    void whatHasNoSchemaIsKafkas() {
        ours.configure(Map.of(), false);
        byte[] record = ours.fromConnectData("topic", null, Map.of("a", 1L));
        assertThat(record).asString().isEqualTo("{\"schema\":null,\"payload\":{\"a\":1}}");
        assertThat(ours.toConnectData("topic", record).value()).isEqualTo(Map.of("a", 1L));
    }

    @Test
    void headersAreValues() {
        ours.configure(Map.of("converter.type", "header"));
        byte[] header = ours.fromConnectHeader("topic", "header", Schema.INT64_SCHEMA, 5L);
        assertThat(header).asString().isEqualTo("{\"schema\":{\"type\":\"int64\",\"optional\":false},\"payload\":5}");
        assertThat(ours.toConnectHeader("topic", "header", header))
                .isEqualTo(new SchemaAndValue(Schema.INT64_SCHEMA, 5L));
    }

    @Test
    void numbersThatAreNotFiniteComeBack() {
        ours.configure(Map.of(), false);
        for (double number : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            Schema schema = SchemaBuilder.struct()
                    .field("single", Schema.FLOAT32_SCHEMA)
                    .field("doubles", SchemaBuilder.array(Schema.FLOAT64_SCHEMA).build())
                    .field(
                            "keys",
                            SchemaBuilder.map(Schema.FLOAT64_SCHEMA, Schema.STRING_SCHEMA)
                                    .build())
                    .build();
            Struct value = new Struct(schema)
                    .put("single", (float) number)
                    .put("doubles", List.of(number, 1.5))
                    .put("keys", Map.of(number, "key"));
            byte[] record = ours.fromConnectData("topic", schema, value);
            assertThat(record).isEqualTo(kafkas().fromConnectData("topic", schema, value));
            assertThat(ours.toConnectData("topic", record)).isEqualTo(new SchemaAndValue(schema, value));
            assertThat(((Struct) kafkas().toConnectData("topic", record).value()).get("single"))
                    .as("Kafka's converter loses them")
                    .isEqualTo(0.0f);
        }
    }

    @Test
    void schemasThatAreEqualBecomeOne() {
        ours.configure(Map.of(), false);
        Schema first = read("one", "{\"type\":\"int32\",\"optional\":false}").schema();
        assertThat(read("one", "{\"optional\":false,\"type\":\"int32\"}").schema())
                .isSameAs(first);
        assertThat(read("two", "{\"type\":\"int32\" ,\"optional\":false}").schema())
                .isSameAs(first);
    }

    @Test
    void aSchemaThatChangesWithinATopicIsSeenAtOnce() {
        ours.configure(Map.of(), false);
        assertThat(read("topic", "{\"type\":\"int32\",\"optional\":false}").value())
                .isEqualTo(5);
        assertThat(read("topic", "{\"type\":\"int64\",\"optional\":false}").value())
                .isEqualTo(5L);
        assertThat(read("topic", "{\"type\":\"int8\",\"optional\":true}").value())
                .isEqualTo((byte) 5);
        assertThat(read("topic", "{\"type\":\"int32\",\"optional\":false}").value())
                .isEqualTo(5);
        assertThat(helper.read).isEqualTo(3);
    }

    @Test
    void aTopicKeepsItsLatestSchemas() {
        ours.configure(Map.of(), false);
        readInTurns(RecordReader.SCHEMAS_PER_TOPIC);
        assertThat(helper.read).isEqualTo(RecordReader.SCHEMAS_PER_TOPIC);
        readInTurns(RecordReader.SCHEMAS_PER_TOPIC + 1);
        assertThat(helper.read).isGreaterThan(RecordReader.SCHEMAS_PER_TOPIC * 3);
    }

    @Test
    void asManyTopicsAreKeptAsTheCacheMayHold() {
        ours.configure(Map.of("schemas.cache.size", 2), false);
        for (int turn = 0; turn < 3; turn++) {
            for (String topic : List.of("one", "two", "three")) {
                assertThat(read(topic, "{\"type\":\"int32\",\"optional\":false}")
                                .value())
                        .isEqualTo(5);
            }
        }
        assertThat(helper.read).isEqualTo(9);
    }

    @Test
    void asManySchemasAreWrittenFromMemoryAsTheCacheMayHold() {
        ours.configure(Map.of("schemas.cache.size", 2), false);
        List<Schema> schemas = List.of(Schema.INT64_SCHEMA, Schema.OPTIONAL_INT64_SCHEMA, named("third"));
        List<String> written = new ArrayList<>();
        for (int turn = 0; turn < 3; turn++) {
            schemas.forEach(schema -> written.add(write(ours, schema)));
        }
        assertThat(written.subList(0, 3)).isEqualTo(written.subList(6, 9));
        assertThat(written).first().isEqualTo(write(kafkas(), Schema.INT64_SCHEMA));
        assertThat(helper.translated).isEqualTo(9);
    }

    @Test
    void aSchemaIsTranslatedOnceHoweverManyInstancesItHas() {
        ours.configure(Map.of(), false);
        for (int i = 0; i < 5; i++) {
            write(ours, named("same"));
        }
        assertThat(helper.translated).isEqualTo(1);
    }

    @Test
    void withoutACacheAllIsKafkas() {
        ours.configure(Map.of("schemas.cache.size", 0), false);
        write(ours, Schema.INT64_SCHEMA);
        assertThat(helper.written).isEqualTo(1);
    }

    @Test
    void withAnOptionThatIsNotKnownHereAllIsKafkas() {
        ours.configure(Map.of("schema.content", "{\"type\":\"int64\",\"optional\":false}"), false);
        assertThat(ours.toConnectData("topic", "5".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(new SchemaAndValue(Schema.INT64_SCHEMA, 5L));
        write(ours, Schema.INT64_SCHEMA);
        assertThat(helper.written).isEqualTo(1);
    }

    @Test
    void settingsAreCheckedAsKafkasConverterDoes() {
        assertThatThrownBy(() -> ours.configure(Map.of("decimal.format", "hex"), false))
                .isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> ours.configure(Map.of())).isInstanceOf(ConfigException.class);
    }

    /** Workers before 3.7. */
    @Test
    void whereNullCannotBeKeptItBecomesTheDefault() {
        ConfigDef old = new ConfigDef()
                .define("schemas.enable", ConfigDef.Type.BOOLEAN, true, ConfigDef.Importance.HIGH, "")
                .define("schemas.cache.size", ConfigDef.Type.INT, 1000, ConfigDef.Importance.HIGH, "")
                .define("decimal.format", ConfigDef.Type.STRING, "BASE64", ConfigDef.Importance.LOW, "");
        assertThat(JsonSettings.of(old, Map.of("replace.null.with.default", false)))
                .isEqualTo(new JsonSettings(true, 1000, false, true, true));
    }

    private void readInTurns(int schemas) {
        for (int i = 0; i < 3 * schemas; i++) {
            String schema = "{\"type\":\"int32\",\"optional\":false,\"name\":\"" + i % schemas + "\"}";
            assertThat(read("topic", schema).schema().name()).isEqualTo("" + i % schemas);
        }
    }

    private SchemaAndValue read(String topic, String schema) {
        String record = "{\"schema\":" + schema + ",\"payload\":5}";
        return ours.toConnectData(topic, record.getBytes(StandardCharsets.UTF_8));
    }

    private static String write(Converter converter, Schema schema) {
        return new String(converter.fromConnectData("topic", schema, 5L), StandardCharsets.UTF_8);
    }

    private static Schema named(String name) {
        return SchemaBuilder.int64().name(name).build();
    }

    private static JsonConverter kafkas() {
        JsonConverter kafkas = new JsonConverter();
        kafkas.configure(Map.of(), false);
        return kafkas;
    }
}
