package io.ledgerconnect.cli.wait;

import io.ledgerconnect.cli.CommandException;
import io.ledgerconnect.cli.status.PipelineStatus;
import io.ledgerconnect.common.position.Lsn;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.regex.Pattern;

/** Through where everything must be there: a position of the ledger's WAL, or a time by the ledger's clock. */
public sealed interface Through {
    Pattern LSN = Pattern.compile("[0-9A-Fa-f]{1,8}/[0-9A-Fa-f]{1,8}");
    Pattern LOCAL = Pattern.compile("\\d{4}-\\d{2}-\\d{2}([T ]\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,9})?)?)?");

    boolean isReachedBy(PipelineStatus status);

    /** Whether a watermark {@code m} is at or beyond it, with {@link #parameter} as its parameter. */
    String condition();

    String parameter();

    /** A WAL address. */
    record Position(String lsn) implements Through {
        @Override
        public boolean isReachedBy(PipelineStatus status) {
            return status.lsn()
                    .filter(reached -> Long.compareUnsigned(Lsn.parse(reached), Lsn.parse(lsn)) >= 0)
                    .isPresent();
        }

        @Override
        public String condition() {
            return "m.lsn >= ?::pg_lsn";
        }

        @Override
        public String parameter() {
            return lsn;
        }

        @Override
        public String toString() {
            return lsn;
        }
    }

    /** A moment. */
    record Time(Instant instant) implements Through {
        @Override
        public boolean isReachedBy(PipelineStatus status) {
            return status.time().filter(reached -> !reached.isBefore(instant)).isPresent();
        }

        @Override
        public String condition() {
            return "m.committed_at >= ?::timestamptz";
        }

        @Override
        public String parameter() {
            return instant.toString();
        }

        @Override
        public String toString() {
            return instant.toString();
        }
    }

    /**
     * Reads a WAL address, a time with an offset, or a date or time of {@code zone}; a date means its first moment.
     *
     * @param zone may be null
     * @throws CommandException when it is none of these, or no one moment in the zone
     */
    static Through parse(String text, ZoneId zone) {
        if (LSN.matcher(text).matches()) {
            return new Position(Lsn.format(Lsn.parse(text)));
        }
        try {
            if (!LOCAL.matcher(text).matches()) {
                return new Time(OffsetDateTime.parse(text.replace(' ', 'T')).toInstant());
            }
            return new Time(local(text, zone));
        } catch (DateTimeParseException e) {
            throw new CommandException(
                    "--through " + text
                            + " is neither a position such as 0/16B3748 nor a date, a time of a date, or a time"
                            + " with its offset such as 2026-11-26, 2026-11-26T18:00 or 2026-11-26T00:00+09:00.",
                    e);
        }
    }

    private static Instant local(String text, ZoneId zone) {
        if (zone == null) {
            throw new CommandException(
                    "--through " + text + " is another moment in each time zone: give --zone, such as"
                            + " Asia/Seoul, or write an offset behind it.");
        }
        boolean isDate = text.length() == 10;
        if (isDate) {
            return LocalDate.parse(text).atStartOfDay(zone).toInstant();
        }
        LocalDateTime time = LocalDateTime.parse(text.replace(' ', 'T'));
        List<ZoneOffset> offsets = zone.getRules().getValidOffsets(time);
        if (offsets.size() != 1) {
            throw new CommandException("--through " + text
                    + (offsets.isEmpty() ? " does not exist in " : " comes twice in ") + zone
                    + ", where clocks are changed then: write an offset behind it instead.");
        }
        return time.toInstant(offsets.get(0));
    }
}
