package io.ledgerconnect.benchmarks;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Watches a table fill whose ids come in order, from 1 on: the highest says how many rows there are, without counting
 * them. Used by one thread.
 */
final class FillingTable implements AutoCloseable {
    private static final Duration LOOK = Duration.ofMillis(50);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(20);

    private final Connection connection;
    private final String table;

    FillingTable(Connection connection, String table) {
        this.connection = connection;
        this.table = table;
    }

    /** Times since the begin: until the first rows were seen, how many these were, and until all were. */
    record Filled(double startSeconds, long startRows, double seconds) {
        /** From when the first rows were seen. */
        double rowsPerSecond(long rows) {
            return (rows - startRows) / (seconds - startSeconds);
        }
    }

    /**
     * Waits until all rows are visible.
     *
     * @param state what is told where they do not come
     */
    Filled await(long rows, long begunNanos, Supplier<Object> state) throws SQLException, InterruptedException {
        long seen = rowsSeen(begunNanos, 1, state);
        double startSeconds = since(begunNanos);
        rowsSeen(begunNanos, rows, state);
        double seconds = since(begunNanos);
        if (number("SELECT count(*) FROM " + table) != rows) {
            throw new IllegalStateException(table + " does not have the " + rows + " rows");
        }
        // A table that was filled between two looks has no other speed than this.
        return seen == rows ? new Filled(0, 0, seconds) : new Filled(startSeconds, seen, seconds);
    }

    /** Waits until there are as many rows; returns how many there are. */
    private long rowsSeen(long begunNanos, long wanted, Supplier<Object> state)
            throws SQLException, InterruptedException {
        while (true) {
            long rows = number("SELECT (to_regclass('" + table + "') IS NOT NULL)::int") == 0
                    ? 0
                    : number("SELECT coalesce(max(id), 0) FROM " + table);
            if (rows >= wanted) {
                return rows;
            }
            if (System.nanoTime() - begunNanos > LONGEST_WAIT.toNanos()) {
                throw new IllegalStateException(
                        table + " has " + rows + " of " + wanted + " rows after " + LONGEST_WAIT + "; " + state.get());
            }
            Thread.sleep(LOOK.toMillis());
        }
    }

    private long number(String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                var row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }

    private static double since(long nanos) {
        return (System.nanoTime() - nanos) / 1e9;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
