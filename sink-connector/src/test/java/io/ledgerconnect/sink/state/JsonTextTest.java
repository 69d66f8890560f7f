package io.ledgerconnect.sink.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.junit.jupiter.api.Test;

class JsonTextTest {
    @Test
    void keepsValuesExact() {
        assertThat(JsonText.of(new BigDecimal("0.10"), false)).isEqualTo("\"0.10\"");
        assertThat(JsonText.of(9_007_199_254_740_993L, false)).isEqualTo("9007199254740993");
        assertThat(JsonText.of(Double.NaN, false)).isEqualTo("\"NaN\"");
        assertThat(JsonText.of(new byte[] {0, -1}, false)).isEqualTo("\"AP8=\"");
        assertThat(JsonText.of("a\"\\\0\ud800", false)).isEqualTo("\"a\\\"\\\\\\u0000\\ud800\"");
        assertThat(JsonText.of(null, false)).isNull();
    }

    @Test
    void writesStructuresWithoutPuttingDefaultsForNull() {
        Schema schema = SchemaBuilder.struct()
                .field("a", SchemaBuilder.int32().optional().defaultValue(7).build())
                .field("b", SchemaBuilder.array(Schema.OPTIONAL_STRING_SCHEMA).build())
                .build();
        assertThat(JsonText.of(new Struct(schema).put("a", null).put("b", Arrays.asList("x", null)), false))
                .isEqualTo("{\"a\":null,\"b\":[\"x\",null]}");
        assertThat(JsonText.of(Map.of("k", List.of()), false)).isEqualTo("{\"k\":[]}");
    }
}
