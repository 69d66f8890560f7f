package io.ledgerconnect.sink.write;

import io.ledgerconnect.common.type.BinaryWriter;
import io.ledgerconnect.sink.database.Transaction;
import io.ledgerconnect.sink.read.Change;
import io.ledgerconnect.sink.target.MetaColumns;
import io.ledgerconnect.sink.target.TablePlan;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import org.apache.kafka.connect.data.Struct;

/**
 * Writes changes to an append table, one row each, by COPY straight into it. A delete has the columns that the ledger
 * sends of the old row: those of the key, or all with REPLICA IDENTITY FULL. Values that the ledger did not send are
 * null.
 */
final class AppendWriter {
    private final BinaryCopy copy;

    AppendWriter(BinaryCopy copy) {
        this.copy = copy;
    }

    void write(Transaction transaction, TablePlan plan, List<Change> changes) throws SQLException {
        String columns = plan.columns().isEmpty() ? "" : plan.columnList() + ", ";
        copy.send(
                transaction,
                "COPY " + plan.name().sql() + " (" + columns + String.join(", ", MetaColumns.ALL)
                        + ") FROM STDIN (FORMAT binary)",
                changes,
                plan.columns().size() + MetaColumns.ALL.size(),
                (change, out) -> encode(change, plan, out));
    }

    private static void encode(Change change, TablePlan plan, BinaryWriter out) {
        Struct row = plan.rowOf(change);
        RowState.requireRow(change, row);
        Set<String> absent = change.absentColumns();
        for (int i = 0; i < plan.columns().size(); i++) {
            var column = plan.columns().get(i);
            column.write(absent.contains(column.name()) ? null : plan.value(i, change, row), out);
        }
        MetaFields.writeOperation(change, out);
        MetaFields.write(change, true, out);
    }
}
