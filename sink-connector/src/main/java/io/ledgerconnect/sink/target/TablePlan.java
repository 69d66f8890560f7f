package io.ledgerconnect.sink.target;

import io.ledgerconnect.common.envelope.Operation;
import io.ledgerconnect.common.type.BinaryWriter;
import io.ledgerconnect.sink.config.TableName;
import io.ledgerconnect.sink.read.Change;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * How records of one schema are written to one reporting table: resolved once, so that nothing is looked up by name per
 * row.
 */
public final class TablePlan {
    private final TargetTable table;
    private final Schema key;
    private final RowShape shape;
    private final List<PlannedColumn> columns;
    private final int keyColumns;
    /** Those key columns that are not of the record's key. */
    private final List<PlannedColumn> rowKeyColumns;

    /** @param columns those of the key first */
    TablePlan(TargetTable table, Schema key, RowShape shape, List<PlannedColumn> columns, int keyColumns) {
        this.table = table;
        this.key = key;
        this.shape = shape;
        this.columns = columns;
        this.keyColumns = keyColumns;
        this.rowKeyColumns = columns.subList(0, keyColumns).stream()
                .filter(column -> !column.fromKey())
                .toList();
    }

    public TableName name() {
        return table.name();
    }

    /** All columns that are written, those of the key first. */
    public List<PlannedColumn> columns() {
        return columns;
    }

    public List<PlannedColumn> keyColumns() {
        return columns.subList(0, keyColumns);
    }

    /** Whether the plan can read keys of this schema. */
    public boolean readsKey(Schema schema) {
        return key == schema || (key != null && key.equals(schema));
    }

    /** Whether the records have more than their key. */
    public boolean hasRow() {
        return shape.row() != null;
    }

    public boolean hasOrdinal() {
        return table.has(MetaColumns.ORDINAL);
    }

    /** Whether a trigger may alter rows, or leave them out, on their way into the table. */
    public boolean hasRowTriggers() {
        return table.traits().hasRowTriggers();
    }

    public Struct rowOf(Change change) {
        return shape.rowOf(change);
    }

    /** Whether a change may have given its row another key: one that the record's key does not tell. */
    public boolean mayChangeKey(Change change) {
        return !rowKeyColumns.isEmpty() && change.operation() == Operation.UPDATE;
    }

    /** The row before an update, with its key. */
    public Struct rowBefore(Change update) {
        return shape.rowBefore(update);
    }

    /**
     * Makes sure that a change says which row of the table it is about: under another key than the record's, only the
     * row before the change tells.
     *
     * @throws ConnectException when it does not
     */
    public void requireKey(Change change, Struct row) {
        if (rowKeyColumns.isEmpty()) {
            return;
        }
        boolean removes = change.operation() == Operation.DELETE;
        if (!removes && change.operation() != Operation.UPDATE) {
            return;
        }
        Struct before = removes ? row : shape.rowBefore(change);
        for (PlannedColumn column : rowKeyColumns) {
            if (column.valueIn(null, before) == null) {
                throw new ConnectException("The record at " + change.place() + " "
                        + (removes ? "deletes" : "updates") + " a row of "
                        + change.channel().table()
                        + " without saying what " + column.name() + " was before, and that is the key of " + name()
                        + " (table." + name()
                        + ".key): the row under the former key would stay. Nothing of this batch is"
                        + " written. Set message.key.columns="
                        + change.channel().table() + ":" + column.name()
                        + " in the source connector instead, for a new capture; or ALTER TABLE "
                        + change.channel().table() + " REPLICA IDENTITY FULL in the ledger, which tells of changes from"
                        + " then on, and begin anew");
            }
        }
    }

    /** The value of a column in a change, where {@code row} is what {@link #rowOf} gave for it. */
    public Object value(int column, Change change, Struct row) {
        return columns.get(column).valueIn(keyOf(change), row);
    }

    private static Struct keyOf(Change change) {
        return change.record().key() instanceof Struct key ? key : null;
    }

    /**
     * Appends the key in a form in which equal keys have equal bytes.
     *
     * @throws RefusedException when a key column is null
     */
    public void writeKey(Change change, Struct row, BinaryWriter out) {
        for (int i = 0; i < keyColumns; i++) {
            columns.get(i).writeComparable(value(i, change, row), out);
        }
    }

    /** Quoted names of the columns, divided by commas. */
    public String columnList() {
        return columns.stream().map(column -> TableName.quote(column.name())).collect(Collectors.joining(", "));
    }
}
