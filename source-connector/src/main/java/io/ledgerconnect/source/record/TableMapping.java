package io.ledgerconnect.source.record;

import io.ledgerconnect.common.envelope.AbsentColumns;
import io.ledgerconnect.common.position.Channel;
import io.ledgerconnect.common.position.PositionHeader;
import io.ledgerconnect.source.decode.Relation;
import io.ledgerconnect.source.decode.Tuple;
import io.ledgerconnect.source.offset.TableKey;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;

/**
 * How rows of one relation become records: everything that can be decided once per relation is decided here. Immutable
 * but for scratch space; each thread uses its own through {@link Rows}.
 */
public final class TableMapping {
    final String table;
    final String tableSchema;
    final String tableName;
    final String topic;
    final Schema keySchema;
    final Schema valueSchema;
    final EnvelopeSchema envelope;
    final String fingerprint;
    final TableKey key;
    private final boolean mayLackKey;
    private final Optional<RowQuery> query;
    private final List<Relation.Column> columns;
    private final ColumnReader[] valueColumns;
    private final Field[] valueFields;
    /** Which of them are in the key, and so in every old identity. */
    private final boolean[] inKey;

    private final ColumnReader[] keyColumns;
    private final Field[] keyFields;
    private final KeyHash.Part[] keyParts;
    private final Set<String> sentAsText;
    private final Map<Integer, Integer> unknown;
    private final ServerTexts texts;
    private final int partitions;
    private final String[] headerPrefixes;

    TableMapping(
            TableShape shape,
            int partitions,
            io.ledgerconnect.source.offset.StreamIdentity identity,
            ServerTexts texts) {
        this.texts = texts;
        unknown = Map.copyOf(shape.unknown());
        table = shape.relation().qualifiedName();
        tableSchema = shape.relation().schema();
        tableName = shape.relation().table();
        topic = shape.topic();
        keySchema = shape.keySchema();
        valueSchema = shape.valueSchema();
        envelope = shape.envelope();
        fingerprint = shape.fingerprint();
        key = shape.key();
        mayLackKey = shape.mayLackKey();
        query = shape.query();
        columns = List.copyOf(shape.relation().columns());
        valueColumns = shape.valueColumns().toArray(ColumnReader[]::new);
        valueFields = valueSchema.fields().toArray(Field[]::new);
        keyColumns = shape.keyColumns().toArray(ColumnReader[]::new);
        inKey = new boolean[valueColumns.length];
        for (int i = 0; i < valueColumns.length; i++) {
            inKey[i] = shape.keyColumns().contains(valueColumns[i]);
        }
        keyFields = keySchema == null ? new Field[0] : keySchema.fields().toArray(Field[]::new);
        sentAsText = Set.copyOf(shape.sentAsText());
        keyParts = shape.keyParts().toArray(KeyHash.Part[]::new);
        this.partitions = partitions;
        headerPrefixes = new String[partitions];
        for (int i = 0; i < partitions; i++) {
            headerPrefixes[i] = PositionHeader.prefix(new Channel(identity.source(), identity.stream(), table, i));
        }
    }

    /** Whether the server has no binary form of a column. */
    public boolean isSentAsText(String column) {
        return sentAsText.contains(column);
    }

    /**
     * A row that the stream brought, with the texts of values that only the server can read. A row that was copied has
     * them already.
     */
    Tuple readable(Tuple row) {
        if (row == null || unknown.isEmpty()) {
            return row;
        }
        for (Map.Entry<Integer, Integer> column : unknown.entrySet()) {
            int place = column.getKey();
            if (place < row.columns() && row.kind(place) == Tuple.BINARY) {
                try {
                    row.replace(place, texts.text(column.getValue(), row.at(place), row.length(place)));
                } catch (SQLException e) {
                    throw new UnresolvedRelationException(
                            "Column " + table + '.' + columns.get(place).name(), e);
                }
            }
        }
        return row;
    }

    /** The statement that reads {@code row} as it is now, see {@link RowQuery#copyOf}; empty when there is none. */
    Optional<String> rowQuery(Tuple row, Tuple oldIdentity, Set<Integer> wanted) {
        return query.map(statement -> statement.copyOf(row, oldIdentity, wanted));
    }

    /**
     * The first column of {@code earlier} that was hidden and is gone while another has come: it may have been renamed,
     * and would be sent in the clear.
     */
    Optional<String> laidBare(TableMapping earlier) {
        Set<String> before = names(earlier.columns);
        Set<String> now = names(columns);
        return now.stream().allMatch(before::contains)
                ? Optional.empty()
                : earlier.hiddenColumns().filter(name -> !now.contains(name)).findFirst();
    }

