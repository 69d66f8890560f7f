package io.ledgerconnect.cli.audit;

import io.ledgerconnect.cli.audit.AuditedTable.LeftOut;
import io.ledgerconnect.cli.audit.AuditedTable.Mode;
import io.ledgerconnect.cli.audit.AuditedTable.Pair;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Finds the tables of a pipeline on both sides, and how they are compared. */
final class TableCatalog {
    /** What a pipeline has applied, and which reporting table it leads to; null where there is none. */
    private static final String TARGETS = """
            SELECT c.channel, t.target
            FROM (SELECT DISTINCT channel FROM ledger_connect.applied WHERE pipeline = ? AND source = ?
                  UNION
                  SELECT DISTINCT unnest(channels) FROM ledger_connect.watermark WHERE pipeline = ? AND source = ?) c
            LEFT JOIN ledger_connect.target t ON (t.pipeline, t.source, t.channel) = (?, ?, c.channel)
            ORDER BY 1""";

    private static final String LEDGER_TABLE = """
            SELECT CASE WHEN c.relkind = 'p' THEN '' ELSE 'ONLY ' END || format('%I.%I', n.nspname, c.relname),
                   format('%I.%I', n.nspname, c.relname), greatest(c.reltuples, 0)::bigint
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname || '.' || c.relname = ? AND c.relkind IN ('r', 'p')""";
    private static final String COLUMNS = """
            SELECT a.attname, format_type(a.atttypid, a.atttypmod), coalesce(b.typname, t.typname), a.attgenerated <> ''
            FROM pg_attribute a
            JOIN pg_type t ON t.oid = a.atttypid
            LEFT JOIN pg_type b ON b.oid = t.typbasetype AND t.typtype = 'd'
            WHERE a.attrelid = to_regclass(?) AND a.attnum > 0 AND NOT a.attisdropped
            ORDER BY a.attnum""";
    private static final String UNIQUE = """
            SELECT a.attname
            FROM (SELECT i.* FROM pg_index i
                  WHERE i.indrelid = to_regclass(?) AND i.indisunique AND i.indisvalid AND i.indpred IS NULL
                    AND NOT 0 = ANY (i.indkey)
                  ORDER BY i.indisprimary DESC, i.indexrelid LIMIT 1) i
            CROSS JOIN unnest(i.indkey::int2[]) WITH ORDINALITY AS k (number, place)
            JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number
            WHERE k.place <= i.indnkeyatts
            ORDER BY k.place""";

    private final Connection ledger;
    private final Connection store;
    private final String position;
    private final CapturedColumns captured;
    private final SumSettings sums;

    /** @param ledger as of {@code position} */
    TableCatalog(Connection ledger, Connection store, String position, CapturedColumns captured, SumSettings sums) {
        this.ledger = ledger;
        this.store = store;
        this.position = position;
        this.captured = captured;
        this.sums = sums;
    }

    /**
     * The tables of a pipeline.
     *
     * @param absent ledger tables with rows that have no reporting table
     * @param gone tables that the ledger has no more
     */
    record Tables(List<AuditedTable> tables, List<String> absent, List<String> gone) {}

