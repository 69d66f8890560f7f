package io.ledgerconnect.common.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.apache.kafka.connect.data.Schema;
import org.junit.jupiter.api.Test;

/**
 * Golden bytes of pgvector's {@code vector_send} and {@code halfvec_send}: no server of the tests has the extension.
 */
final class VectorCodecTest {
    private static final String VECTOR = "0003 0000 3f800000 c0200000 00000001";
    private static final String HALF_VECTOR = "0004 0000 3c00 c100 0001 fbff";

    @Test
    void vectorsAreDebeziumsDoubleVectors() throws Exception {
        TypeCodec codec = codec("vector");
        assertThat(codec.schema().build().name()).isEqualTo("io.debezium.data.DoubleVector");
        assertThat(codec.schema().build().valueSchema().type()).isEqualTo(Schema.Type.FLOAT64);
        assertThat(RoundTrip.read(codec, bytes(VECTOR))).isEqualTo(List.of(1.0, -2.5, (double) Float.MIN_VALUE));
    }

    @Test
    void halfVectorsAreDebeziumsFloatVectors() throws Exception {
        TypeCodec codec = codec("halfvec");
        assertThat(codec.schema().build().name()).isEqualTo("io.debezium.data.FloatVector");
        assertThat(codec.schema().build().valueSchema().type()).isEqualTo(Schema.Type.FLOAT32);
        assertThat(RoundTrip.read(codec, bytes(HALF_VECTOR))).isEqualTo(List.of(1.0f, -2.5f, 0x1p-24f, -65504.0f));
    }

    @Test
    void whatIsReadIsWrittenAgain() throws Exception {
        assertThat(rewritten(codec("vector"), VECTOR)).isEqualTo(bytes(VECTOR));
        assertThat(rewritten(codec("halfvec"), HALF_VECTOR)).isEqualTo(bytes(HALF_VECTOR));
    }

    @Test
    void everyNumberOf16BitsIsAFloatAndBack() {
        for (int half = 0; half <= 0xFFFF; half++) {
            float number = HalfFloats.toFloat((short) half);
            if (!Float.isNaN(number)) {
                assertThat(HalfFloats.toHalf(number)).isEqualTo(half);
            }
        }
        assertThat(HalfFloats.toFloat((short) HalfFloats.toHalf(Float.NaN))).isNaN();
    }

    @Test
    void numbersThat16BitsDoNotHoldAreRefused() {
        for (float number : new float[] {0.1f, 65505, 65536, 0x1p-25f, 0x1.8p-24f}) {
            assertThatThrownBy(() -> HalfFloats.toHalf(number)).isInstanceOf(UnwritableValueException.class);
        }
    }

    private static TypeCodec codec(String type) throws UnsupportedTypeException {
        return TypeCodecs.forColumn(PgType.base(99_999, type), -1, Representation.DEFAULT);
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    private static byte[] rewritten(TypeCodec codec, String hex) {
        BinaryWriter out = new BinaryWriter(16);
        byte[] bytes = bytes(hex);
        codec.write(codec.read(ByteBuffer.wrap(bytes), bytes.length), out);
        return Arrays.copyOf(out.array(), out.size());
    }
}