    private Stream<String> hiddenColumns() {
        return Stream.of(valueColumns, keyColumns)
                .flatMap(Arrays::stream)
                .filter(ColumnReader::hides)
                .map(column -> columns.get(column.column()).name());
    }

    private static Set<String> names(List<Relation.Column> columns) {
        return columns.stream().map(Relation.Column::name).collect(Collectors.toSet());
    }

    /** Whether the ledger sends the same columns of the same types. */
    boolean hasColumnsOf(TableMapping other) {
        return columns.equals(other.columns);
    }

    /** Whether its rows can be told apart. */
    public boolean hasKey() {
        return keySchema != null;
    }

    /** Whether its rows can be told apart, or need not be: somebody chose so. */
    boolean mayBeSent() {
        return hasKey() || mayLackKey;
    }

    int partitions() {
        return partitions;
    }

    String headerPrefix(int partition) {
        return headerPrefixes[partition];
    }

    /** Whether an update moved the row to another key. */
    boolean keyChanged(Tuple oldRow, Tuple newRow) {
        for (ColumnReader key : keyColumns) {
            if (newRow.kind(key.column()) != Tuple.UNCHANGED_TOAST && !oldRow.sameBytes(newRow, key.column())) {
                return true;
            }
        }
        return false;
    }

    /** Names of the columns whose values the server did not send, for the header; null when there are none. */
    String absentColumns(Tuple row, Tuple oldRow, boolean identityOnly) {
        List<Integer> absent = absent(row, oldRow, identityOnly);
        return absent.isEmpty() ? null : AbsentColumns.encode(columnNames(absent));
    }

    /** The places in the relation of the columns whose values are to be sent and the server did not send. */
    List<Integer> absent(Tuple row, Tuple oldRow, boolean identityOnly) {
        List<Integer> absent = List.of();
        for (int i = 0; i < valueColumns.length; i++) {
            if (valueColumns[i].isAbsent(row, known(i, oldRow, identityOnly))) {
                absent = absent.isEmpty() ? new ArrayList<>() : absent;
                absent.add(valueColumns[i].column());
            }
        }
        return absent;
    }

    List<String> columnNames(List<Integer> places) {
        return places.stream().map(place -> columns.get(place).name()).toList();
    }

    /** The old row if it has a value column's value: an old identity has the key's only. */
    private Tuple known(int column, Tuple oldRow, boolean identityOnly) {
        return identityOnly && !inKey[column] ? null : oldRow;
    }

    /** Makes Connect values of rows. One per thread. */
    public Rows rows() {
        return new Rows();
    }

    /** Not thread-safe. */
    public final class Rows {
        private final KeyHash keyHash = new KeyHash();
        private final KeyHash identityHash = new KeyHash(new Sha256());

        public TableMapping mapping() {
            return TableMapping.this;
        }

        /** The row's value; {@code oldRow}, which may be null, has what an update left unchanged. */
        public Struct value(Tuple row, Tuple oldRow, boolean identityOnly) {
            Struct value = new Struct(valueSchema);
            for (int i = 0; i < valueColumns.length; i++) {
                value.put(valueFields[i], valueColumns[i].read(row, known(i, oldRow, identityOnly)));
            }
            return value;
        }

        /**
         * The key; null when the table has none.
         *
         * @param oldIdentity has key columns that are stored out of line and did not change; may be null
         */
        public Struct key(Tuple row, Tuple oldIdentity) {
            if (keySchema == null) {
                return null;
            }
            Struct key = new Struct(keySchema);
            for (int i = 0; i < keyColumns.length; i++) {
                key.put(keyFields[i], keyColumns[i].read(row, oldIdentity));
            }
            return key;
        }

        public int partition(Tuple row, Tuple oldIdentity) {
            if (partitions == 1 || keySchema == null) {
                return 0;
            }
            addKey(keyHash, row, oldIdentity);
            return keyHash.partition(partitions);
        }

        private void addKey(KeyHash hash, Tuple row, Tuple oldIdentity) {
            hash.begin();
            for (int i = 0; i < keyColumns.length; i++) {
                int column = keyColumns[i].column();
                Tuple source = row.kind(column) == Tuple.UNCHANGED_TOAST && oldIdentity != null ? oldIdentity : row;
                hash.add(keyParts[i], source, column);
            }
        }

        /** A number that stands for the row's key in this table: others have other ones. */
        public long identity(Tuple row, Tuple oldIdentity) {
            addKey(identityHash, row, oldIdentity);
            return identityHash.value() ^ key.oid();
        }
    }
}
