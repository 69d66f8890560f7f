package io.ledgerconnect.source.snapshot;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ledgerconnect.source.catalog.LedgerCatalog;
import io.ledgerconnect.source.config.AskedKeys;
import io.ledgerconnect.source.decode.Relation;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Statements that read rows of a table by their keys. COPY has no parameters, so the keys are one of the transaction's
 * settings, from which the server takes them as values of their columns' types.
 */
final class KeyedRows {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SETTING = "ledger_connect.keys";

    private final SnapshotTable table;
    private final List<String> columns;
    private final String keys;

    private KeyedRows(SnapshotTable table, List<String> columns, String keys) {
        this.table = table;
        this.columns = columns;
        this.keys = keys;
    }

    /** Hands the keys to the connection's transaction. */
    static KeyedRows of(Connection connection, SnapshotTable table, AskedKeys asked) throws SQLException {
        try (PreparedStatement set = connection.prepareStatement("SELECT pg_catalog.set_config(?, ?, true)")) {
            set.setString(1, SETTING);
            set.setString(2, json(asked));
            set.execute();
        }
        Map<String, String> types = types(connection, table);
        String keys = "pg_catalog.json_to_recordset(pg_catalog.current_setting('" + SETTING + "')::json) AS k ("
                + each(asked.columns(), name -> quote(name) + ' ' + types.get(name), ", ") + ')';
        return new KeyedRows(table, asked.columns(), keys);
    }

    private static String json(AskedKeys asked) {
        ArrayNode array = JSON.createArrayNode();
        for (List<String> key : asked.keys()) {
            ObjectNode object = array.addObject();
            for (int i = 0; i < key.size(); i++) {
                object.put(asked.columns().get(i), key.get(i));
            }
        }
        return array.toString();
    }

    private static Map<String, String> types(Connection connection, SnapshotTable table) throws SQLException {
        List<Relation.Column> columns = table.table().relation().columns();
        List<String> declarations = new LedgerCatalog(connection).formatTypes(columns);
        Map<String, String> types = new HashMap<>();
        for (int i = 0; i < columns.size(); i++) {
            types.put(columns.get(i).name(), declarations.get(i));
        }
        return types;
    }

    /** A COPY in binary form of the rows that are there. */
    String statement() {
        String columnList = each(relationColumns(), name -> value("t." + quote(name), name), ", ");
        return copy(
                columnList,
                from() + " WHERE (" + each(columns, name -> "t." + quote(name), ", ") + ") IN (SELECT "
                        + each(columns, name -> "k." + quote(name), ", ") + " FROM " + keys + ')' + rowFilter());
    }

    /** A COPY of the keys that have no row: other columns are null. */
    String goneStatement() {
        String columnList = each(
                relationColumns(), name -> columns.contains(name) ? value("k." + quote(name), name) : "NULL", ", ");
        return copy(
                columnList,
                " FROM " + keys + " WHERE NOT EXISTS (SELECT" + from() + " WHERE "
                        + each(columns, name -> "t." + quote(name) + " = k." + quote(name), " AND ") + rowFilter()
                        + ')');
    }

    private List<String> relationColumns() {
        return table.table().relation().columns().stream()
                .map(column -> column.name())
                .toList();
    }

    private static String copy(String columnList, String rest) {
        return "COPY (SELECT " + columnList + rest + ") TO STDOUT (FORMAT binary)";
    }

    private String from() {
        return " FROM " + name(table) + " t";
    }

    /** The table, quoted: with its leaves if it is partitioned, and never with tables that inherit from it. */
    static String name(SnapshotTable table) {
        return (table.table().partitioned() ? "" : "ONLY ")
                + quote(table.table().relation().schema())
                + '.'
                + quote(table.table().relation().table());
    }

    private String rowFilter() {
        return table.rowFilter() == null ? "" : " AND (" + table.rowFilter() + ')';
    }

    /** A copy in binary form fails at what has none. */
    private String value(String reference, String column) {
        return table.mapping().isSentAsText(column) ? reference + "::text" : reference;
    }

    private static String each(List<String> names, Function<String, String> text, String divider) {
        return names.stream().map(text).collect(Collectors.joining(divider));
    }

    private static String quote(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
