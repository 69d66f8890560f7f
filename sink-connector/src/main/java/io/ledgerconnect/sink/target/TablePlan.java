package io.ledgerconnect.sink.target;

import io.ledgerconnect.common.type.BinaryWriter;
import io.ledgerconnect.sink.config.TableName;
import io.ledgerconnect.sink.read.Change;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;

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

    /** @param columns those of the key first */
    TablePlan(TargetTable table, Schema key, RowShape shape, List<PlannedColumn> columns, int keyColumns) {
        this.table = table;
        this.key = key;
        this.shape = shape;
        this.columns = columns;
        this.keyColumns = keyColumns;
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
