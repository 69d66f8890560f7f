package io.ledgerconnect.testbed.ledger;

import io.ledgerconnect.testbed.ledger.Books.Account;
import io.ledgerconnect.testbed.ledger.Books.Kind;
import io.ledgerconnect.testbed.ledger.Counters.Event;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;

/**
 * Payments of many customers to many merchants, at an even rate over several connections: booked as pending, then
 * settled, failed or reversed in later transactions; some declined, some after a rollback to a savepoint, some through
 * a currency exchange; beside them requests that expire and are purged, deposits to many at once, and changes of
 * merchants.
 *
 * <p>It outlives restarts of the ledger's server, whoever kills it: a transaction with an unknown outcome is sent again
 * under its idempotency key, so that {@link #counts} is what the ledger holds. Safe for use by several threads.
 */
public final class LedgerWorkload implements AutoCloseable {
    /** Transactions are short; only a server that is gone makes one last longer. */
    private static final Duration PATIENCE = Duration.ofSeconds(70);

    private static final int OPENED_AT_ONCE = 100;
    private static final String COUNT_PAYMENTS =
            "SELECT count(*) FROM transfers WHERE idempotency_key LIKE ? AND expires_at IS NULL";

    private final Database ledger;
    private final WorkloadSettings settings;
    private final SplittableRandom random;
    private final Books books;
    private final Counters counters = new Counters();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopping;

    /** A workload that has sent nothing yet; {@code ledger} logs in as {@link LedgerSql#APP_ROLE}. */
    public LedgerWorkload(Database ledger, WorkloadSettings settings) {
        this.ledger = ledger;
        this.settings = settings;
        this.random = new SplittableRandom(settings.seed());
        this.books = new Books(settings, random.split());
    }

    /**
     * Opens the merchants and the accounts and gives the customers their first balance. To be called once, before
     * {@link #start}.
     *
     * @throws SQLException when the ledger refuses it, such as after a workload with the same seed
     */
    public void openBooks() throws SQLException, InterruptedException {
        try (LedgerSession session = session()) {
            for (List<Account> some : chunks(books.all())) {
                session.transact(connection -> LedgerStatements.openAccounts(connection, some));
            }
            openBalances(session, new BookingFactory(books, random.split()));
        }
    }

    private void openBalances(LedgerSession session, BookingFactory bookings)
            throws SQLException, InterruptedException {
        for (Currency currency : Currency.ALL) {
            for (List<Account> some : chunks(books.all(Kind.CUSTOMER, currency))) {
                List<Booking> deposits = some.stream().map(bookings::deposit).toList();
                session.transact(connection -> LedgerStatements.bookAll(connection, deposits));
                counters.add(Event.DEPOSIT, deposits.size());
            }
        }
    }

    private static List<List<Account>> chunks(List<Account> accounts) {
        List<List<Account>> chunks = new ArrayList<>();
        for (int from = 0; from < accounts.size(); from += OPENED_AT_ONCE) {
            chunks.add(accounts.subList(from, Math.min(accounts.size(), from + OPENED_AT_ONCE)));
        }
        return chunks;
    }

    /** Starts the payments. To be called once, after {@link #openBooks}. */
    public synchronized void start() {
        Pacer pacer = new Pacer(settings.paymentsPerSecond(), System::nanoTime);
        for (int i = 0; i < settings.connections(); i++) {
            RandomGenerator decisions = random.split();
            Thread thread = new Thread(() -> serve(pacer, decisions), "ledger-workload-" + i);
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }
    }

    private void serve(Pacer pacer, RandomGenerator decisions) {
        try (LedgerSession session = session()) {
            Teller teller = new Teller(session, books, decisions, counters);
            while (!stopping) {
                pacer.awaitTurn();
                teller.serve();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (SQLException | RuntimeException e) {
            fail(e);
        }
    }

    private LedgerSession session() {
        return new LedgerSession(ledger, () -> stopping, () -> counters.count(Event.REPEATED));
    }

    /** One thread's failure ends all of them; the first is kept. */
    private void fail(Exception e) {
        failure.compareAndSet(null, e);
        stopping = true;
    }

    /**
     * The payments that a ledger holds, of all workloads that it has seen: the sum of their
     * {@link WorkloadCounts#payments}, unless the ledger has lost some that it had acknowledged.
     */
    public static long paymentsIn(Connection ledger) throws SQLException {
        try (var query = ledger.prepareStatement(COUNT_PAYMENTS)) {
            query.setString(1, BookingFactory.PAYMENT_KEY + '%');
            try (var row = query.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /** What has been done so far. */
    public WorkloadCounts counts() {
        return counters.read();
    }

    /** Why the workload has ended by itself. */
    public Optional<Throwable> failure() {
        return Optional.ofNullable(failure.get());
    }

    /**
     * Ends the payments and returns when the last transaction has ended. May be called again.
     *
     * @throws IllegalStateException when the workload had failed, or a transaction does not end in time
     */
    public synchronized void stop() throws InterruptedException {
        end();
        if (failure.get() != null) {
            throw new IllegalStateException("The ledger's workload failed", failure.get());
        }
    }

    private void end() throws InterruptedException {
        stopping = true;
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        for (Thread thread : threads) {
            thread.join(
                    Math.max(1, Duration.ofNanos(deadline - System.nanoTime()).toMillis()));
            if (thread.isAlive()) {
                throw new IllegalStateException("A transaction of the workload has not ended within " + PATIENCE);
            }
        }
        threads.clear();
    }

    /** Ends the payments, whatever became of them. */
    @Override
    public void close() {
        try {
            end();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
