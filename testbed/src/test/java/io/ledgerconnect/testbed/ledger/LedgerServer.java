package io.ledgerconnect.testbed.ledger;

import io.ledgerconnect.testbed.Postgres;
import io.ledgerconnect.testbed.PostgresSpec;
import io.ledgerconnect.testbed.Testbed;
import java.sql.Connection;
import java.sql.SQLException;

/** A server with a ledger and a reporting database, for one test class. */
final class LedgerServer implements AutoCloseable {
    private static final String APP_PASSWORD = "it's ours";

    private final Testbed testbed = Testbed.open();
    private final Postgres postgres;

    LedgerServer() throws SQLException {
        postgres = testbed.startPostgres(PostgresSpec.defaults());
        postgres.createDatabase("ledger");
        postgres.createDatabase("reporting");
        try (Connection ledger = postgres.connect("ledger");
                Connection reporting = postgres.connect("reporting")) {
            LedgerSql.find().createLedger(ledger, APP_PASSWORD, "captures");
            LedgerSql.find().createReporting(reporting, "writes");
        }
    }

    Postgres postgres() {
        return postgres;
    }

    Database app() {
        return new Database(postgres.jdbcUrl("ledger"), LedgerSql.APP_ROLE, APP_PASSWORD);
    }

    Database capture() {
        return new Database(postgres.jdbcUrl("ledger"), LedgerSql.CAPTURE_ROLE, "captures");
    }

    Database writer() {
        return new Database(postgres.jdbcUrl("reporting"), LedgerSql.WRITER_ROLE, "writes");
    }

    Database superuser(String database) {
        return new Database(postgres.jdbcUrl(database), postgres.user(), postgres.password());
    }

    long count(String database, String sql) throws SQLException {
        try (Connection connection = postgres.connect(database);
                var statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    @Override
    public void close() {
        testbed.close();
    }
}
