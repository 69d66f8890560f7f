package io.ledgerconnect.source.check;

import io.ledgerconnect.source.catalog.LedgerTable;
import io.ledgerconnect.source.config.SnapshotAsked;
import io.ledgerconnect.source.config.SourceConfig;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.types.Password;
import org.postgresql.util.PSQLException;

/** What must hold of the settings that ask for snapshots while the stream goes on. */
final class RequestChecks {
    private static final String TABLES = "snapshot.request.tables";
    private static final String SIGNALS = "signal.data.collection";
    private static final String SYNTAX_AND_NAMES = "42";
    private static final List<String> SIGNAL_COLUMNS = List.of("id", "type", "data");

    private final SourceConfig config;
    private final Connection connection;
    private final List<LedgerTable> tables;
    private final List<Finding> findings = new ArrayList<>();

    private RequestChecks(SourceConfig config, Connection connection, List<LedgerTable> tables) {
        this.config = config;
        this.connection = connection;
        this.tables = tables;
    }

    /** @param tables that are captured */
    static List<Finding> findings(SourceConfig config, Connection connection, List<LedgerTable> tables)
            throws SQLException {
        RequestChecks checks = new RequestChecks(config, connection, tables);
        Optional<SnapshotAsked> asked = config.askedSnapshot();
        if (asked.isPresent()) {
            checks.key("snapshot.request.id");
            checks.tables(asked.get());
            checks.conditions(asked.get());
            checks.keys(asked.get());
        }
        if (config.signalTable().isPresent()) {
            checks.key(SIGNALS);
            checks.signals(config.signalTable().get());
        }
        return checks.findings;
    }

    private void key(String setting) {
        Password key = config.requestKey();
        if (key == null || key.value().isEmpty()) {
            findings.add(new Finding(
                    setting,
                    "Rows of a snapshot that is asked for while the stream goes on pass through the ledger's WAL, signed,"
                            + " and there is no secret to sign them with: database.password is not set. Set"
                            + " snapshot.request.key."));
        }
    }

    private void tables(SnapshotAsked asked) {
        if (asked.tables().isEmpty()) {
            findings.add(
                    new Finding(
                            TABLES,
                            "snapshot.request.id asks for a snapshot, and snapshot.request.tables does not say of which tables."));
        }
        for (String expression : asked.tables()) {
            if (tables.stream().noneMatch(table -> Pattern.matches(expression, table.name()))) {
                findings.add(new Finding(
                        TABLES,
                        "'" + expression + "' matches none of the captured tables. An expression must match all of"
                                + " SCHEMA.TABLE, such as public\\.transfers."));
            }
        }
    }

    private void conditions(SnapshotAsked asked) throws SQLException {
        for (var condition : asked.conditions().entrySet()) {
            String setting = SnapshotAsked.CONDITION + condition.getKey();
            Optional<LedgerTable> table = tables.stream()
                    .filter(captured -> captured.name().equals(condition.getKey()))
                    .findFirst();
            if (table.isEmpty()) {
                findings.add(new Finding(setting, "Table " + condition.getKey() + " is not captured."));
            } else {
                condition(setting, table.get(), condition.getValue());
            }
        }
    }

    private void keys(SnapshotAsked asked) {
        for (String name : asked.keys().keySet()) {
            String setting = SnapshotAsked.KEYS + name;
            Optional<LedgerTable> table =
                    tables.stream().filter(of -> of.name().equals(name)).findFirst();
            if (table.isEmpty()) {
                findings.add(new Finding(setting, "Table " + name + " is not captured."));
            } else if (asked.conditions().containsKey(name)) {
                findings.add(new Finding(
                        setting, "Rows of " + name + " are asked for by keys and by a condition: leave one out."));
            } else {
                keys(setting, asked, table.get());
            }
        }
    }

    /** The names only: what its values should be is told when they are read. */
    private void keys(String setting, SnapshotAsked asked, LedgerTable table) {
        try {
            List<String> columns = asked.keysOf(table.name()).orElseThrow().columns();
            List<String> key = config.messageKeys().columns(table.name()).orElse(table.recordKey());
            if (columns.size() != key.size() || !key.containsAll(columns)) {
                findings.add(new Finding(
                        setting,
                        "It names rows of " + table.name() + " by " + columns + ", and their key is " + key + "."));
            }
        } catch (IllegalArgumentException e) {
            findings.add(new Finding(
                    setting,
                    "It has to be a JSON array of objects with the key's columns, and " + e.getMessage() + "."));
        }
    }

    /** The server reads it as one statement, and runs nothing. */
    private void condition(String setting, LedgerTable table, String condition) throws SQLException {
        if (condition.contains(";")) {
            findings.add(new Finding(
                    setting,
                    "A condition may have no semicolon: it would end the statement. In a text, write chr(59)."));
            return;
        }
        String query = "SELECT FROM " + PublicationSetup.name(table) + " WHERE (" + condition + "\n)";
        try (PreparedStatement statement = connection.prepareStatement(query.replace("?", "??"))) {
            statement.getMetaData();
        } catch (SQLException e) {
            if (!String.valueOf(e.getSQLState()).startsWith(SYNTAX_AND_NAMES)) {
                throw e;
            }
            findings.add(new Finding(
                    setting,
                    "'" + condition + "' is no condition over table " + table.name() + ": the ledger says '"
                            + message(e) + "'."));
        }
    }

    /** The first line alone: where in the statement does not matter to those who do not see it. */
    private static String message(SQLException fault) {
        return fault instanceof PSQLException failed && failed.getServerErrorMessage() != null
                ? failed.getServerErrorMessage().getMessage()
                : fault.getMessage();
    }

    private void signals(String name) {
        Optional<LedgerTable> table =
                tables.stream().filter(captured -> captured.name().equals(name)).findFirst();
        if (table.isEmpty()) {
            findings.add(new Finding(
                    SIGNALS,
                    "Table " + name + " is not captured, so its rows cannot be signals. Create it with CREATE TABLE "
                            + name
                            + " (id text PRIMARY KEY, type text NOT NULL, data text); and let table.include.list and the"
                            + " publication have it."));
            return;
        }
        List<String> missing = SIGNAL_COLUMNS.stream()
                .filter(column -> table.get().relation().columns().stream()
                        .noneMatch(of -> of.name().equals(column)))
                .toList();
        if (!missing.isEmpty()) {
            findings.add(new Finding(SIGNALS, "Table " + name + " has no columns " + missing + "."));
        }
    }
}
