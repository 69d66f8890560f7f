package io.ledgerconnect.cli.audit;

import io.ledgerconnect.cli.connection.SqlText;
import java.math.BigInteger;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Reads one side of a table over one connection. Used by one thread at a time. */
final class SideReader {
    /** A power of two. */
    private static final int BUCKETS = 4096;

    private final Connection connection;
    private final Side side;
    private final boolean showsValues;
    private long nanos;

    SideReader(Connection connection, Side side, boolean showsValues) {
        this.connection = connection;
        this.side = side;
        this.showsValues = showsValues;
    }

    /**
     * Number and digest of rows: the sum of their hashes, which does not depend on their order and counts a row as
     * often as it is there.
     *
     * @param later keys of rows that changes at or after the position have written, which are not counted
     * @param sums of the counted rows
     */
    record Digest(long rows, BigInteger sum, List<Key> later, Sums sums) {
        static final Digest NONE = new Digest(0, BigInteger.ZERO, List.of(), new Sums());

        boolean isOfSameRows(Digest other) {
            return rows == other.rows && sum.equals(other.sum);
        }
    }

    /**
     * Rows that are equal in all columns.
     *
     * @param name the hash of such a row in hexadecimal, or its values where they are to be shown
     */
    record Counted(String name, long rows) {}

    /** The digests of all rows by buckets of their hashes; a bucket without rows has none. */
    Map<Integer, Digest> buckets() throws SQLException {
        String sql = "SELECT (h & " + (BUCKETS - 1) + ")::int, count(*), sum(h::numeric) FROM (SELECT " + side.rowHash()
                + " AS h FROM " + side.from() + ") q GROUP BY 1";
        Map<Integer, Digest> buckets = new TreeMap<>();
        try (PreparedStatement query = connection.prepareStatement(sql);
                ResultSet row = answer(query)) {
            while (row.next()) {
                BigInteger sum = row.getBigDecimal(3).toBigIntegerExact();
                buckets.put(row.getInt(1), new Digest(row.getLong(2), sum, List.of(), new Sums()));
            }
        }
        return buckets;
    }

