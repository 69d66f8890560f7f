package io.ledgerconnect.source.record;

import io.ledgerconnect.common.envelope.EnvelopeFields;
import io.ledgerconnect.common.envelope.Operation;
import io.ledgerconnect.common.type.PgType;
import io.ledgerconnect.common.type.PgTypeCatalog;
import io.ledgerconnect.common.type.Representation;
import io.ledgerconnect.common.type.TypeCodec;
import io.ledgerconnect.common.type.TypeCodecs;
import io.ledgerconnect.common.type.UnsupportedTypeException;
import io.ledgerconnect.source.catalog.LedgerCatalog;
import io.ledgerconnect.source.config.SourceConfig;
import io.ledgerconnect.source.decode.Relation;
import io.ledgerconnect.source.offset.StreamIdentity;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.errors.ConnectException;

/** Makes the mapping of a relation, once per RELATION message. Asks the catalogue; not thread-safe. */
public final class TableMapper {
    private static final Representation AS_TEXT = new Representation(
            Representation.Decimals.STRING, Representation.Times.ADAPTIVE, Representation.Intervals.STRING);

    private final SourceConfig config;
    private final Connection connection;
    private final LedgerCatalog catalog;
    private final PgTypeCatalog types = new PgTypeCatalog();

    /** {@code connection} is for queries and stays open as long as this mapper is used. */
    public TableMapper(SourceConfig config, Connection connection, LedgerCatalog catalog) {
        this.config = config;
        this.connection = connection;
        this.catalog = catalog;
    }

    /** The topic of a table; characters that topics may not have become '_'. */
    public static String topic(String prefix, String table) {
        return (prefix + '.' + table).replaceAll("[^A-Za-z0-9._-]", "_");
    }

    /**
     * The mapping of a relation.
     *
     * @throws ConnectException when a column cannot be captured
     */
    public TableMapping mapping(Relation relation, List<String> primaryKey, StreamIdentity identity)
            throws SQLException {
        return new TableMapping(shape(relation, primaryKey), config.partitions(), identity);
    }

    private TableShape shape(Relation relation, List<String> primaryKey) throws SQLException {
        String table = relation.qualifiedName();
        String topic = topic(config.topicPrefix(), table);
        List<String> keyNames = keyColumns(relation, primaryKey);
        List<String> declarations = catalog.formatTypes(relation.columns());
        List<ColumnReader> valueColumns = new ArrayList<>();
        List<ColumnReader> keyColumns = new ArrayList<>(Collections.nCopies(keyNames.size(), null));
        List<TypeCodec> numericKeys = new ArrayList<>(Collections.nCopies(keyNames.size(), null));
        SchemaBuilder value = SchemaBuilder.struct().name(topic + ".Value");
        for (int i = 0; i < relation.columns().size(); i++) {
            Relation.Column column = relation.columns().get(i);
            int keyIndex = keyNames.indexOf(column.name());
            boolean sent = config.columns().includes(table + '.' + column.name());
            if (!sent && keyIndex < 0) {
                continue;
            }
            PgType type = types.type(connection, column.typeOid());
            TypeCodec codec = codec(table, column, type, config.representation());
            SchemaBuilder schema = codec.schema().parameter(EnvelopeFields.TYPE_PARAMETER, declarations.get(i));
            Schema built = keyIndex >= 0 ? schema.build() : schema.optional().build();
            ColumnReader reader = ColumnReader.of(i, table + '.' + column.name(), codec, built);
            if (sent) {
                value.field(column.name(), built);
                valueColumns.add(reader);
            }
            if (keyIndex >= 0) {
                keyColumns.set(keyIndex, reader);
                numericKeys.set(keyIndex, isNumeric(type) ? codec(table, column, type, AS_TEXT) : null);
            }
        }
        requireAll(table, keyNames, keyColumns);
        // One instance for rows and envelopes: Connect compares schemas of nested structs field by field otherwise.
        Schema valueSchema = value.optional().build();
        return new TableShape(
                relation,
                topic,
                keySchema(topic, keyNames, keyColumns),
                valueSchema,
                new EnvelopeSchema(topic, valueSchema),
                valueColumns,
                keyColumns,
                numericKeys,
                fingerprint(keyNames));
    }

    private static boolean isNumeric(PgType type) {
        return type.kind() == 'd' ? isNumeric(type.base()) : type.name().equals("numeric");
    }

    private static TypeCodec codec(String table, Relation.Column column, PgType type, Representation representation) {
        try {
            return TypeCodecs.forColumn(type, column.typeModifier(), representation);
        } catch (UnsupportedTypeException e) {
            throw new ConnectException(
                    "Column " + table + '.' + column.name() + ' ' + e.getMessage()
                            + ". Leave it out with column.exclude.list=" + table + '.' + column.name(),
                    e);
        }
    }

    private List<String> keyColumns(Relation relation, List<String> primaryKey) {
        Optional<List<String>> configured = config.messageKeys().columns(relation.qualifiedName());
        if (configured.isPresent()) {
            return configured.get();
        }
        List<String> identity = relation.columns().stream()
                .filter(Relation.Column::identity)
                .map(Relation.Column::name)
                .toList();
        boolean full = relation.replicaIdentity() == Relation.IDENTITY_FULL;
        // A delete carries the identity only; a primary key outside it would be unknown then.
        return full || (!primaryKey.isEmpty() && identity.containsAll(primaryKey)) ? primaryKey : identity;
    }

    private static void requireAll(String table, List<String> names, List<ColumnReader> columns) {
        for (int i = 0; i < names.size(); i++) {
            if (columns.get(i) == null) {
                throw new ConnectException("The key column " + names.get(i) + " of table " + table
                        + " is not among the columns that the ledger sends: check message.key.columns and the"
                        + " publication's column list");
            }
        }
    }

    private static Schema keySchema(String topic, List<String> names, List<ColumnReader> columns) {
        if (names.isEmpty()) {
            return null;
        }
        SchemaBuilder key = SchemaBuilder.struct().name(topic + ".Key");
        for (int i = 0; i < names.size(); i++) {
            key.field(names.get(i), columns.get(i).schema());
        }
        return key.build();
    }

    private String fingerprint(List<String> keyNames) {
        String decisive = "v1 key=" + keyNames + " partitions=" + config.partitions() + " skipped="
                + config.skippedOperations().stream()
                        .map(Operation::code)
                        .sorted()
                        .toList();
        CRC32C checksum = new CRC32C();
        checksum.update(decisive.getBytes(StandardCharsets.UTF_8));
        return Long.toHexString(checksum.getValue());
    }
}
