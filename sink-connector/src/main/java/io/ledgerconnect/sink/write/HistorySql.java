package io.ledgerconnect.sink.write;

import io.ledgerconnect.sink.config.TableName;
import io.ledgerconnect.sink.enrich.EnrichmentSql;
import io.ledgerconnect.sink.target.PlannedColumn;
import io.ledgerconnect.sink.target.TablePlan;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The statements of a history table. Staged rows have a kind ({@code v} whole version, {@code p} one that leaves
 * columns as they were, {@code d} an end without a version after it), the bits of the columns left as they were, the
 * columns {@code c0, c1, …} and the position.
 *
 * <p>Invariant: a version is valid from its own position until that of the next change of its key. What a change cuts
 * is the version that begins last before it, if that is not over by then; what it begins lasts until the next change
 * that is known, which is staged, begins in the table, or ended the version that was cut. So the order in which changes
 * come does not matter.
 */
final class HistorySql {
    private final TablePlan plan;
    private final boolean partials;
    private final EnrichmentSql enrichment;
    private final Stage stage;

    /** @param partials whether versions that leave columns as they were are staged */
    HistorySql(TablePlan plan, boolean partials, EnrichmentSql enrichment) {
        this.plan = plan;
        this.partials = partials;
        this.enrichment = enrichment;
        this.stage = Stage.of(
                plan.name(),
                "history",
                "kind \"char\", absent bytea, "
                        + each(i -> "c" + i + " " + column(i).stagedTypeSql() + ", ")
                        + "lsn pg_lsn, ordinal bigint, committed_at timestamptz");
    }

    Stage stage() {
        return stage;
    }

    /** Number of fields of a staged row. */
    int fields() {
        return 2 + plan.columns().size() + 3;
    }

    /** How many versions leave columns as they were, without a version before them. */
    String countUnpatchable() {
        return "SELECT count(*) FROM " + stage.sql() + " s WHERE s.kind = 'p' AND NOT EXISTS (SELECT FROM "
                + plan.name().sql() + " t WHERE " + sameKey(this::staged) + " AND " + begins("<") + " AND "
                + isValidAt("t", "s") + ")";
    }

    /** How many staged changes the table does not show after the write: a trigger left them out. */
    String countUnwritten() {
        String table = "EXISTS (SELECT FROM " + plan.name().sql() + " t WHERE " + sameKey(this::staged) + " AND ";
        return "SELECT count(*) FROM " + stage.sql() + " s WHERE " + table + begins("<") + " AND " + isValidAt("t", "s")
                + ") OR (s.kind <> 'd' AND NOT " + table + begins("=") + "))";
    }

    /**
     * Ends versions, then begins others. The order matters to an index that is unique among current versions; the
     * statement sees the table as it was.
     */
    String write() {
        String columns = plan.columnList() + ", _lsn, _ordinal, _committed_at, _until_lsn, _until_ordinal, _until"
                + (enrichment.isEmpty() ? "" : ", " + enrichment.columnList());
        return "WITH found AS MATERIALIZED (" + found() + "), ended AS (" + end() + ") INSERT INTO "
                + plan.name().sql() + " (" + columns + ") SELECT " + columns + " FROM (" + enrichment.query(begun())
                + ") w";
    }

    /** The versions that begin. */
    private String begun() {
        return "SELECT " + each(i -> value(i) + " AS " + quoted(i) + ", ")
                + "f.lsn AS _lsn, f.ordinal AS _ordinal, f.committed_at AS _committed_at, f.until_lsn AS _until_lsn,"
                + " f.until_ordinal AS _until_ordinal, f.until_at AS _until FROM found f"
                + " WHERE f.kind <> 'd' AND (SELECT count(*) FROM ended) >= 0";
    }

    /**
     * A query for the values of key columns of which the staged changes are, {@code k0, k1, …}, after they were
     * written, with the positions between which something else is valid now.
     */
    String changed(List<String> key) {
        List<String> names = plan.keyColumns().stream().map(PlannedColumn::name).toList();
        String values = IntStream.range(0, key.size())
                .mapToObj(i -> staged(names.indexOf(key.get(i))) + " AS k" + i + ", ")
                .collect(Collectors.joining());
        return "SELECT " + values + "s.lsn AS since, n._lsn AS until FROM " + stage.sql()
                + " s LEFT JOIN LATERAL (SELECT t._lsn FROM " + plan.name().sql() + " t WHERE " + sameKey(this::staged)
                + " AND " + begins(">") + " ORDER BY t._lsn, t._ordinal LIMIT 1) n ON true";
    }

