package io.ledgerconnect.benchmarks;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Makes payments at an even rate, in a thread of its own, until it is closed. */
final class SteadyLoad implements AutoCloseable {
    /** Below this share of the wanted rate the machine is too slow for the comparison. */
    private static final double KEPT = 0.95;

    private final Connection connection;
    private final int perTransaction;
    private final long intervalNanos;
    private final long begunNanos = System.nanoTime();
    private final Thread thread = new Thread(this::run, "load");
    private final AtomicLong transactions = new AtomicLong();
    private volatile SQLException failure;
    private volatile boolean stopped;

    SteadyLoad(Connection connection, int changesPerSecond, int perTransaction) {
        this.connection = connection;
        this.perTransaction = perTransaction;
        this.intervalNanos = TimeUnit.SECONDS.toNanos(1) * perTransaction / changesPerSecond;
        thread.start();
    }

    private void run() {
        try (PreparedStatement insert = connection.prepareStatement(PaymentsLedger.INSERT)) {
            insert.setInt(1, perTransaction);
            while (!stopped) {
                long ahead = begunNanos + transactions.get() * intervalNanos - System.nanoTime();
                if (ahead > 0) {
                    TimeUnit.NANOSECONDS.sleep(ahead);
                }
                insert.executeUpdate();
                transactions.incrementAndGet();
            }
        } catch (SQLException e) {
            failure = e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Fails where the rate was not kept: latencies under another load say nothing. */
    void requireKept() throws SQLException {
        if (failure != null) {
            throw failure;
        }
        long wanted = (System.nanoTime() - begunNanos) / intervalNanos;
        if (transactions.get() < wanted * KEPT) {
            throw new IllegalStateException("The ledger made " + transactions + " of " + wanted
                    + " transactions: the machine is too slow or too busy for this rate");
        }
    }

    @Override
    public void close() throws SQLException, InterruptedException {
        stopped = true;
        thread.join();
        connection.close();
    }
}
