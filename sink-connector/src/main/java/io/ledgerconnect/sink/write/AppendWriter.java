package io.ledgerconnect.sink.write;

import io.ledgerconnect.common.type.BinaryWriter;
import io.ledgerconnect.sink.config.TableName;
import io.ledgerconnect.sink.database.Transaction;
import io.ledgerconnect.sink.enrich.Enricher;
import io.ledgerconnect.sink.enrich.EnrichmentSql;
import io.ledgerconnect.sink.read.Change;
import io.ledgerconnect.sink.target.MetaColumns;
import io.ledgerconnect.sink.target.PlannedColumn;
import io.ledgerconnect.sink.target.RefusedException;
import io.ledgerconnect.sink.target.TablePlan;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.connect.data.Struct;

/**
 * Writes changes to an append table, one row each, by COPY, straight into it where it takes every column in binary
 * form. A delete has the columns that the ledger sends of the old row: those of the key, or all with REPLICA IDENTITY
 * FULL. Values that the ledger did not send are null.
 */
final class AppendWriter {
    private final BinaryCopy copy;
    private final Enricher enricher;

    AppendWriter(BinaryCopy copy, Enricher enricher) {
        this.copy = copy;
        this.enricher = enricher;
    }

    void write(Transaction transaction, TablePlan plan, List<Change> changes) throws SQLException {
        EnrichmentSql enrichment = enricher.of(transaction, plan);
        if (enrichment.isEmpty() && plan.columns().stream().noneMatch(PlannedColumn::needsStage)) {
            send(
                    transaction,
                    "COPY " + plan.name().sql() + " (" + columns(plan) + ") FROM STDIN (FORMAT binary)",
                    plan,
                    changes);
            return;
        }
        Stage stage = stage(plan);
        stage.prepare(transaction);
        send(transaction, stage.copy(), plan, changes);
        String columns = columns(plan) + (enrichment.isEmpty() ? "" : ", " + enrichment.columnList());
        int written = transaction.execute("INSERT INTO " + plan.name().sql() + " (" + columns + ") SELECT " + columns
                + " FROM (" + enrichment.query(staged(plan, stage)) + ") w");
        if (written != changes.size()) {
            throw new RefusedException(BinaryCopy.LEFT_OUT, null, null);
        }
    }

    private static String staged(TablePlan plan, Stage stage) {
        return "SELECT "
                + each(
                        plan,
                        i -> plan.columns().get(i).fromStage("s.c" + i) + " AS "
                                + TableName.quote(plan.columns().get(i).name()))
                + "s.operation AS _op, s.lsn AS _lsn, s.ordinal AS _ordinal, s.committed_at AS _committed_at FROM "
                + stage.sql() + " s";
    }

    private void send(Transaction transaction, String sql, TablePlan plan, List<Change> changes) throws SQLException {
        int fields = plan.columns().size() + MetaColumns.ALL.size();
        copy.send(transaction, sql, changes, fields, (change, out) -> encode(change, plan, out));
    }

    private static String columns(TablePlan plan) {
        String columns = plan.columns().isEmpty() ? "" : plan.columnList() + ", ";
        return columns + String.join(", ", MetaColumns.ALL);
    }

    private static Stage stage(TablePlan plan) {
        return Stage.of(
                plan.name(),
                "append",
                each(plan, i -> "c" + i + " " + plan.columns().get(i).stagedTypeSql())
                        + "operation text, lsn pg_lsn, ordinal bigint, committed_at timestamptz");
    }

    /** For every column, each followed by a comma. */
    private static String each(TablePlan plan, IntFunction<String> text) {
        return IntStream.range(0, plan.columns().size())
                .mapToObj(i -> text.apply(i) + ", ")
                .collect(Collectors.joining());
    }

    private static void encode(Change change, TablePlan plan, BinaryWriter out) {
        Struct row = plan.rowOf(change);
        RowState.requireRow(change, row);
        Set<String> absent = row == null ? Set.of() : AbsentValues.of(change, row);
        for (int i = 0; i < plan.columns().size(); i++) {
            var column = plan.columns().get(i);
            column.write(absent.contains(column.name()) ? null : plan.value(i, change, row), out);
        }
        MetaFields.writeOperation(change, out);
        MetaFields.write(change, true, out);
    }
}
