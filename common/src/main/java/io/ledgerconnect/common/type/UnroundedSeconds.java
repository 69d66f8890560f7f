package io.ledgerconnect.common.type;

/**
 * Writes to a column that keeps fewer decimals of a second than six, such as {@code timestamp(3)}. The server would
 * round silently; a value that it would round is refused.
 *
 * @param codec of a type whose binary form begins with int64 µs: time, timetz, timestamp, timestamptz or interval
 * @param unitMicros the smallest unit that the column keeps
 */
record UnroundedSeconds(TypeCodec codec, int precision, long unitMicros) implements CheckedCodec {
    private static final int FULL_PRECISION = 6;

    /** {@code codec} itself where the column keeps all that the type can hold. */
    static TypeCodec of(TypeCodec codec, int precision) {
        if (precision < 0 || precision >= FULL_PRECISION) {
            return codec;
        }
        long unit = 1;
        for (int i = precision; i < FULL_PRECISION; i++) {
            unit *= 10;
        }
        return new UnroundedSeconds(codec, precision, unit);
    }

    @Override
    public void write(Object value, BinaryWriter out) {
        int begin = out.size();
        codec.write(value, out);
        long micros = out.longAt(begin);
        if (micros % unitMicros != 0 && !TemporalCodec.isInfinite(micros)) {
            throw new UnwritableValueException(
                    "the value has more decimals of a second than the " + precision + " that the column keeps");
        }
    }
}
