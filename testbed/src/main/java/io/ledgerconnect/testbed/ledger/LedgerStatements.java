package io.ledgerconnect.testbed.ledger;

import io.ledgerconnect.testbed.ledger.Booking.Leg;
import io.ledgerconnect.testbed.ledger.Books.Account;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/**
 * What the payment application says to the ledger. Each method may be repeated after a commit with an unknown outcome:
 * one that finds its work done does nothing.
 */
final class LedgerStatements {
    private static final String INSERT_TRANSFER = """
            INSERT INTO transfers
                (id, idempotency_key, payer_id, payee_id, amount, currency, fee, fx_rate, metadata, expires_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, now() + ?::interval)
            ON CONFLICT (idempotency_key) DO NOTHING""";
    private static final String CLOSE_TRANSFER = "UPDATE transfers SET status = ?::transfer_status, closed_at = now()"
            + " WHERE id = ? AND status = ?::transfer_status";
    private static final String PURGE_EXPIRED = """
            DELETE FROM transfers WHERE id IN (
                SELECT id FROM transfers WHERE status = 'pending' AND expires_at < now()
                ORDER BY id LIMIT ? FOR UPDATE SKIP LOCKED)""";
    private static final String INSERT_MERCHANT = """
            INSERT INTO merchants
                (id, name, category_code, country, fee_rate, payout_delay, payout_time, tags, api_key_sha256, onboarded_on)
            VALUES (?, ?, ?, ?, 0.0145, ?::interval, ?::time, ?, ?, ?::date)""";
    private static final String UPDATE_MERCHANT = """
            UPDATE merchants
            SET fee_rate = least(1, fee_rate + 0.000125), active = NOT active, updated_at = now(),
                payout_delay = payout_delay + interval '1 hour 30.25 seconds',
                tags = (tags || format('reviewed, "%s"', updated_at::date))[1:5],
                profile = profile || jsonb_build_object('reviews', coalesce((profile->>'reviews')::int, 0) + 1)
            WHERE id = ?""";
    private static final String INSERT_ACCOUNT = """
            INSERT INTO accounts (id, kind, merchant_id, currency, overdraft)
            VALUES (?, ?::account_kind, ?, ?, CASE WHEN ? THEN 0 END)""";
    private static final String LOCK_ACCOUNTS = "SELECT FROM accounts WHERE id = ANY (?) ORDER BY id FOR NO KEY UPDATE";

    private LedgerStatements() {}

    /** Inserts the transfer as pending and posts its entries; false when that has been done before. */
    static boolean book(Connection connection, Booking booking) throws SQLException {
        if (!insertTransfer(connection, booking, null)) {
            return false;
        }
        post(connection, booking.id(), booking.legs());
        return true;
    }

    /** Books all, or what is left to book of them. */
    static void bookAll(Connection connection, List<Booking> bookings) throws SQLException {
        lockAccounts(connection, bookings);
        for (Booking booking : bookings) {
            book(connection, booking);
        }
    }

    /** Inserts a transfer that is not posted yet and expires; {@code lifetime} is an interval. */
    static void request(Connection connection, Booking booking, String lifetime) throws SQLException {
        insertTransfer(connection, booking, lifetime);
    }

    static void settle(Connection connection, Booking booking) throws SQLException {
        close(connection, booking.id(), "pending", "settled");
    }

    /** Fails a pending transfer and gives the money back. */
    static void fail(Connection connection, Booking booking) throws SQLException {
        if (close(connection, booking.id(), "pending", "failed")) {
            post(connection, booking.id(), booking.compensation());
        }
    }

    /** Reverses a settled transfer and gives the money back. */
    static void reverse(Connection connection, Booking booking) throws SQLException {
        if (close(connection, booking.id(), "settled", "reversed")) {
            post(connection, booking.id(), booking.compensation());
        }
    }

    /** Deletes at most {@code limit} requests that have expired, and returns how many. */
    static int purgeExpired(Connection connection, int limit) throws SQLException {
        try (PreparedStatement purge = connection.prepareStatement(PURGE_EXPIRED)) {
            purge.setInt(1, limit);
            return purge.executeUpdate();
        }
    }

