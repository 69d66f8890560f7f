package io.ledgerconnect.common.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.ledgerconnect.common.envelope.ContentHash;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.storage.Converter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A content's hash is the same before and after the converters that keep values. */
final class ContentHashThroughJsonTest {
    private static final int SEEDS = 500;

    @ParameterizedTest
    @ValueSource(strings = {"BASE64", "NUMERIC"})
    void isTheSameOnBothSides(String decimals) {
        for (Converter converter : List.of(new JsonConverter(), new LedgerJsonConverter())) {
            converter.configure(Map.of("decimal.format", decimals, "replace.null.with.default", false), false);
            for (int seed = 0; seed < SEEDS; seed++) {
                RandomData data = new RandomData(seed, false);
                Schema type = data.schema();
                Schema schema = SchemaBuilder.struct().field("value", type).build();
                Struct sent = new Struct(schema).put("value", data.value(type));
                byte[] bytes = converter.fromConnectData("topic", schema, sent);
                Struct received =
                        (Struct) converter.toConnectData("topic", bytes).value();
                assertThat(ContentHash.of(null, null, received))
                        .as("%s, seed %d", converter.getClass().getSimpleName(), seed)
                        .isEqualTo(ContentHash.of(null, null, sent));
            }
        }
    }
}