    /** The rows in these buckets, by their hashes. */
    Map<Long, Counted> counted(List<Integer> buckets) throws SQLException {
        String sql = "SELECT h, count(*), " + (showsValues ? "min(v)" : "to_hex(h)") + " FROM (SELECT " + side.rowHash()
                + " AS h, " + (showsValues ? "ROW(" + String.join(", ", side.values()) + ")::text" : "NULL")
                + " AS v FROM " + side.from() + ") q WHERE (h & " + (BUCKETS - 1) + ")::int = ANY (?) GROUP BY h";
        Map<Long, Counted> counted = new LinkedHashMap<>();
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            query.setArray(1, connection.createArrayOf("int4", buckets.toArray()));
            try (ResultSet row = answer(query)) {
                while (row.next()) {
                    counted.put(row.getLong(1), new Counted(row.getString(3), row.getLong(2)));
                }
            }
        }
        return counted;
    }

    /** The digest of a range without rows of these keys. */
    Digest digest(Key.Range range, Collection<Key> without) throws SQLException {
        StringBuilder sql = new StringBuilder("SELECT count(*) FILTER (WHERE NOT " + side.later() + "), coalesce(sum("
                + side.rowHash() + "::numeric) FILTER (WHERE NOT " + side.later() + "), 0)");
        side.keyTexts().forEach(text -> sql.append(", array_agg(" + text + ") FILTER (WHERE " + side.later() + ")"));
        sql.append(side.summed() + " FROM " + side.from() + " WHERE " + side.in(range));
        if (!without.isEmpty()) {
            sql.append(" AND NOT EXISTS (SELECT FROM " + side.keyList() + " WHERE " + side.isListed() + ")");
        }
        sql.append(side.grouped());
        try (PreparedStatement query = connection.prepareStatement(sql.toString())) {
            int next = bind(query, 1, range);
            if (!without.isEmpty()) {
                bind(query, next, without);
            }
            return digest(query);
        }
    }

    /** One line, or one for each group that is summed. */
    private Digest digest(PreparedStatement query) throws SQLException {
        long rows = 0;
        BigInteger sum = BigInteger.ZERO;
        List<Key> later = new ArrayList<>();
        Sums sums = new Sums();
        try (ResultSet row = answer(query)) {
            while (row.next()) {
                rows += row.getLong(1);
                sum = sum.add(row.getBigDecimal(2).toBigIntegerExact());
                later.addAll(keys(row, 3));
                if (!side.sums().isEmpty()) {
                    sums.read(row, 3 + side.keyTexts().size(), side.sums().size());
                }
            }
        }
        return new Digest(rows, sum, later, sums);
    }

    /** The sums of the rows of these keys. */
    Sums sums(Collection<Key> keys) throws SQLException {
        String sql = "SELECT " + side.summed().substring(2) + " FROM " + side.from() + " JOIN " + side.keyList()
                + " ON " + side.isWanted() + side.grouped();
        Sums sums = new Sums();
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            bind(query, 1, keys);
            try (ResultSet row = answer(query)) {
                while (row.next()) {
                    sums.read(row, 1, side.sums().size());
                }
            }
        }
        return sums;
    }

    private ResultSet answer(PreparedStatement query) throws SQLException {
        long start = System.nanoTime();
        try {
            return query.executeQuery();
        } finally {
            nanos += System.nanoTime() - start;
        }
    }

    /** How long the database took for all that was asked here. */
    long nanos() {
        return nanos;
    }

    private List<Key> keys(ResultSet row, int first) throws SQLException {
        List<String[]> columns = new ArrayList<>();
        for (int i = 0; i < side.keyTexts().size(); i++) {
            Array array = row.getArray(first + i);
            columns.add(array == null ? new String[0] : (String[]) array.getArray());
        }
        List<Key> keys = new ArrayList<>();
        int count = columns.isEmpty() ? 0 : columns.get(0).length;
        for (int number = 0; number < count; number++) {
            List<String> values = new ArrayList<>();
            for (String[] column : columns) {
                values.add(column[number]);
            }
            keys.add(new Key(values));
        }
        return keys;
    }

    /** The key of a range's row of this number, from 0; empty where the range has fewer rows. */
    Optional<Key> keyAt(Key.Range range, long number) throws SQLException {
        String sql = "SELECT " + String.join(", ", side.keyTexts()) + " FROM " + side.from() + " WHERE "
                + side.in(range) + " ORDER BY " + side.order() + " OFFSET " + number + " LIMIT 1";
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            bind(query, 1, range);
            try (ResultSet row = answer(query)) {
                return row.next() ? Optional.of(key(row)) : Optional.empty();
            }
        }
    }

    /** The rows of a range, later ones among them. */
    List<Row> rows(Key.Range range) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(select() + " WHERE " + side.in(range))) {
            bind(query, 1, range);
            return read(query);
        }
    }

    /** The rows of these keys, as far as there are such. */
    List<Row> rows(Collection<Key> keys) throws SQLException {
        String sql = select() + " JOIN " + side.keyList() + " ON " + side.isWanted();
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            bind(query, 1, keys);
            return read(query);
        }
    }

    /**
     * The row that these values make, as if it had been read.
     *
     * @param types of the columns of the table, by their names
     * @param texts values as the server writes them; a column that is not there counts as null
     */
    Row rowOf(Key key, Map<String, String> types, Map<String, String> texts) throws SQLException {
        List<String> names = List.copyOf(types.keySet());
        String values = names.stream()
                .map(name -> "?::" + types.get(name) + " AS " + SqlText.quote(name))
                .collect(Collectors.joining(", "));
        String sql = "SELECT " + side.columnHashes() + ", " + side.columnTexts() + " FROM (SELECT " + values + ") t";
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            for (int i = 0; i < names.size(); i++) {
                query.setString(i + 1, texts.get(names.get(i)));
            }
            try (ResultSet row = answer(query)) {
                row.next();
                return new Row(
                        key,
                        Row.listOf((Long[]) row.getArray(1).getArray()),
                        showsValues ? Row.listOf((String[]) row.getArray(2).getArray()) : List.of(),
                        "",
                        false);
            }
        }
    }

    private String select() {
        return "SELECT " + side.keys() + side.columnHashes() + ", "
                + (showsValues ? side.columnTexts() : "NULL::text[]") + ", " + side.version() + ", " + side.later()
                + " FROM " + side.from();
    }

    private List<Row> read(PreparedStatement query) throws SQLException {
        int first = side.keyTexts().size() + 1;
        try (ResultSet result = answer(query)) {
            List<Row> rows = new ArrayList<>();
            while (result.next()) {
                Array texts = result.getArray(first + 1);
                rows.add(new Row(
                        key(result),
                        Row.listOf((Long[]) result.getArray(first).getArray()),
                        Row.listOf(texts == null ? null : (String[]) texts.getArray()),
                        result.getString(first + 2),
                        result.getBoolean(first + 3)));
            }
            return rows;
        }
    }

    private Key key(ResultSet row) throws SQLException {
        List<String> values = new ArrayList<>();
        for (int i = 1; i <= side.keyTexts().size(); i++) {
            values.add(row.getString(i));
        }
        return new Key(values);
    }

    private int bind(PreparedStatement query, int first, Key.Range range) throws SQLException {
        int next = first;
        for (Optional<Key> bound : List.of(range.after(), range.through())) {
            for (String value : bound.map(Key::values).orElse(List.of())) {
                query.setString(next++, value);
            }
        }
        return next;
    }

    private void bind(PreparedStatement query, int first, Collection<Key> keys) throws SQLException {
        for (int i = 0; i < side.keyTexts().size(); i++) {
            int column = i;
            query.setArray(
                    first + i,
                    connection.createArrayOf(
                            "text",
                            keys.stream().map(key -> key.values().get(column)).toArray()));
        }
    }
}
