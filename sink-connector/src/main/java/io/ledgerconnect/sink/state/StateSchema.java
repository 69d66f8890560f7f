package io.ledgerconnect.sink.state;

import io.ledgerconnect.sink.database.AdvisoryLocks;
import io.ledgerconnect.sink.database.Database;
import io.ledgerconnect.sink.database.Transaction;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.apache.kafka.connect.errors.ConnectException;

/** The schema {@code ledger_connect} of the reporting store: created when missing, by one task at a time. */
public final class StateSchema {
    private static final int VERSION = 1;
    /** A query of the catalogue: to_regclass remembers within a transaction that there was no such table. */
    private static final String FIND = """
            SELECT EXISTS (SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                           WHERE n.nspname = 'ledger_connect' AND c.relname = 'version')""";

    private StateSchema() {}

    /**
     * Makes sure that the schema exists in the version known here. Needs no privilege to create when it does.
     *
     * @throws ConnectException when a newer sink has made it
     */
    public static void ensure(Database database) throws SQLException {
        try (Transaction transaction = database.begin()) {
            if (!exists(transaction)) {
                AdvisoryLocks.schema(transaction);
                create(transaction);
            }
            requireKnown(version(transaction));
            transaction.commit();
        }
    }

    private static void create(Transaction transaction) throws SQLException {
        if (exists(transaction)) {
            return; // another task was quicker
        }
        if (!transaction.isTrue(
                "SELECT EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = 'ledger_connect')")) {
            transaction.execute("CREATE SCHEMA ledger_connect");
        }
        transaction.execute(script());
    }

    private static boolean exists(Transaction transaction) throws SQLException {
        return transaction.isTrue(FIND);
    }

    private static int version(Transaction transaction) throws SQLException {
        try (Statement statement = transaction.connection().createStatement();
                ResultSet row = statement.executeQuery("SELECT max(version) FROM ledger_connect.version")) {
            row.next();
            return row.getInt(1);
        }
    }

    private static void requireKnown(int version) {
        if (version != VERSION) {
            throw new ConnectException("The schema ledger_connect of the reporting store is of version " + version
                    + ", this sink knows version " + VERSION
                    + ": a newer sink has upgraded it; install that version in every worker");
        }
    }

    private static String script() {
        try (InputStream resource = StateSchema.class.getResourceAsStream("v1.sql")) {
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