    /** Staged changes, each with the version that it cuts and the next change after it. */
    private String found() {
        return "SELECT s.*, p._lsn AS cut_lsn, p._ordinal AS cut_ordinal,"
                + eachCut(i -> " p." + quoted(i) + " AS p" + i + ",")
                + " u.lsn AS until_lsn, u.ordinal AS until_ordinal, u.at AS until_at FROM (" + following() + ") s"
                + " LEFT JOIN LATERAL (SELECT t.* FROM " + plan.name().sql() + " t WHERE " + sameKey(this::staged)
                + " AND " + begins("<") + " ORDER BY t._lsn DESC, t._ordinal DESC LIMIT 1) p ON " + isValidAt("p", "s")
                + " LEFT JOIN LATERAL (SELECT t._lsn, t._ordinal, t._committed_at FROM "
                + plan.name().sql()
                + " t WHERE " + sameKey(this::staged) + " AND " + begins(">")
                + " ORDER BY t._lsn, t._ordinal LIMIT 1) n ON true"
                + " LEFT JOIN LATERAL (SELECT * FROM (VALUES (s.next_lsn, s.next_ordinal, s.next_at),"
                + " (n._lsn, n._ordinal, n._committed_at), (p._until_lsn, p._until_ordinal, p._until))"
                + " e (lsn, ordinal, at) WHERE e.lsn IS NOT NULL ORDER BY e.lsn, e.ordinal LIMIT 1) u ON true";
    }

    /** Where a change gives up a key for one that the server holds equal, the end comes first at the same position. */
    private String following() {
        return "SELECT s.*, lead(s.lsn) OVER w AS next_lsn, lead(s.ordinal) OVER w AS next_ordinal,"
                + " lead(s.committed_at) OVER w AS next_at FROM " + stage.sql() + " s WINDOW w AS (PARTITION BY "
                + eachKey(this::staged, ", ") + " ORDER BY s.lsn, s.ordinal, s.kind <> 'd')";
    }

    /** Several changes may cut one version: the first ends it. They need not write its key as the table has it. */
    private String end() {
        String version = eachKey(i -> "f.p" + i, ", ") + ", f.cut_lsn, f.cut_ordinal";
        return "UPDATE " + plan.name().sql() + " t SET _until_lsn = s.lsn, _until_ordinal = s.ordinal,"
                + " _until = s.committed_at FROM (SELECT DISTINCT ON (" + version + ") * FROM found f"
                + " WHERE f.cut_lsn IS NOT NULL ORDER BY " + version + ", f.lsn, f.ordinal) s WHERE "
                + sameKey(i -> "s.p" + i) + " AND (t._lsn, t._ordinal) = (s.cut_lsn, s.cut_ordinal) AND "
                + isValidAt("t", "s") + " RETURNING 1";
    }

    private String value(int index) {
        String staged = column(index).fromStage("f.c" + index);
        return partials && index >= plan.keyColumns().size()
                ? "CASE WHEN get_bit(f.absent, " + index + ") = 1 THEN f.p" + index + " ELSE " + staged + " END"
                : staged;
    }

    private static String begins(String comparison) {
        return "(t._lsn, t._ordinal) " + comparison + " (s.lsn, s.ordinal)";
    }

    /** Whether a version that begins earlier is not over at a staged change. */
    private static String isValidAt(String version, String change) {
        return "(" + version + "._until_lsn IS NULL OR (" + version + "._until_lsn, " + version + "._until_ordinal) > ("
                + change + ".lsn, " + change + ".ordinal))";
    }

    private String sameKey(IntFunction<String> key) {
        return eachKey(i -> "t." + quoted(i) + " = " + key.apply(i), " AND ");
    }

    private String staged(int index) {
        return column(index).fromStage("s.c" + index);
    }

    private PlannedColumn column(int index) {
        return plan.columns().get(index);
    }

    private String quoted(int index) {
        return TableName.quote(column(index).name());
    }

    private String eachKey(IntFunction<String> text, String divider) {
        return IntStream.range(0, plan.keyColumns().size()).mapToObj(text).collect(Collectors.joining(divider));
    }

    /** For the columns that are needed of a version that is cut. */
    private String eachCut(IntFunction<String> text) {
        int columns = partials ? plan.columns().size() : plan.keyColumns().size();
        return IntStream.range(0, columns).mapToObj(text).collect(Collectors.joining());
    }

    private String each(IntFunction<String> text) {
        return IntStream.range(0, plan.columns().size()).mapToObj(text).collect(Collectors.joining());
    }
}
