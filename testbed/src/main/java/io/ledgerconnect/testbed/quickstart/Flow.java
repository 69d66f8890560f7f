package io.ledgerconnect.testbed.quickstart;

import io.ledgerconnect.testbed.ledger.SinkStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/**
 * How far payments have come at one moment.
 *
 * @param payments payments committed in the ledger
 * @param appliedRows row changes that the reporting server has counted; it counts with a second's delay
 * @param lagBytes WAL between where the ledger is and what the reporting store is complete through
 * @param status what the reporting store says; empty before its first watermark
 */
record Flow(long nanos, Instant time, long payments, long appliedRows, long lagBytes, Optional<SinkStatus> status) {
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneOffset.UTC);

    /** One line, with rates since {@code earlier}. */
    String since(Flow earlier, Duration running) {
        double seconds = Math.max(1, nanos - earlier.nanos) / 1e9;
        return "%02d:%02d  %,d payments (%,.0f/s) | %,d row changes applied (%,.0f/s) | %s"
                .formatted(
                        running.toMinutes(),
                        running.toSecondsPart(),
                        payments,
                        (payments - earlier.payments) / seconds,
                        appliedRows,
                        (appliedRows - earlier.appliedRows) / seconds,
                        completeness());
    }

    private String completeness() {
        if (status.isEmpty() || status.get().completeThrough() == null) {
            return "first snapshot";
        }
        Instant completeTime = status.get().completeThroughTime().toInstant();
        double lagSeconds = Math.max(0, Duration.between(completeTime, time).toMillis()) / 1000.0;
        return "lag %s, %.1f s | complete through %s, %s UTC"
                .formatted(bytes(lagBytes), lagSeconds, status.get().completeThrough(), CLOCK.format(completeTime));
    }

    private static String bytes(long bytes) {
        return bytes < 1 << 20 ? "%,d kB".formatted(bytes >> 10) : "%,.1f MB".formatted(bytes / 1048576.0);
    }
}
