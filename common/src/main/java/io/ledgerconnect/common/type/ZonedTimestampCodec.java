package io.ledgerconnect.common.type;

import java.nio.ByteBuffer;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;

/**
 * {@code timestamptz(p)} of fewer decimals of a second than six; the text has as many as the column declares.
 *
 * @param decimals from 0 to 5
 */
record ZonedTimestampCodec(int decimals) implements TypeCodec {
    static TypeCodec of(int precision) {
        return precision < 0 || precision >= IsoTimestamps.MOST_DECIMALS
                ? TemporalCodec.TIMESTAMPTZ
                : new ZonedTimestampCodec(precision);
    }

    @Override
    public SchemaBuilder schema() {
        return TemporalCodec.TIMESTAMPTZ.schema();
    }

    @Override
    public Object read(ByteBuffer in, int length) {
        return IsoTimestamps.format(in.getLong(), decimals);
    }

    @Override
    public boolean accepts(Schema schema) {
        return TemporalCodec.TIMESTAMPTZ.accepts(schema);
    }

    @Override
    public void write(Object value, BinaryWriter out) {
        TemporalCodec.TIMESTAMPTZ.write(value, out);
    }
}
