package io.ledgerconnect.sink.write;

import io.ledgerconnect.sink.config.TableName;
import io.ledgerconnect.sink.target.MetaColumns;
import io.ledgerconnect.sink.target.PlannedColumn;
import io.ledgerconnect.sink.target.TablePlan;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The statements of an upsert. Staged rows have a kind ({@code u} whole row, {@code p} partial row, {@code d} delete),
 * the bits of a partial row's absent columns, the columns {@code c0, c1, …} and the position.
 *
 * <p>A row that the table has from a later position is left alone: positions are locked, so this only happens where
 * something else wrote the table too.
 */
final class UpsertSql {
    private final TablePlan plan;
    private final String stage;
    private final String stageColumns;

    UpsertSql(TablePlan plan) {
        this.plan = plan;
        this.stageColumns = "kind \"char\", absent bytea, "
                + each(i -> "c" + i + " " + column(i).target().baseTypeSql(), ", ")
                + ", lsn pg_lsn" + (plan.hasOrdinal() ? ", ordinal bigint" : "") + ", committed_at timestamptz";
        // The same columns for the same table have the same stage, across plans and failed transactions.
        this.stage = "ledger_connect_"
                + UUID.nameUUIDFromBytes((plan.name() + stageColumns).getBytes(StandardCharsets.UTF_8));
    }

    String stage() {
        return stage;
    }

    String createStage() {
        return "CREATE TEMPORARY TABLE IF NOT EXISTS " + quotedStage() + " (" + stageColumns
                + ") ON COMMIT DELETE ROWS";
    }

    String clearStage() {
        return "TRUNCATE " + quotedStage();
    }

    String copy() {
        return "COPY " + quotedStage() + " FROM STDIN (FORMAT binary)";
    }

    private String quotedStage() {
        return "pg_temp." + TableName.quote(stage);
    }

    /** Number of fields of a staged row. */
    int fields() {
        return 2 + plan.columns().size() + (plan.hasOrdinal() ? 3 : 2);
    }

    /** How many partial rows have no row to patch. */
    String countUnpatchable() {
        return "SELECT count(*) FROM " + quotedStage() + " s WHERE s.kind = 'p' AND NOT EXISTS (SELECT FROM "
                + plan.name().sql() + " t WHERE " + sameKey() + ")";
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
        return "DELETE FROM " + plan.name().sql() + " t USING " + quotedStage() + " s WHERE s.kind = 'd' AND "
                + sameKey() + " AND " + notLater("s.lsn");
    }

    private String patch() {
        return "UPDATE " + plan.name().sql() + " t SET "
                + eachValue(i -> quoted(i) + " = CASE WHEN get_bit(s.absent, " + i + ") = 1 THEN t." + quoted(i)
                        + " ELSE s.c" + i + " END")
                + meta("s") + " FROM " + quotedStage() + " s WHERE s.kind = 'p' AND " + sameKey() + " AND "
                + notLater("s.lsn");
    }

    private String insertOrUpdate() {
        String ordinal = plan.hasOrdinal() ? MetaColumns.ORDINAL + ", " : "";
        return "INSERT INTO " + plan.name().sql() + " AS t (" + plan.columnList() + ", " + MetaColumns.LSN + ", "
                + ordinal + MetaColumns.COMMITTED_AT + ") SELECT " + each(i -> "s.c" + i, ", ") + ", s.lsn, "
                + (plan.hasOrdinal() ? "s.ordinal, " : "") + "s.committed_at FROM " + quotedStage()
                + " s WHERE s.kind = 'u' ON CONFLICT ("
                + plan.keyColumns().stream()
                        .map(PlannedColumn::name)
                        .map(TableName::quote)
                        .collect(Collectors.joining(", "))
                + ") DO UPDATE SET " + eachValue(i -> quoted(i) + " = excluded." + quoted(i)) + metaExcluded()
                + " WHERE " + notLater("excluded." + MetaColumns.LSN);
    }

    private String meta(String from) {
        return MetaColumns.LSN + " = " + from + ".lsn, "
                + (plan.hasOrdinal() ? MetaColumns.ORDINAL + " = " + from + ".ordinal, " : "")
                + MetaColumns.COMMITTED_AT + " = " + from + ".committed_at";
    }

    private String metaExcluded() {
        List<String> columns = plan.hasOrdinal()
                ? List.of(MetaColumns.LSN, MetaColumns.ORDINAL, MetaColumns.COMMITTED_AT)
                : List.of(MetaColumns.LSN, MetaColumns.COMMITTED_AT);
        return columns.stream().map(name -> name + " = excluded." + name).collect(Collectors.joining(", "));
    }

    private static String notLater(String lsn) {
        return "(t." + MetaColumns.LSN + " IS NULL OR t." + MetaColumns.LSN + " <= " + lsn + ")";
    }

    private String sameKey() {
        return IntStream.range(0, plan.keyColumns().size())
                .mapToObj(i -> "t." + quoted(i) + " = s.c" + i)
                .collect(Collectors.joining(" AND "));
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
