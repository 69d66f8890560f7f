package io.ledgerconnect.sink.write;

import io.ledgerconnect.sink.config.TableName;
import io.ledgerconnect.sink.enrich.EnrichmentSql;
import io.ledgerconnect.sink.read.Change;
import io.ledgerconnect.sink.target.MetaColumns;
import io.ledgerconnect.sink.target.PlannedColumn;
import io.ledgerconnect.sink.target.TablePlan;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The statements of an upsert. Staged rows have a kind ({@code u} whole row, {@code p} partial row, {@code d} delete),
 * the bits of a partial row's absent columns and the ledger table it comes from, the columns {@code c0, c1, …} and the
 * position.
 *
 * <p>A row that the table has from a later position is left alone. It is there where something else wrote the table
 * too, and where keys are equal though their bytes are not ({@code 0} and {@code -0}): such a change of key is a delete
 * and an insert of one transaction, in two partitions of which the insert's may be ahead. Equal keys may be written in
 * several ways ({@code 1} and {@code 1.00}), so the key is set as well.
 */
final class UpsertSql {
    private final TablePlan plan;
    private final EnrichmentSql enrichment;
    private final Stage stage;

    UpsertSql(TablePlan plan, EnrichmentSql enrichment) {
        this.plan = plan;
        this.enrichment = enrichment;
        this.stage = Stage.of(
                plan.name(),
                "upsert",
                "kind \"char\", absent bytea, origin text, "
                        + each(i -> "c" + i + " " + column(i).stagedTypeSql(), ", ")
                        + ", lsn pg_lsn" + (plan.hasOrdinal() ? ", ordinal bigint" : "")
                        + ", committed_at timestamptz");
    }

    Stage stage() {
        return stage;
    }

    /** Number of fields of a staged row. */
    int fields() {
        return 3 + plan.columns().size() + (plan.hasOrdinal() ? 3 : 2);
    }

    /**
     * How many partial rows have no row to patch, other than those whose row a later truncate of the pipeline (the
     * parameter) has taken away. One statement, so that it sees either both the truncate and its outcome or neither.
     */
    String countUnpatchable() {
        String later = plan.hasOrdinal() ? "(u.lsn, u.ordinal) > (s.lsn, s.ordinal)" : "u.lsn > s.lsn";
        return "SELECT count(*) FROM " + stage.sql() + " s WHERE s.kind = 'p' AND NOT EXISTS (SELECT FROM "
                + plan.name().sql() + " t WHERE " + sameKey()
                + ") AND NOT EXISTS (SELECT FROM ledger_connect.truncation u WHERE u.pipeline = ? AND s.origin = "
                + "u.source || ' ' || u.channel AND " + later + ")";
    }

    /** How many staged changes the table does not show after the merge: a trigger left them out. */
    String countUnwritten() {
        String written = plan.hasOrdinal()
                ? "(t." + MetaColumns.LSN + ", t." + MetaColumns.ORDINAL + ") >= (s.lsn, s.ordinal)"
                : "t." + MetaColumns.LSN + " >= s.lsn";
        String row = "EXISTS (SELECT FROM " + plan.name().sql() + " t WHERE " + sameKey() + " AND ";
        return "SELECT count(*) FROM " + stage.sql() + " s WHERE CASE s.kind WHEN 'u' THEN NOT " + row + written
                + ") WHEN 'p' THEN " + row + "(" + written + ") IS NOT TRUE) ELSE " + row
                + notLater("s.lsn", "s.ordinal") + ") END";
    }

    /** The ledger table of a change, as {@link #countUnpatchable()} compares it. */
    static String origin(Change change) {
        return change.channel().source() + " " + change.channel().table();
    }

    /** Deletes, patches and inserts or updates; every key is staged at most once, so the parts do not meet. */
    String merge(boolean deletes, boolean partials) {
        StringBuilder sql = new StringBuilder();
        if (deletes) {
            sql.append("WITH gone AS (").append(delete()).append(')');
        }
        if (partials) {
            sql.append(deletes ? ", " : "WITH ")
                    .append("patched AS (")
                    .append(patch())
                    .append(')');
        }
        return sql.append(' ').append(insertOrUpdate()).toString();
    }

    private String delete() {
        return "DELETE FROM " + plan.name().sql() + " t USING " + stage.sql() + " s WHERE s.kind = 'd' AND " + sameKey()
                + " AND " + notLater("s.lsn", "s.ordinal");
    }

