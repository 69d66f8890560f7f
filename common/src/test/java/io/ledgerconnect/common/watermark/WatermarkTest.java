package io.ledgerconnect.common.watermark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.ledgerconnect.common.watermark.Watermark.ChannelEnd;
import io.ledgerconnect.common.watermark.Watermark.TableWindow;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.json.JsonConverter;
import org.junit.jupiter.api.Test;

final class WatermarkTest {
    private static final Watermark BUSY = new Watermark(
            "18446744073709551615/my ledger",
            "slot@16B3748",
            0x16B3748,
            true,
            -2,
            -1,
            1_790_000_000_123_456L,
            List.of(
                    new ChannelEnd("slot@16B3748", "public.transfers", "pay.public.transfers", 0, 17),
                    new ChannelEnd("slot.5f@16B3748", "public.transfers", "pay.public.transfers", 0, 3),
                    new ChannelEnd("slot@16B3748", "public.\"é/ü\"", "pay.public.___", 11, Long.MAX_VALUE)),
            List.of(new TableWindow("public.transfers", "9f3c", 17, "ffffffffffffffff")));
    private static final Watermark IDLE = new Watermark("1/l", "s@1", 1, false, 1, 1, 0, List.of(), List.of());

    @Test
    void comesBackFromItsStruct() {
        for (Watermark watermark : List.of(BUSY, IDLE)) {
            Struct struct = watermark.toStruct();
            struct.validate();
            assertThat(Watermark.fromStruct(struct)).isEqualTo(watermark);
        }
    }

    @Test
    void comesBackFromJsonWithSchemas() {
        for (Watermark watermark : List.of(BUSY, IDLE)) {
            SchemaAndValue carried = throughJson(Watermark.SCHEMA, watermark.toStruct());
            assertThat(Watermark.isWatermark(carried.schema())).isTrue();
            assertThat(Watermark.fromStruct((Struct) carried.value())).isEqualTo(watermark);
        }
    }

    private static SchemaAndValue throughJson(Schema schema, Object value) {
        try (JsonConverter converter = new JsonConverter()) {
            converter.configure(Map.of("schemas.enable", true), false);
            return converter.toConnectData("t", converter.fromConnectData("t", schema, value));
        }
    }

    @Test
    void isRecognisedByItsSchemaOnly() {
        assertThat(Watermark.isWatermark(null)).isFalse();
        assertThat(Watermark.isWatermark(Schema.STRING_SCHEMA)).isFalse();
        assertThat(Watermark.isWatermark(Watermark.SCHEMA)).isTrue();
    }

    @Test
    void refusesAVersionItDoesNotKnow() {
        Struct newer = IDLE.toStruct().put("version", 2);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Watermark.fromStruct(newer))
                .withMessageContaining("upgrade the sink connector");
    }

    @Test
    void refusesARecordWithoutItsFields() {
        Schema schema = SchemaBuilder.struct()
                .name(Watermark.SCHEMA_NAME)
                .field("version", Schema.INT32_SCHEMA)
                .build();
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> Watermark.fromStruct(new Struct(schema).put("version", 1)));
    }
}
