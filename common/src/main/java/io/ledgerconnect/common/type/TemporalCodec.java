package io.ledgerconnect.common.type;

import java.nio.ByteBuffer;
import java.util.Date;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Time;
import org.apache.kafka.connect.data.Timestamp;

/**
 * Dates and times. On the wire, dates are int32 days and timestamps int64 µs since 2000-01-01, times int64 µs since
 * midnight; the largest and smallest numbers stand for the infinities and keep doing so in every numeric
 * representation.
 *
 * <p>A type has several representations; each constant is one of them, and writes any that {@link #accepts} admits.
 */
@SuppressWarnings("JavaUtilDate") // Connect's own logical types are defined in terms of it.
enum TemporalCodec implements TypeCodec {
    DATE_DAYS(Kind.DATE, Schema.Type.INT32, "io.debezium.time.Date") {
        @Override
        Object represent(long epochDays) {
            return clampToInt(epochDays);
        }
    },
    DATE_CONNECT(Kind.DATE, Schema.Type.INT32, org.apache.kafka.connect.data.Date.LOGICAL_NAME) {
        @Override
        Object represent(long epochDays) {
            return new Date(epochDays * MILLIS_PER_DAY);
        }
    },
    TIME_MILLIS(Kind.TIME, Schema.Type.INT32, "io.debezium.time.Time") {
        @Override
        Object represent(long micros) {
            return (int) (micros / 1000);
        }
    },
    TIME_MICROS(Kind.TIME, Schema.Type.INT64, "io.debezium.time.MicroTime") {
        @Override
        Object represent(long micros) {
            return micros;
        }
    },
    TIME_CONNECT(Kind.TIME, Schema.Type.INT32, Time.LOGICAL_NAME) {
        @Override
        Object represent(long micros) {
            return new Date(micros / 1000);
        }
    },
    TIMESTAMP_MILLIS(Kind.TIMESTAMP, Schema.Type.INT64, "io.debezium.time.Timestamp") {
        @Override
        Object represent(long epochMicros) {
            return isInfinite(epochMicros) ? epochMicros : Math.floorDiv(epochMicros, 1000);
        }
    },
    TIMESTAMP_MICROS(Kind.TIMESTAMP, Schema.Type.INT64, "io.debezium.time.MicroTimestamp") {
        @Override
        Object represent(long epochMicros) {
            return epochMicros;
        }
    },
    TIMESTAMP_CONNECT(Kind.TIMESTAMP, Schema.Type.INT64, Timestamp.LOGICAL_NAME) {
        @Override
        Object represent(long epochMicros) {
            return new Date(isInfinite(epochMicros) ? epochMicros : Math.floorDiv(epochMicros, 1000));
        }
    },
    TIMESTAMPTZ(Kind.TIMESTAMPTZ, Schema.Type.STRING, "io.debezium.time.ZonedTimestamp") {
        @Override
        Object represent(long epochMicros) {
            return IsoTimestamps.format(epochMicros);
        }
    };

    private enum Kind {
        DATE,
        TIME,
        TIMESTAMP,
        TIMESTAMPTZ
    }

    static final long MILLIS_PER_DAY = 86_400_000L;
    private static final int EPOCH_DAYS_2000 = 10_957;
    private static final long EPOCH_MICROS_2000 = EPOCH_DAYS_2000 * MILLIS_PER_DAY * 1000;

    private final Kind kind;
    private final Schema.Type type;
    private final String schemaName;

    TemporalCodec(Kind kind, Schema.Type type, String schemaName) {
        this.kind = kind;
        this.type = type;
        this.schemaName = schemaName;
    }

    /** Days or µs since 1970 (dates, timestamps) or µs since midnight (times) → the representation's value. */
    abstract Object represent(long number);

    static boolean isInfinite(long number) {
        return number == Long.MAX_VALUE || number == Long.MIN_VALUE;
    }

    @Override
    public SchemaBuilder schema() {
        return SchemaBuilder.type(type).name(schemaName).version(1);
    }

    @Override
    public Object read(ByteBuffer in, int length) {
        return represent(
                switch (kind) {
                    case DATE -> epochDays(in.getInt());
                    case TIME -> in.getLong();
                    case TIMESTAMP, TIMESTAMPTZ -> epochMicros(in.getLong());
                });
    }

    private static long epochDays(int days) {
        return days == Integer.MAX_VALUE || days == Integer.MIN_VALUE ? days : (long) days + EPOCH_DAYS_2000;
    }

    private static int clampToInt(long epochDays) {
        return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, epochDays));
    }

    private static long epochMicros(long micros) {
        return isInfinite(micros) ? micros : micros + EPOCH_MICROS_2000;
    }

    @Override
    public boolean accepts(Schema schema) {
        String name = schema.name();
        if (name == null) {
            return false;
        }
        return switch (kind) {
            case DATE -> name.equals(DATE_DAYS.schemaName) || name.equals(DATE_CONNECT.schemaName);
            case TIME ->
                name.equals(TIME_MILLIS.schemaName)
                        || name.equals(TIME_MICROS.schemaName)
                        || name.equals(TIME_CONNECT.schemaName);
            case TIMESTAMP ->
                name.equals(TIMESTAMP_MILLIS.schemaName)
                        || name.equals(TIMESTAMP_MICROS.schemaName)
                        || name.equals(TIMESTAMP_CONNECT.schemaName);
            case TIMESTAMPTZ -> name.equals(TIMESTAMPTZ.schemaName) || name.equals(TIMESTAMP_CONNECT.schemaName);
        };
    }

    /** The constant whose representation {@code schema} is; {@link #write} must be called on that one. */
    static TemporalCodec named(String schemaName) {
        for (TemporalCodec codec : values()) {
            if (codec.schemaName.equals(schemaName)) {
                return codec;
            }
        }
        throw new IllegalArgumentException(schemaName);
    }

    @Override
    public void write(Object value, BinaryWriter out) {
        switch (this) {
            case DATE_DAYS -> writeDays((Integer) value, out);
            case DATE_CONNECT -> writeDays(Math.floorDiv(((Date) value).getTime(), MILLIS_PER_DAY), out);
            case TIME_MILLIS -> out.putLong((Integer) value * 1000L);
            case TIME_MICROS -> out.putLong((Long) value);
            case TIME_CONNECT -> out.putLong(((Date) value).getTime() * 1000);
            case TIMESTAMP_MILLIS -> writeMicros(microsOf((Long) value), out);
            case TIMESTAMP_MICROS -> writeMicros((Long) value, out);
            case TIMESTAMP_CONNECT -> writeMicros(microsOf(((Date) value).getTime()), out);
            case TIMESTAMPTZ -> writeMicros(IsoTimestamps.parse((String) value), out);
        }
    }

    private static long microsOf(long millis) {
        return isInfinite(millis) ? millis : Math.multiplyExact(millis, 1000L);
    }

    private static void writeDays(long epochDays, BinaryWriter out) {
        boolean infinite = epochDays == Integer.MAX_VALUE || epochDays == Integer.MIN_VALUE;
        out.putInt((int) (infinite ? epochDays : epochDays - EPOCH_DAYS_2000));
    }

    private static void writeMicros(long epochMicros, BinaryWriter out) {
        out.putLong(isInfinite(epochMicros) ? epochMicros : Math.subtractExact(epochMicros, EPOCH_MICROS_2000));
    }
}
