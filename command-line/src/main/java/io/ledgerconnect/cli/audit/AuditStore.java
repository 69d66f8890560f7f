package io.ledgerconnect.cli.audit;

import io.ledgerconnect.cli.connection.SqlText;
import io.ledgerconnect.cli.connection.Store;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/** Keeps results in {@code ledger_connect.audit}, which it creates when it is not there. Values are never kept. */
final class AuditStore {
    private static final String CREATE = """
            CREATE TABLE IF NOT EXISTS ledger_connect.audit (
                id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                pipeline text NOT NULL,
                source text NOT NULL,
                lsn pg_lsn NOT NULL,
                result text NOT NULL CHECK (result IN ('equal', 'different', 'undecided')),
                tables integer NOT NULL,
                rows bigint NOT NULL,
                differences bigint NOT NULL,
                undecided bigint NOT NULL,
                begun timestamptz NOT NULL,
                seconds double precision NOT NULL,
                report jsonb NOT NULL
            )""";
    private static final String EXISTS = """
            SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = 'ledger_connect' AND c.relname = 'audit'""";
    private static final String INSERT = """
            INSERT INTO ledger_connect.audit
                (pipeline, source, lsn, result, tables, rows, differences, undecided, begun, seconds, report)
            VALUES (?, ?, ?::pg_lsn, ?, ?, ?, ?, ?, ?::timestamptz, ?, ?::jsonb)""";

    private AuditStore() {}

    /** A sentence that says why it could not be kept; empty when it was. */
    static Optional<String> keep(Store store, AuditResult result) {
        try (Connection connection = store.connect()) {
            create(connection);
            insert(connection, result);
            return Optional.empty();
        } catch (SQLException e) {
            return Optional.of("The result was not stored in ledger_connect.audit " + SqlText.describe(e)
                    + ". The role needs INSERT there, and CREATE on the schema the first time.");
        }
    }

    private static void create(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                var found = statement.executeQuery(EXISTS)) {
            if (found.next()) {
                return;
            }
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute(CREATE);
        }
    }

    private static void insert(Connection connection, AuditResult result) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
            statement.setString(1, result.pipeline());
            statement.setString(2, result.source());
            statement.setString(3, result.position());
            statement.setString(4, AuditJson.lower(result.verdict()));
            statement.setInt(5, result.tables().size());
            statement.setLong(6, result.rows());
            statement.setLong(7, result.differences());
            statement.setLong(8, result.undecided());
            statement.setString(9, result.begun().toString());
            statement.setDouble(10, result.duration().toMillis() / 1000.0);
            statement.setString(11, AuditJson.of(result, false).toString());
            statement.executeUpdate();
        }
    }
}
