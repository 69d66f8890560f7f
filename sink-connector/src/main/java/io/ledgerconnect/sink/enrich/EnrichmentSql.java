package io.ledgerconnect.sink.enrich;

import io.ledgerconnect.sink.config.Enrichment.EnrichedColumn;
import io.ledgerconnect.sink.config.Enrichment.Missing;
import io.ledgerconnect.sink.config.TableName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Gives rows the columns of dimensions and the computed ones, within the statement that writes them. Immutable. */
public final class EnrichmentSql {
    /** Of a table that gets nothing. */
    public static final EnrichmentSql NONE = new EnrichmentSql(List.of(), new TreeMap<>());

    /** Begins what a statement stumbles over for a row whose dimension has none, before the dimension's name. */
    public static final String MISSING = "ledger_connect: no row of ";

    /** Ends the name. */
    public static final String MISSING_AT = " at ";

    private final List<Dimension> dimensions;
    private final SortedMap<String, String> computed;
    /** By the columns that they are for, in the order in which they are written. */
    private final List<String> columns = new ArrayList<>();

    private final boolean refuses;

    EnrichmentSql(List<Dimension> dimensions, SortedMap<String, String> computed) {
        this(dimensions, computed, true);
    }

    /** @param refuses whether a row is refused for which a dimension has none that must have one */
    private EnrichmentSql(List<Dimension> dimensions, SortedMap<String, String> computed, boolean refuses) {
        this.refuses = refuses;
        this.dimensions = dimensions;
        this.computed = computed;
        dimensions.forEach(dimension -> dimension.settings().columns().forEach(column -> columns.add(column.name())));
        columns.addAll(computed.keySet());
    }

    /** For rows that are there already: they are not refused any more. */
    EnrichmentSql ofRowsThatAreThere() {
        return new EnrichmentSql(dimensions, computed, false);
    }

    public boolean isEmpty() {
        return columns.isEmpty();
    }

    List<Dimension> dimensions() {
        return dimensions;
    }

    List<String> columns() {
        return columns;
    }

    /** For each of the columns, quoted; divided by commas. */
    public String each(UnaryOperator<String> text) {
        return columns.stream().map(TableName::quote).map(text).collect(Collectors.joining(", "));
    }

    /** The names of the columns, quoted and divided by commas. */
    public String columnList() {
        return each(column -> column);
    }

    /**
     * A query for rows with all their columns, of one for rows with the ledger's columns, called as in the reporting
     * table, and {@code _lsn}. Its columns are those of the rows, and then {@link #columnList()}.
     */
    public String query(String rows) {
        if (isEmpty()) {
            return rows;
        }
        String joined = joined(rows);
        if (computed.isEmpty()) {
            return joined;
        }
        String expressions = computed.entrySet().stream()
                .map(column -> ", (" + column.getValue() + ") AS " + TableName.quote(column.getKey()))
                .collect(Collectors.joining());
        return "SELECT r.*" + expressions + " FROM (" + joined + ") r";
    }

    /** A dimension that is found by a column of another one is joined to the rows that have that column already. */
    private String joined(String rows) {
        StringBuilder values = new StringBuilder();
        StringBuilder joins = new StringBuilder();
        Set<String> given = new HashSet<>();
        for (int i = 0; i < dimensions.size(); i++) {
            Dimension dimension = dimensions.get(i);
            if (dimension.readsOfRow().anyMatch(given::contains)) {
                return withRest(i).joined("SELECT r.*" + values + " FROM (" + rows + ") r" + joins);
            }
            values.append(values(dimension, "e" + i));
            joins.append(join(dimension, "e" + i));
            dimension.settings().columns().forEach(column -> given.add(column.name()));
        }
        return "SELECT r.*" + values + " FROM (" + rows + ") r" + joins;
    }

    private EnrichmentSql withRest(int from) {
        return new EnrichmentSql(dimensions.subList(from, dimensions.size()), computed, refuses);
    }

    static String join(Dimension dimension, String alias) {
        return " LEFT JOIN LATERAL (" + dimension.query() + ") " + alias + " ON (" + alias + ".until IS NULL OR "
                + alias + ".until > r._lsn)";
    }

    private String values(Dimension dimension, String alias) {
        StringBuilder values = new StringBuilder();
        List<EnrichedColumn> columns = dimension.settings().columns();
        for (int i = 0; i < columns.size(); i++) {
            EnrichedColumn column = columns.get(i);
            values.append(", ")
                    .append(value(dimension, column, alias, i))
                    .append(" AS ")
                    .append(TableName.quote(column.name()));
        }
        return values.toString();
    }

    private String value(Dimension dimension, EnrichedColumn column, String alias, int index) {
        String found = alias + ".v" + index;
        if (refuses && dimension.settings().whenNotThere().equals(Optional.of(Missing.QUARANTINE))) {
            return refusing(dimension, column, alias, found);
        }
        String otherwise = dimension.settings().defaults().get(column.name());
        if (otherwise == null) {
            return found;
        }
        return "CASE WHEN " + alias + ".found THEN " + found + " ELSE " + literal(otherwise) + "::"
                + dimension.table().columns().get(column.ofDimension()).castSql() + " END";
    }

    /**
     * No expression raises an error of its own, so a text is cast that is no number; it has the row's position in it,
     * so that the server does not try it beforehand. A row that names none in the dimension needs none.
     */
    private static String refusing(Dimension dimension, EnrichedColumn column, String alias, String found) {
        String named = dimension.rowColumns().stream()
                .map(name -> "r." + TableName.quote(name) + " IS NOT NULL")
                .collect(Collectors.joining(" AND "));
        return "CASE WHEN " + alias + ".found IS NULL AND " + named + " THEN ("
                + literal(MISSING + dimension.settings().name() + MISSING_AT) + " || r._lsn)::int::text::"
                + dimension.table().columns().get(column.ofDimension()).castSql() + " ELSE " + found + " END";
    }

    /** A string, however the server reads backslashes. */
    private static String literal(String text) {
        return "E'" + text.replace("\\", "\\\\").replace("'", "''") + '\'';
    }
}