    Tables read(String pipeline, String source, Pattern wanted) throws SQLException {
        Tables found = new Tables(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (Map.Entry<String, String> channel : targets(pipeline, source).entrySet()) {
            if (channel.getKey().indexOf('.') > 0
                    && wanted.matcher(channel.getKey()).matches()) {
                add(found, channel.getKey(), channel.getValue());
            }
        }
        return found;
    }

    private void add(Tables found, String name, String target) throws SQLException {
        try (PreparedStatement query = ledger.prepareStatement(LEDGER_TABLE)) {
            query.setString(1, name);
            try (ResultSet row = query.executeQuery()) {
                if (!row.next()) {
                    found.gone.add(name);
                } else if (target == null || columns(store, target).isEmpty()) {
                    if (isTrue(ledger, "SELECT EXISTS (SELECT FROM " + row.getString(1) + ")")) {
                        found.absent.add(name);
                    }
                } else {
                    found.tables.add(table(name, row.getString(1), row.getString(2), target, row.getLong(3)));
                }
            }
        }
    }

    private AuditedTable table(String name, String from, String ledgerTable, String target, long rows)
            throws SQLException {
        Map<String, Column> reporting = columns(store, target);
        List<Pair> pairs = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        List<LeftOut> leftOut = new ArrayList<>();
        for (Column column : columns(ledger, ledgerTable).values()) {
            Column other = reporting.get(captured.reportingName(name, column.name()));
            Optional<String> whyNot = captured.whyNot(name, column)
                    .or(() -> Optional.ofNullable(other == null && column.generated() ? "generated" : null));
            if (whyNot.isPresent()) {
                leftOut.add(new LeftOut(column.name(), whyNot.get()));
            } else if (other == null) {
                missing.add(column.name());
            } else {
                pairs.add(new Pair(column, other, captured.rule(name, column)));
            }
        }
        Mode mode = mode(target, reporting);
        return new AuditedTable(
                name,
                from,
                target,
                mode,
                mode == Mode.APPEND_ONLY || mode == Mode.APPEND_CHANGES ? truncation(target) : "",
                mode == Mode.UPSERT
                        ? key(pairs, pair -> pair.reporting().name(), unique(store, target))
                        : key(pairs, Pair::name, unique(ledger, ledgerTable)),
                pairs,
                missing,
                leftOut,
                sums.of(name, pairs),
                rows);
    }

    /** Empty unless all of them are compared as they are. */
    private static List<Pair> key(List<Pair> pairs, Function<Pair, String> nameOf, List<String> names) {
        List<Pair> key = new ArrayList<>();
        for (String name : names) {
            pairs.stream()
                    .filter(pair -> pair.rule().isEmpty() && nameOf.apply(pair).equals(name))
                    .forEach(key::add);
        }
        return key.size() == names.size() ? key : List.of();
    }

    private Mode mode(String target, Map<String, Column> columns) throws SQLException {
        if (columns.containsKey("_until_lsn")) {
            return Mode.HISTORY;
        }
        if (!columns.containsKey("_op")) {
            return Mode.UPSERT;
        }
        return isTrue(store, "SELECT EXISTS (SELECT FROM " + target + " WHERE \"_op\" IN ('u', 'd'))")
                ? Mode.APPEND_CHANGES
                : Mode.APPEND_ONLY;
    }

    private String truncation(String target) throws SQLException {
        String sql = "SELECT \"_lsn\"::text, \"_ordinal\" FROM " + target + " WHERE \"_op\" = 't' AND \"_lsn\" < '"
                + position + "'::pg_lsn ORDER BY \"_lsn\" DESC, \"_ordinal\" DESC LIMIT 1";
        try (Statement statement = store.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? "'" + row.getString(1) + "'::pg_lsn, " + row.getLong(2) : "";
        }
    }

    private Map<String, String> targets(String pipeline, String source) throws SQLException {
        Map<String, String> targets = new LinkedHashMap<>();
        try (PreparedStatement query = store.prepareStatement(TARGETS)) {
            for (int i = 1; i <= 6; i += 2) {
                query.setString(i, pipeline);
                query.setString(i + 1, source);
            }
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    targets.put(row.getString(1), row.getString(2));
                }
            }
        }
        return targets;
    }

    private static Map<String, Column> columns(Connection connection, String table) throws SQLException {
        Map<String, Column> columns = new LinkedHashMap<>();
        try (PreparedStatement query = connection.prepareStatement(COLUMNS)) {
            query.setString(1, table);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    columns.put(
                            row.getString(1),
                            new Column(row.getString(1), row.getString(2), row.getString(3), row.getBoolean(4)));
                }
            }
        }
        return columns;
    }

    private static List<String> unique(Connection connection, String table) throws SQLException {
        List<String> names = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement(UNIQUE)) {
            query.setString(1, table);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    names.add(row.getString(1));
                }
            }
        }
        return names;
    }

    private static boolean isTrue(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getBoolean(1);
        }
    }
}
