package io.ledgerconnect.source;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** Threads that insert, change, move and delete rows of tables with columns {@code id} and {@code v}. */
final class Writers implements AutoCloseable {
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicLong commits = new AtomicLong();
    private final AtomicReference<SQLException> failure = new AtomicReference<>();
    private volatile boolean stopped;

    Writers(String database, int count, long seed, String... tables) {
        for (int i = 0; i < count; i++) {
            Random random = new Random(seed + i);
            Thread thread = new Thread(() -> run(database, random, tables), "writer-" + i);
            threads.add(thread);
            thread.start();
        }
    }

    private void run(String database, Random random, String... tables) {
        try (Connection connection = LedgerServer.connect(database);
                Statement statement = connection.createStatement()) {
            while (!stopped) {
                if (committed(statement, change(random, tables[random.nextInt(tables.length)]))) {
                    commits.incrementAndGet();
                }
            }
        } catch (SQLException e) {
            failure.set(e);
        }
    }

    /** False when another writer moved the row to another partition first, which the server answers with 40001. */
    private static boolean committed(Statement statement, String change) throws SQLException {
        try {
            statement.execute(change);
            return true;
        } catch (SQLException e) {
            if ("40001".equals(e.getSQLState())) {
                return false;
            }
            throw e;
        }
    }

    /** One row each, so that writers do not deadlock. */
    private static String change(Random random, String table) {
        int id = random.nextInt(400);
        int value = random.nextInt();
        return switch (random.nextInt(4)) {
            case 0 -> "DELETE FROM " + table + " WHERE id = " + id;
            case 1 ->
                "UPDATE " + table + " SET id = " + (1_000_000 + random.nextInt(2_000_000_000 - 1_000_000))
                        + " WHERE id = " + id;
            case 2 -> "UPDATE " + table + " SET v = '" + value + "' WHERE id = " + id;
            default -> "INSERT INTO " + table + " VALUES (" + id + ", '" + value + "') ON CONFLICT DO NOTHING";
        };
    }

    long commits() {
        return commits.get();
    }

    @Override
    public void close() throws InterruptedException, SQLException {
        stopped = true;
        for (Thread thread : threads) {
            thread.join();
        }
        if (failure.get() != null) {
            throw failure.get();
        }
    }
}
