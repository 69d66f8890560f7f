package io.ledgerconnect.cli.audit;

/** Keeps what is read of the ledger to a number of rows a second. Thread-safe. */
final class Pace {
    private final double nanosPerRow;
    private long freeNanos = System.nanoTime();

    /** @param rowsPerSecond 0 for no limit */
    Pace(int rowsPerSecond) {
        nanosPerRow = rowsPerSecond == 0 ? 0 : 1e9 / rowsPerSecond;
    }

    /** Waits as long as these rows, which were read, should have taken. */
    void read(long rows) throws InterruptedException {
        long wait = nanosUntilFree(rows);
        if (wait > 0) {
            Thread.sleep(wait / 1_000_000, (int) (wait % 1_000_000));
        }
    }

    private synchronized long nanosUntilFree(long rows) {
        long now = System.nanoTime();
        // What was not used in the past is not made up for.
        freeNanos = Math.max(freeNanos, now - (long) (rows * nanosPerRow)) + (long) (rows * nanosPerRow);
        return freeNanos - now;
    }
}
