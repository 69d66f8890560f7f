package io.ledgerconnect.cli.audit;

import io.ledgerconnect.cli.audit.AuditedTable.Pair;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The queries of one side of a table. Both sides make the same text of equal values, sort keys alike, and hash alike.
 *
 * @param from what rows are selected from, under the name {@code t}
 * @param keyTexts the key's columns as texts
 * @param keyOrder the key's columns as they are sorted
 * @param keyCasts to what a text of the key is cast for comparison with {@code keyOrder}
 * @param keyTypes to what it is cast for comparison with the column itself
 * @param values the compared columns as texts
 * @param sumGroup the text by which sums are told apart
 * @param sums the summed columns, each as a sum
 * @param later whether a change at or after the position has written a row
 * @param version tells this version of a row from others
 */
record Side(
        String from,
        List<String> keyNames,
        List<String> keyTexts,
        List<String> keyOrder,
        List<String> keyCasts,
        List<String> keyTypes,
        List<String> values,
        String sumGroup,
        List<String> sums,
        String later,
        String version,
        boolean sameEncoding) {

    private static final List<String> SESSION = List.of(
            "TimeZone = 'UTC'",
            "DateStyle = 'ISO, YMD'",
            "IntervalStyle = 'postgres'",
            "bytea_output = 'hex'",
            "extra_float_digits = 1",
            "lc_monetary = 'C'",
            "xmloption = content",
            "row_security = off",
            "statement_timeout = 0",
            "lock_timeout = '30s'",
            "idle_in_transaction_session_timeout = 0");

    static Side of(AuditedTable table, boolean isLedger, String from, String later, boolean sameEncoding) {
        List<String> texts = new ArrayList<>();
        List<String> order = new ArrayList<>();
        List<String> casts = new ArrayList<>();
        List<String> types = new ArrayList<>();
        for (Pair pair : table.key()) {
            Column own = isLedger ? pair.ledger() : pair.reporting();
            String text = pair.canonical(isLedger);
            boolean plain = pair.ledger().isOrderedLike(pair.reporting());
            texts.add(text);
            order.add(plain ? own.sql() : "(" + text + ") COLLATE \"C\"");
            casts.add(plain ? own.base() : "text");
            types.add(own.type());
        }
        return new Side(
                from,
                table.key().stream()
                        .map(pair -> (isLedger ? pair.ledger() : pair.reporting()).sql())
                        .toList(),
                texts,
                order,
                casts,
                types,
                table.columns().stream().map(pair -> pair.canonical(isLedger)).toList(),
                table.sums().group().map(pair -> pair.canonical(isLedger)).orElse("''::text"),
                table.sums().columns().stream()
                        .map(pair -> sum(isLedger ? pair.ledger() : pair.reporting(), later))
                        .toList(),
                later,
                isLedger ? "t.tableoid || ' ' || t.ctid || ' ' || t.xmin" : "t.\"_lsn\"::text",
                sameEncoding);
    }

    /** Of what has a sum: a numeric may also be no number, or infinite. */
    private static String sum(Column column, String later) {
        String number = column.sql() + "::numeric";
        return "sum(" + number + ") FILTER (WHERE NOT " + later + " AND " + number
                + " <> ALL ('{NaN,Infinity,-Infinity}'::numeric[]))";
    }

    /** Makes a session's texts those that the other side has, whatever role and database have set. */
    static void prepare(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String setting : SESSION) {
                statement.execute("SET " + setting);
            }
        }
    }

    /** The digest of one row: 64 bits of its text, in which values are quoted and null is told from an empty text. */
    String rowHash() {
        return hash("ROW(" + String.join(", ", values) + ")::text");
    }

    /** An array with the hash of each column. */
    String columnHashes() {
        return "ARRAY[" + values.stream().map(this::hash).collect(Collectors.joining(", ")) + "]::bigint[]";
    }

    String columnTexts() {
        return "ARRAY[" + String.join(", ", values) + "]::text[]";
    }

    /** The server's hash is of the bytes in its encoding; where these differ, of the same bytes on both sides. */
    private String hash(String text) {
        return sameEncoding
                ? "hashtextextended((" + text + ") COLLATE \"C\", 0)"
                : "('x' || left(md5(convert_to(" + text + ", 'UTF8')), 16))::bit(64)::bigint";
    }

    String keys() {
        return keyTexts.isEmpty() ? "" : String.join(", ", keyTexts) + ", ";
    }

    /** The text by which sums are told apart, and the sums, each behind a comma; empty where nothing is summed. */
    String summed() {
        return sums.isEmpty() ? "" : ", " + sumGroup + ", " + String.join(", ", sums);
    }

    /** What {@link #summed} needs at a statement's end. */
    String grouped() {
        return sums.isEmpty() ? "" : " GROUP BY " + sumGroup;
    }

    String order() {
        return String.join(", ", keyOrder);
    }

    /** Whether a row is in a range; the range's keys become parameters, in the order after, through. */
    String in(Key.Range range) {
        String row = "(" + order() + ")";
        String bounds = IntStream.range(0, keyCasts.size())
                .mapToObj(i -> "?::" + keyCasts.get(i))
                .collect(Collectors.joining(", ", "(", ")"));
        List<String> conditions = new ArrayList<>(List.of("true"));
        range.after().ifPresent(key -> conditions.add(row + " > " + bounds));
        range.through().ifPresent(key -> conditions.add(row + " <= " + bounds));
        return String.join(" AND ", conditions);
    }

    /** A list of keys as a relation {@code w}; each column of the key becomes a parameter, an array of texts. */
    String keyList() {
        String arrays = keyTexts.stream().map(text -> "?::text[]").collect(Collectors.joining(", "));
        return "unnest(" + arrays + ") AS w (" + wanted().collect(Collectors.joining(", ")) + ")";
    }

    /** By the column itself, for which there is an index. */
    String isWanted() {
        return IntStream.range(0, keyTexts.size())
                .mapToObj(i -> keyNames.get(i) + " = w.k" + i + "::" + keyTypes.get(i) + " AND " + keyTexts.get(i)
                        + " = w.k" + i)
                .collect(Collectors.joining(" AND "));
    }

    /** By the texts, for a hash of the list. */
    String isListed() {
        return IntStream.range(0, keyTexts.size())
                .mapToObj(i -> keyTexts.get(i) + " = w.k" + i)
                .collect(Collectors.joining(" AND "));
    }

    private Stream<String> wanted() {
        return IntStream.range(0, keyTexts.size()).mapToObj(i -> "k" + i);
    }
}
