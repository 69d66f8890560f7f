package io.ledgerconnect.common.type;

import java.nio.ByteBuffer;
import java.util.Date;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Time;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.errors.DataException;

/**
 * Dates and times. On the wire, dates are int32 days and timestamps int64 µs since 2000-01-01, times int64 µs since
 * midnight; the largest and smallest numbers stand for the infinities and keep doing so in every numeric
 * representation.
 *
 * <p>A type has several representations; each constant is one of them, and reads and writes that one.
 */
@SuppressWarnings("JavaUtilDate") // Connect's own logical types are defined in terms of it.
enum TemporalCodec implements TypeCodec {
    DATE_DAYS(Kind.DATE, Schema.Type.INT32, "io.debezium.time.Date") {
        @Override
        Object represent(long days) {
            return Math.toIntExact(epochDays(days));
        }

        @Override
        long number(Object value) {
            return days2000((Integer) value);
        }
    },
    DATE_CONNECT(Kind.DATE, Schema.Type.INT32, org.apache.kafka.connect.data.Date.LOGICAL_NAME) {
        @Override
        Object represent(long days) {
            return new Date(epochDays(days) * MILLIS_PER_DAY);
        }

        @Override
        long number(Object value) {
            return days2000(Math.floorDiv(((Date) value).getTime(), MILLIS_PER_DAY));
        }
    },
    TIME_MILLIS(Kind.TIME, Schema.Type.INT32, "io.debezium.time.Time") {
        @Override
        Object represent(long micros) {
            return (int) (micros / 1000);
        }

        @Override
        long number(Object value) {
            return (Integer) value * 1000L;
        }
    },
    TIME_MICROS(Kind.TIME, Schema.Type.INT64, "io.debezium.time.MicroTime") {
        @Override
        Object represent(long micros) {
            return micros;
        }

        @Override
        long number(Object value) {
            return (Long) value;
        }
    },
    TIME_CONNECT(Kind.TIME, Schema.Type.INT32, Time.LOGICAL_NAME) {
        @Override
        Object represent(long micros) {
            return new Date(micros / 1000);
        }

        @Override
        long number(Object value) {
            return micros2000(((Date) value).getTime(), 0);
        }
    },
    TIMESTAMP_MILLIS(Kind.TIMESTAMP, Schema.Type.INT64, "io.debezium.time.Timestamp") {
        @Override
        Object represent(long micros) {
            return epochMillis(micros);
        }

        @Override
        long number(Object value) {
            return micros2000((Long) value, EPOCH_MILLIS_2000);
        }
    },
    TIMESTAMP_MICROS(Kind.TIMESTAMP, Schema.Type.INT64, "io.debezium.time.MicroTimestamp") {
        /** µs since 1970 end before µs since 2000 do: the last 29 years that PostgreSQL knows have no number. */
        @Override
        Object represent(long micros) {
            if (isInfinite(micros)) {
                return micros;
            }
            if (micros >= Long.MAX_VALUE - EPOCH_MICROS_2000) {
                throw new DataException("a timestamp lies after the year 294246, the last that microseconds since 1970"
                        + " can count; correct it in the ledger, or declare the column timestamp(3)");
            }
            return micros + EPOCH_MICROS_2000;
        }

        @Override
        long number(Object value) {
            long micros = (Long) value;
            if (isInfinite(micros)) {
                return micros;
            }
            if (micros <= Long.MIN_VALUE + EPOCH_MICROS_2000) {
                throw outOfRange();
            }
            return micros - EPOCH_MICROS_2000;
        }
    },
    TIMESTAMP_CONNECT(Kind.TIMESTAMP, Schema.Type.INT64, Timestamp.LOGICAL_NAME) {
        @Override
        Object represent(long micros) {
            return new Date(epochMillis(micros));
        }

        @Override
        long number(Object value) {
            return micros2000(((Date) value).getTime(), EPOCH_MILLIS_2000);
        }
    },
    TIMESTAMPTZ(Kind.TIMESTAMPTZ, Schema.Type.STRING, "io.debezium.time.ZonedTimestamp") {
        @Override
        Object represent(long micros) {
            return IsoTimestamps.format(micros, IsoTimestamps.MOST_DECIMALS);
        }

        @Override
        long number(Object value) {
            return IsoTimestamps.parse((String) value);
        }
    };

    private enum Kind {
        DATE,
        TIME,
        TIMESTAMP,
        TIMESTAMPTZ
    }

    static final int EPOCH_DAYS_2000 = 10_957;
    static final long MICROS_PER_DAY = 86_400_000_000L;
    private static final long MILLIS_PER_DAY = 86_400_000L;
    private static final long EPOCH_MILLIS_2000 = EPOCH_DAYS_2000 * MILLIS_PER_DAY;
    private static final long EPOCH_MICROS_2000 = EPOCH_DAYS_2000 * MICROS_PER_DAY;

    private final Kind kind;
    private final Schema.Type type;
    private final String schemaName;

    TemporalCodec(Kind kind, Schema.Type type, String schemaName) {
        this.kind = kind;
        this.type = type;
        this.schemaName = schemaName;
    }

    /** The wire's number → the representation's value. */
    abstract Object represent(long number);

    /** The representation's value → the wire's number. */
    abstract long number(Object value);

    static boolean isInfinite(long number) {
        return number == Long.MAX_VALUE || number == Long.MIN_VALUE;
    }

    private static boolean isInfiniteDay(long days) {
        return days == Integer.MAX_VALUE || days == Integer.MIN_VALUE;
    }

    private static long epochDays(long days2000) {
        return isInfiniteDay(days2000) ? days2000 : days2000 + EPOCH_DAYS_2000;
    }

    private static long days2000(long epochDays) {
        if (isInfiniteDay(epochDays)) {
            return epochDays;
        }
        long days = epochDays - EPOCH_DAYS_2000;
        if (days <= Integer.MIN_VALUE || days >= Integer.MAX_VALUE) {
            throw outOfRange();
        }
        return days;
    }

    private static long epochMillis(long micros2000) {
        return isInfinite(micros2000) ? micros2000 : Math.floorDiv(micros2000, 1000) + EPOCH_MILLIS_2000;
    }

    private static long micros2000(long millis, long epochMillis) {
        if (isInfinite(millis)) {
            return millis;
        }
        try {
            return finite(Math.multiplyExact(Math.subtractExact(millis, epochMillis), 1000L));
        } catch (ArithmeticException e) {
            throw outOfRange();
        }
    }

    /** A number that only happens to be one of those that stand for an infinity is none. */
    private static long finite(long micros) {
        if (isInfinite(micros)) {
            throw outOfRange();
        }
        return micros;
    }

    private static UnwritableValueException outOfRange() {
        return new UnwritableValueException("the date or time is outside what PostgreSQL stores");
    }

    @Override
    public SchemaBuilder schema() {
        return SchemaBuilder.type(type).name(schemaName).version(1);
    }

    @Override
    public Object read(ByteBuffer in, int length) {
        return represent(kind == Kind.DATE ? in.getInt() : in.getLong());
    }

    @Override
    public boolean accepts(Schema schema) {
        for (TemporalCodec codec : values()) {
            if (codec.schemaName.equals(schema.name())) {
                return codec.kind == kind || (kind == Kind.TIMESTAMPTZ && codec == TIMESTAMP_CONNECT);
            }
        }
        return false;
    }

    /** The constant that writes values of a schema which {@link #accepts} admits. */
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
        long number = number(value);
        if (kind == Kind.DATE) {
            out.putInt((int) number);
        } else {
            out.putLong(number);
        }
    }
}
