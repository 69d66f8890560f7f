package io.ledgerconnect.sink.rollup;

import io.ledgerconnect.sink.database.AdvisoryLocks;
import io.ledgerconnect.sink.database.Transaction;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The table {@code ledger_connect.rollup}: which rollups the reporting store keeps up, and as what. */
final class RollupStore {
    private static final Logger log = LoggerFactory.getLogger(RollupStore.class);

    private static final String DEPENDENT_OBJECTS = "2BP01";

    private static final String IS_KEPT_UP = """
            SELECT EXISTS (SELECT FROM ledger_connect.rollup
                           WHERE target = ? AND name = ? AND rollup_table = ? AND definition = ?)
               AND pg_catalog.to_regclass(?) IS NOT NULL
               AND (SELECT count(*) = 4 FROM pg_catalog.pg_trigger
                    WHERE tgrelid = pg_catalog.to_regclass(?) AND tgname = ANY (?) AND tgenabled <> 'D')""";

    private static final String FORMER_TABLE =
            "SELECT rollup_table FROM ledger_connect.rollup WHERE target = ? AND name = ?";

    private static final String KEEP = """
            INSERT INTO ledger_connect.rollup (target, name, rollup_table, definition) VALUES (?, ?, ?, ?)
            ON CONFLICT (target, name) DO UPDATE
            SET rollup_table = excluded.rollup_table, definition = excluded.definition, since = now()""";

    private RollupStore() {}

    /**
     * Creates a rollup, or makes it anew as it is set now, and fills it from the rows that are there.
     *
     * @return whether anything had to be done, so that the table of the rows was altered
     */
    static boolean ensure(Transaction transaction, RollupSql sql) throws SQLException {
        if (isKeptUp(transaction, sql)) {
            return false;
        }
        AdvisoryLocks.schema(transaction);
        if (isKeptUp(transaction, sql)) {
            return false; // another task was quicker
        }
        transaction.execute("LOCK TABLE " + sql.source().sql() + " IN SHARE ROW EXCLUSIVE MODE");
        dropFormer(transaction, sql);
        for (String statement : sql.createTable()) {
            transaction.execute(statement);
        }
        for (String statement : sql.createTriggers()) {
            transaction.execute(statement);
        }
        try (PreparedStatement keep = transaction.prepare(KEEP)) {
            keep.setString(1, sql.source().sql());
            keep.setString(2, sql.name());
            keep.setString(3, sql.table().sql());
            keep.setString(4, sql.definition());
            keep.executeUpdate();
        }
        log.info(
                "Rollup {} of {} is kept up in {} from now on, filled from the rows that are there",
                sql.name(),
                sql.source(),
                sql.table());
        return true;
    }

    private static boolean isKeptUp(Transaction transaction, RollupSql sql) throws SQLException {
        try (PreparedStatement query = transaction.prepare(IS_KEPT_UP)) {
            query.setString(1, sql.source().sql());
            query.setString(2, sql.name());
            query.setString(3, sql.table().sql());
            query.setString(4, sql.definition());
            query.setString(5, sql.table().sql());
            query.setString(6, sql.source().sql());
            query.setArray(
                    7,
                    transaction
                            .connection()
                            .createArrayOf("text", sql.triggerNames().toArray()));
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    private static void dropFormer(Transaction transaction, RollupSql sql) throws SQLException {
        try (PreparedStatement query = transaction.prepare(FORMER_TABLE)) {
            query.setString(1, sql.source().sql());
            query.setString(2, sql.name());
            try (ResultSet row = query.executeQuery()) {
                if (row.next()) {
                    drop(transaction, row.getString(1), sql);
                }
            }
        }
        if (transaction.hasTable(sql.table().sql())) {
            throw new ConnectException("Table " + sql.table() + " is there already and is not the one of rollup "
                    + sql.name() + " of " + sql.source()
                    + ": give the rollup another name for its table, or DROP TABLE "
                    + sql.table().sql());
        }
    }

    private static void drop(Transaction transaction, String table, RollupSql sql) throws SQLException {
        try {
            transaction.execute("DROP TABLE IF EXISTS " + table);
        } catch (SQLException e) {
            if (!DEPENDENT_OBJECTS.equals(e.getSQLState())) {
                throw e;
            }
            throw new ConnectException(
                    "Rollup " + sql.name() + " of " + sql.source()
                            + " is set otherwise now and has to be made anew, but"
                            + " views depend on its table: drop them, and create them again when the rollup is there, or set it"
                            + " as before; DROP TABLE " + table + " CASCADE drops them together",
                    e);
        }
    }
}
