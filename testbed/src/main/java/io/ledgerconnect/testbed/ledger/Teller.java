package io.ledgerconnect.testbed.ledger;

import io.ledgerconnect.testbed.ledger.Books.Account;
import io.ledgerconnect.testbed.ledger.Books.Kind;
import io.ledgerconnect.testbed.ledger.Counters.Event;
import io.ledgerconnect.testbed.ledger.LedgerSession.Work;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.random.RandomGenerator;

/** Sends one connection's requests to the ledger, one at each turn, and closes what it has booked. */
final class Teller {
    private static final String CHECK_VIOLATION = "23514";

    /** Payments stay pending for about this many turns before they settle, fail, or settle and are reversed. */
    private static final int PENDING_TURNS = 20;

    private static final int DEPOSITS_AT_ONCE = 50;
    private static final int PURGED_AT_ONCE = 100;
    private static final String REQUEST_LIFETIME = "2 seconds";

    private final LedgerSession session;
    private final BookingFactory bookings;
    private final Books books;
    private final RandomGenerator random;
    private final Counters counters;
    private final Deque<Booking> pending = new ArrayDeque<>(PENDING_TURNS + 1);

    Teller(LedgerSession session, Books books, RandomGenerator random, Counters counters) {
        this.session = session;
        this.bookings = new BookingFactory(books, random);
        this.books = books;
        this.random = random;
        this.counters = counters;
    }

    /** One turn: a request, and the closing of an earlier payment. */
    void serve() throws SQLException, InterruptedException {
        int draw = random.nextInt(1000);
        if (draw < 1) {
            depositToMany();
        } else if (draw < 6) {
            purgeExpired();
        } else if (draw < 20) {
            updateMerchant();
        } else if (draw < 50) {
            request();
        } else if (draw < 70) {
            pay(bookings.unaffordable());
        } else if (draw < 100) {
            payAfterSavepoint();
        } else {
            pay(bookings.payment());
        }
        if (pending.size() > PENDING_TURNS) {
            close(pending.remove());
        }
    }

    private void pay(Booking payment) throws SQLException, InterruptedException {
        pay(payment, connection -> LedgerStatements.book(connection, payment));
    }

    /** Books a payment, undoes that within the transaction, and books another in its place. */
    private void payAfterSavepoint() throws SQLException, InterruptedException {
        Booking undone = bookings.payment();
        Booking payment = bookings.payment();
        pay(payment, connection -> {
            Savepoint before = connection.setSavepoint();
            LedgerStatements.book(connection, undone);
            connection.rollback(before);
            LedgerStatements.book(connection, payment);
        });
    }

    private void pay(Booking payment, Work transaction) throws SQLException, InterruptedException {
        try {
            session.transact(transaction);
        } catch (SQLException e) {
            if (!CHECK_VIOLATION.equals(e.getSQLState())) {
                throw e;
            }
            counters.count(Event.DECLINED);
            return;
        }
        counters.count(Event.PAYMENT);
        pending.add(payment);
    }

    private void close(Booking payment) throws SQLException, InterruptedException {
        int draw = random.nextInt(100);
        if (draw < 4) {
            session.transact(connection -> LedgerStatements.fail(connection, payment));
            counters.count(Event.FAILED);
            return;
        }
        session.transact(connection -> LedgerStatements.settle(connection, payment));
        counters.count(Event.SETTLED);
        if (draw < 7) {
            session.transact(connection -> LedgerStatements.reverse(connection, payment));
            counters.count(Event.REVERSED);
        }
    }

    private void depositToMany() throws SQLException, InterruptedException {
        List<Booking> deposits = bookings.deposits(DEPOSITS_AT_ONCE);
        session.transact(connection -> LedgerStatements.bookAll(connection, deposits));
        counters.add(Event.DEPOSIT, deposits.size());
    }

    private void purgeExpired() throws SQLException, InterruptedException {
        int[] purged = new int[1];
        session.transact(connection -> purged[0] = LedgerStatements.purgeExpired(connection, PURGED_AT_ONCE));
        counters.add(Event.PURGED, purged[0]);
    }

    private void updateMerchant() throws SQLException, InterruptedException {
        Account account = books.any(Kind.MERCHANT, Currency.any(random), random);
        session.transact(connection -> LedgerStatements.updateMerchant(connection, account.merchant()));
        counters.count(Event.MERCHANT_UPDATE);
    }

    private void request() throws SQLException, InterruptedException {
        Booking request = bookings.payment();
        session.transact(connection -> LedgerStatements.request(connection, request, REQUEST_LIFETIME));
        counters.count(Event.REQUESTED);
    }
}