    static void updateMerchant(Connection connection, UUID merchant) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(UPDATE_MERCHANT)) {
            update.setObject(1, merchant);
            update.executeUpdate();
        }
    }

    /** Opens accounts and, before each merchant's, the merchant. */
    static void openAccounts(Connection connection, List<Account> accounts) throws SQLException {
        try (PreparedStatement merchants = connection.prepareStatement(INSERT_MERCHANT);
                PreparedStatement inserts = connection.prepareStatement(INSERT_ACCOUNT)) {
            for (Account account : accounts) {
                if (account.merchant() != null) {
                    addMerchant(connection, merchants, account.merchant());
                }
                addAccount(inserts, account);
            }
            merchants.executeBatch();
            inserts.executeBatch();
        }
    }

    private static void addMerchant(Connection connection, PreparedStatement insert, UUID id) throws SQLException {
        int variety = id.hashCode() & 0xFFFF;
        insert.setObject(1, id);
        insert.setString(2, "Merchant " + id.toString().substring(0, 8) + (variety % 3 == 0 ? " — Çağrı & Söhne" : ""));
        insert.setString(3, Integer.toString(5000 + variety % 1000));
        insert.setString(4, List.of("DE", "KR", "US", "GB").get(variety % 4));
        insert.setString(5, variety % 2 == 0 ? "1 mon 2 days" : "36:30:00.5");
        insert.setString(6, "17:30:00." + variety);
        insert.setArray(7, connection.createArrayOf("text", new String[] {"tier " + variety % 5, "a\"b,{c}", null}));
        insert.setBytes(8, sha256(id.toString()));
        insert.setString(9, "20" + (10 + variety % 15) + "-02-28");
        insert.addBatch();
    }

    private static void addAccount(PreparedStatement insert, Account account) throws SQLException {
        insert.setObject(1, account.id());
        insert.setString(2, account.kind().name().toLowerCase(Locale.ROOT));
        insert.setObject(3, account.merchant(), Types.OTHER);
        insert.setString(4, account.currency().name());
        insert.setBoolean(5, account.kind() == Books.Kind.CUSTOMER);
        insert.addBatch();
    }

    private static boolean insertTransfer(Connection connection, Booking booking, String lifetime) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(INSERT_TRANSFER)) {
            insert.setObject(1, booking.id());
            insert.setString(2, booking.key());
            insert.setObject(3, booking.payer());
            insert.setObject(4, booking.payee());
            insert.setLong(5, booking.amount());
            insert.setString(6, booking.currency().name());
            insert.setBigDecimal(7, booking.fee());
            insert.setBigDecimal(8, booking.fxRate());
            insert.setString(9, booking.metadata());
            insert.setString(10, lifetime);
            return insert.executeUpdate() == 1;
        }
    }

    private static boolean close(Connection connection, UUID transfer, String from, String to) throws SQLException {
        try (PreparedStatement close = connection.prepareStatement(CLOSE_TRANSFER)) {
            close.setString(1, to);
            close.setObject(2, transfer);
            close.setString(3, from);
            return close.executeUpdate() == 1;
        }
    }

    private static void post(Connection connection, UUID transfer, List<Leg> legs) throws SQLException {
        try (PreparedStatement post = connection.prepareStatement("SELECT post_entries(?, ?, ?)")) {
            post.setObject(1, transfer);
            post.setArray(2, uuids(connection, legs.stream().map(Leg::account).toArray()));
            post.setArray(
                    3,
                    connection.createArrayOf(
                            "int8", legs.stream().map(Leg::amount).toArray()));
            post.execute();
        }
    }

    private static void lockAccounts(Connection connection, List<Booking> bookings) throws SQLException {
        Object[] accounts = bookings.stream()
                .flatMap(booking -> booking.legs().stream())
                .map(Leg::account)
                .distinct()
                .toArray();
        try (PreparedStatement lock = connection.prepareStatement(LOCK_ACCOUNTS)) {
            lock.setArray(1, uuids(connection, accounts));
            lock.execute();
        }
    }

    private static java.sql.Array uuids(Connection connection, Object[] ids) throws SQLException {
        return connection.createArrayOf("uuid", ids);
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
