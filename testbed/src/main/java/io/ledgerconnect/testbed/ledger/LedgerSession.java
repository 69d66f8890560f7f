package io.ledgerconnect.testbed.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * One connection's transactions, repeated until the server has taken them: it may be killed, restarted, or end a
 * transaction as a deadlock's victim. What is run may have committed before, so it must be able to find that out.
 *
 * <p>Not thread-safe.
 */
final class LedgerSession implements AutoCloseable {
    /** One transaction's statements. */
    interface Work {
        void run(Connection connection) throws SQLException;
    }

    /** A killed server recovers within seconds; whoever restarts it has given up after this long. */
    private static final Duration LONGEST_OUTAGE = Duration.ofMinutes(3);

    private static final long PAUSE_MILLIS = 100;

    /** Connection lost, server shutting down or starting up, deadlock, out of connections. */
    private static final Set<String> PASSING_CLASSES = Set.of("08", "57", "40", "53");

    private final Database database;
    private final BooleanSupplier givingUp;
    private final Runnable onRepeat;
    private Connection connection;

    /**
     * A session that connects when it is first used.
     *
     * @param givingUp asked during an outage: whether to wait no longer for the server
     * @param onRepeat told of every repetition
     */
    LedgerSession(Database database, BooleanSupplier givingUp, Runnable onRepeat) {
        this.database = database;
        this.givingUp = givingUp;
        this.onRepeat = onRepeat;
    }

    /**
     * Runs and commits one transaction.
     *
     * @throws SQLException when the ledger refuses it, or the server is away for too long; nothing of it is committed
     *     in the first case
     */
    void transact(Work work) throws SQLException, InterruptedException {
        long deadline = System.nanoTime() + LONGEST_OUTAGE.toNanos();
        while (true) {
            try {
                attempt(work);
                return;
            } catch (SQLException e) {
                abandon();
                if (!passes(e) || givingUp.getAsBoolean() || System.nanoTime() - deadline > 0) {
                    throw e;
                }
            }
            onRepeat.run();
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    private void attempt(Work work) throws SQLException {
        if (connection == null) {
            connection = database.connect();
            connection.setAutoCommit(false);
        }
        work.run(connection);
        connection.commit();
    }

    private static boolean passes(SQLException e) {
        String state = e.getSQLState();
        return state != null && state.length() == 5 && PASSING_CLASSES.contains(state.substring(0, 2));
    }

    /** Leaves the transaction, and the connection where that does not work any more. */
    private void abandon() {
        if (connection == null) {
            return;
        }
        try {
            connection.rollback();
        } catch (SQLException lost) {
            close();
        }
    }

    @Override
    public void close() {
        if (connection == null) {
            return;
        }
        try {
            connection.close();
        } catch (SQLException lost) {
            // The server ends what is left of it.
        }
        connection = null;
    }
}
