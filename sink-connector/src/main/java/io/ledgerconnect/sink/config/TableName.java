package io.ledgerconnect.sink.config;

/** A table of the reporting store. Ordered, so that every task writes tables in the same order. */
public record TableName(String schema, String table) implements Comparable<TableName> {
    /** Reads {@code schema.table}, or {@code table} in {@code schema}. */
    public static TableName parse(String name, String schema) {
        int dot = name.indexOf('.');
        return dot < 0 ? new TableName(schema, name) : new TableName(name.substring(0, dot), name.substring(dot + 1));
    }

    /** Quoted, for use in a statement. */
    public String sql() {
        return quote(schema) + '.' + quote(table);
    }

    /** An identifier in quotes, whatever it contains. */
    public static String quote(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }

    @Override
    public int compareTo(TableName other) {
        int bySchema = schema.compareTo(other.schema);
        return bySchema != 0 ? bySchema : table.compareTo(other.table);
    }

    @Override
    public String toString() {
        return schema + '.' + table;
    }
}
