package io.ledgerconnect.cli.audit;

import io.ledgerconnect.cli.connection.DatabaseAddress;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Pairs of connections, each with a thread of its own: so many statements run at once on either side, and no more. Each
 * piece of work sees one state of the reporting store. Used by one thread.
 */
final class Readers implements AutoCloseable {
    /** What is done with a pair of connections. */
    interface Work {
        void run(Connection ledger, Connection reporting) throws SQLException, InterruptedException;
    }

    private record Connections(Connection ledger, Connection reporting) {}

    private final int size;
    private final BlockingQueue<Connections> free;
    private final List<Connection> reporting = new ArrayList<>();
    private final ExecutorService threads;
    private final AtomicReference<Exception> failure = new AtomicReference<>();

    /** @param ledger connections that stay the caller's */
    Readers(List<Connection> ledger, DatabaseAddress store) throws SQLException {
        size = ledger.size();
        free = new ArrayBlockingQueue<>(size);
        threads = Executors.newFixedThreadPool(size, Readers::thread);
        for (Connection reader : ledger) {
            Connection other = store.connect();
            reporting.add(other);
            Side.prepare(other);
            other.setReadOnly(true);
            other.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            other.setAutoCommit(false);
            free.add(new Connections(reader, other));
        }
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "ledger-connect-audit");
        thread.setDaemon(true);
        return thread;
    }

    /** Waits for a free pair, and does the work with it on another thread; throws what earlier work has failed with. */
    void submit(Work work) throws SQLException, InterruptedException {
        Connections pair = free.take();
        rethrow();
        threads.execute(() -> {
            try {
                work.run(pair.ledger, pair.reporting);
                pair.reporting.rollback();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (SQLException | RuntimeException e) {
                failure.compareAndSet(null, e);
            } finally {
                free.add(pair);
            }
        });
    }

    /** Waits until all is done. */
    void await() throws SQLException, InterruptedException {
        List<Connections> all = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            all.add(free.take());
        }
        free.addAll(all);
        rethrow();
    }

    private void rethrow() throws SQLException {
        Exception first = failure.get();
        if (first instanceof SQLException sql) {
            throw sql;
        }
        if (first instanceof RuntimeException unexpected) {
            throw unexpected;
        }
    }

    @Override
    public void close() throws SQLException {
        threads.shutdownNow();
        for (Connection connection : reporting) {
            connection.close();
        }
    }
}
