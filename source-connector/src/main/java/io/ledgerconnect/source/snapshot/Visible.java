package io.ledgerconnect.source.snapshot;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which transactions a state of the database shows, as PostgreSQL's type {@code pg_snapshot} tells it: those numbered
 * below {@code end} that are not {@code hidden}. Immutable.
 *
 * @param end the number after the last one given, of 64 bits
 * @param hidden the lower 32 bits of those below it that were not over
 */
public record Visible(long end, Set<Integer> hidden) {
    private static final long NUMBERS = 1L << Integer.SIZE;

    /**
     * Reads {@code xmin:xmax:xip,…}.
     *
     * @throws IllegalArgumentException when it is something else
     */
    public static Visible parse(String snapshot) {
        String[] fields = snapshot.split(":", -1);
        if (fields.length != 3) {
            throw new IllegalArgumentException("'" + snapshot + "' is no pg_snapshot");
        }
        Set<Integer> hidden = fields[2].isEmpty()
                ? Set.of()
                : Arrays.stream(fields[2].split(",", -1))
                        .map(number -> (int) Long.parseUnsignedLong(number))
                        .collect(Collectors.toUnmodifiableSet());
        return new Visible(Long.parseUnsignedLong(fields[1]), hidden);
    }

    /**
     * Whether it shows a transaction of the last two thousand million.
     *
     * @param number the lower 32 bits of the transaction's number
     */
    public boolean shows(int number) {
        return number - (int) end < 0 && !hidden.contains(number);
    }

    /**
     * Whether a row may be of a transaction that this state does not show and a {@code later} one may.
     *
     * @param writer the lower 32 bits of the number of the transaction that wrote the row
     */
    boolean isFollowedBy(int writer, Visible later) {
        long between = later.end - end;
        return hidden.contains(writer) || between >= NUMBERS || Integer.toUnsignedLong(writer - (int) end) < between;
    }
}
