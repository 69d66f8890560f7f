package io.ledgerconnect.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** A database of one test. */
public final class TestDatabase implements AutoCloseable {
    private final String name;
    private final Connection connection;

    public TestDatabase(String prefix) {
        name = TestServer.create(prefix);
        try {
            connection = connect();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** One that a sink has written to: it has the sink's own schema. */
    public static TestDatabase reporting() {
        TestDatabase database = new TestDatabase("reporting");
        database.execute("CREATE SCHEMA ledger_connect");
        try (InputStream script = TestDatabase.class.getResourceAsStream("/io/ledgerconnect/sink/state/v1.sql")) {
            database.execute(new String(script.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return database;
    }

    public String name() {
        return name;
    }

    public String url() {
        return TestServer.url(name);
    }

    public Connection connect() throws SQLException {
        return DriverManager.getConnection(url(), "postgres", "postgres");
    }

    public void execute(String sql) {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Rows as text, columns divided by {@code |}, null as an empty string. */
    public List<String> rows(String sql) {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            List<String> rows = new ArrayList<>();
            while (result.next()) {
                StringBuilder row = new StringBuilder();
                for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                    String value = result.getString(i);
                    row.append(i == 1 ? "" : "|").append(value == null ? "" : value);
                }
                rows.add(row.toString());
            }
            return rows;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    public String value(String sql) {
        List<String> rows = rows(sql);
        return rows.isEmpty() ? null : rows.get(0);
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
