package io.ledgerconnect.common.type;

import static org.assertj.core.api.Assertions.assertThatCode;

import io.ledgerconnect.common.type.Representation.Decimals;
import java.nio.ByteBuffer;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.junit.jupiter.api.Test;

class NumericCodecTest {
    private static final int WITHOUT_MODIFIER = -1;
    private static final int NUMERIC_OID = 1700;

    /** 0.5 as numeric_send writes it: one digit, weight -1, positive, scale 1, and 5000. */
    private static final byte[] ONE_HALF = {0, 1, -1, -1, 0, 0, 0, 1, 0x13, (byte) 0x88};

    private final TypeCodec codec = new NumericCodec(Decimals.PRECISE, WITHOUT_MODIFIER);

    @Test
    void readsWithoutDeclaredScaleIntoTheFieldOfAnOptionalColumn() {
        Schema column =
                codec.schema().parameter("ledger.type", "numeric").optional().build();
        putsIntoAField(codec.reading(column), column, ONE_HALF);
    }

    @Test
    void readsElementsWithoutDeclaredScaleIntoTheFieldOfAnArrayColumn() {
        TypeCodec array = new ArrayCodec(NUMERIC_OID, codec);
        Schema column = array.schema().optional().build();
        ByteBuffer bytes = ByteBuffer.allocate(24 + ONE_HALF.length);
        bytes.putInt(1).putInt(0).putInt(NUMERIC_OID).putInt(1).putInt(1);
        bytes.putInt(ONE_HALF.length).put(ONE_HALF);
        putsIntoAField(array.reading(column), column, bytes.array());
    }

    private static void putsIntoAField(TypeCodec codec, Schema column, byte[] bytes) {
        Struct row = new Struct(SchemaBuilder.struct().field("c", column).build());
        assertThatCode(() -> row.put("c", codec.read(ByteBuffer.wrap(bytes), bytes.length)))
                .doesNotThrowAnyException();
    }
}