    private String patch() {
        return "UPDATE " + plan.name().sql() + " t SET "
                + eachValue(i -> quoted(i) + " = " + patched(i))
                + meta("s") + enriched() + " FROM " + stage.sql() + " s WHERE s.kind = 'p' AND " + sameKey() + " AND "
                + notLater("s.lsn", "s.ordinal");
    }

    /** What a patched row gets: of its values as they will be. */
    private String enriched() {
        if (enrichment.isEmpty()) {
            return "";
        }
        String row = each(i -> (i < plan.keyColumns().size() ? staged(i) : patched(i)) + " AS " + quoted(i), ", ");
        return ", (" + enrichment.columnList() + ") = (SELECT " + enrichment.columnList() + " FROM ("
                + enrichment.query("SELECT " + row + ", " + stagedMeta()) + ") w)";
    }

    private String patched(int index) {
        return "CASE WHEN get_bit(s.absent, " + index + ") = 1 THEN t." + quoted(index) + " ELSE " + staged(index)
                + " END";
    }

    private String insertOrUpdate() {
        String key = plan.keyColumns().stream()
                .map(PlannedColumn::name)
                .map(TableName::quote)
                .collect(Collectors.joining(", "));
        return "INSERT INTO " + plan.name().sql() + " AS t (" + insertedColumns() + ") SELECT " + insertedColumns()
                + " FROM (" + enrichment.query(whole()) + ") w ON CONFLICT (" + key + ") DO UPDATE SET "
                + each(i -> quoted(i) + " = excluded." + quoted(i), ", ") + ", " + metaExcluded()
                + (enrichment.isEmpty() ? "" : ", " + enrichment.each(column -> column + " = excluded." + column))
                + " WHERE "
                + notLater("excluded." + MetaColumns.LSN, "excluded." + MetaColumns.ORDINAL);
    }

    private String insertedColumns() {
        return plan.columnList() + ", " + String.join(", ", metaColumns())
                + (enrichment.isEmpty() ? "" : ", " + enrichment.columnList());
    }

    private String whole() {
        return "SELECT " + each(i -> staged(i) + " AS " + quoted(i), ", ") + ", " + stagedMeta() + " FROM "
                + stage.sql() + " s WHERE s.kind = 'u'";
    }

    /** The position of a staged row, named as in the table. */
    private String stagedMeta() {
        return "s.lsn AS " + MetaColumns.LSN + ", "
                + (plan.hasOrdinal() ? "s.ordinal AS " + MetaColumns.ORDINAL + ", " : "") + "s.committed_at AS "
                + MetaColumns.COMMITTED_AT;
    }

    private String meta(String from) {
        return MetaColumns.LSN + " = " + from + ".lsn, "
                + (plan.hasOrdinal() ? MetaColumns.ORDINAL + " = " + from + ".ordinal, " : "")
                + MetaColumns.COMMITTED_AT + " = " + from + ".committed_at";
    }

    private List<String> metaColumns() {
        return plan.hasOrdinal()
                ? List.of(MetaColumns.LSN, MetaColumns.ORDINAL, MetaColumns.COMMITTED_AT)
                : List.of(MetaColumns.LSN, MetaColumns.COMMITTED_AT);
    }

    private String metaExcluded() {
        return metaColumns().stream().map(name -> name + " = excluded." + name).collect(Collectors.joining(", "));
    }

    /** Without ordinals, changes of one transaction cannot be told apart; then what comes last is taken. */
    private String notLater(String lsn, String ordinal) {
        String order = plan.hasOrdinal()
                ? "(t." + MetaColumns.LSN + ", coalesce(t." + MetaColumns.ORDINAL + ", 0)) <= (" + lsn + ", " + ordinal
                        + ")"
                : "t." + MetaColumns.LSN + " <= " + lsn;
        return "(t." + MetaColumns.LSN + " IS NULL OR " + order + ")";
    }

    private String sameKey() {
        return IntStream.range(0, plan.keyColumns().size())
                .mapToObj(i -> "t." + quoted(i) + " = " + staged(i))
                .collect(Collectors.joining(" AND "));
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

    private String each(IntFunction<String> text, String divider) {
        return IntStream.range(0, plan.columns().size()).mapToObj(text).collect(Collectors.joining(divider));
    }

    /** For the columns that are not the key's, each followed by a comma. */
    private String eachValue(IntFunction<String> text) {
        return IntStream.range(plan.keyColumns().size(), plan.columns().size())
                .mapToObj(i -> text.apply(i) + ", ")
                .collect(Collectors.joining());
    }
}
