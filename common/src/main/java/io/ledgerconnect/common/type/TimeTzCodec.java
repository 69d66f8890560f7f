package io.ledgerconnect.common.type;

import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.ZoneOffset;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;

/**
 * {@code timetz}: int64 µs since midnight, int32 seconds west of Greenwich on the wire. As text with its own offset,
 * {@code 12:34:56.789+01:00}: PostgreSQL tells apart equal moments of different offsets, so neither is dropped.
 */
enum TimeTzCodec implements TypeCodec {
    TIMETZ;

    static final String SCHEMA_NAME = "io.debezium.time.ZonedTime";
    private static final int SHORTEST_TIME = 8;

    @Override
    public SchemaBuilder schema() {
        return SchemaBuilder.string().name(SCHEMA_NAME).version(1);
    }

    @Override
    public Object read(ByteBuffer in, int length) {
        StringBuilder text = ClockText.append(new StringBuilder(21), in.getLong());
        return text.append(ZoneOffset.ofTotalSeconds(-in.getInt()).getId()).toString();
    }

    @Override
    public boolean accepts(Schema schema) {
        return SCHEMA_NAME.equals(schema.name());
    }

    @Override
    public void write(Object value, BinaryWriter out) {
        String text = (String) value;
        int offset = SHORTEST_TIME;
        while (offset < text.length() && "Z+-".indexOf(text.charAt(offset)) < 0) {
            offset++;
        }
        try {
            int east = ZoneOffset.of(text.substring(Math.min(offset, text.length())))
                    .getTotalSeconds();
            out.putLong(ClockText.parse(text, 0, offset));
            out.putInt(-east);
        } catch (DateTimeException e) {
            throw new UnwritableValueException("the text is not a time with an offset such as 12:34:56+01:00", e);
        }
    }
}
