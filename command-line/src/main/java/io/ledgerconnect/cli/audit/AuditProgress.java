package io.ledgerconnect.cli.audit;

import java.io.PrintWriter;
import java.util.Locale;

/** Says on the error output how far an audit is, some seconds apart. Thread-safe. */
final class AuditProgress {
    private static final long INTERVAL_NANOS = 2_000_000_000L;

    private final PrintWriter err;
    private final boolean quiet;
    private long begunNanos = System.nanoTime();
    private long toldNanos = begunNanos;

    AuditProgress(PrintWriter err, boolean quiet) {
        this.err = err;
        this.quiet = quiet;
    }

    synchronized void waitingFor(String position) {
        say("waiting until the reporting store is complete through " + position + " ...");
        begunNanos = System.nanoTime();
    }

    synchronized void compared(TableFindings table) {
        long now = System.nanoTime();
        if (now - toldNanos < INTERVAL_NANOS) {
            return;
        }
        toldNanos = now;
        double seconds = (now - begunNanos) / 1e9;
        long rows = table.ledgerRows();
        long left = Math.max(0, table.table().estimatedRows() - rows);
        say(String.format(
                Locale.ROOT,
                "%s: %,d of about %,d rows, %,.0f rows/s, %.0f s left for this table",
                table.table().name(),
                rows,
                Math.max(rows, table.table().estimatedRows()),
                rows / seconds,
                left * seconds / Math.max(1, rows)));
    }

    private void say(String text) {
        if (!quiet) {
            err.println(text);
            err.flush();
        }
    }
}
