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
import io.ledgerconnect.source.config.ColumnRules;
import io.ledgerconnect.source.config.SourceConfig;
import io.ledgerconnect.source.decode.Relation;
import io.ledgerconnect.source.offset.StreamIdentity;
import io.ledgerconnect.source.offset.TableKey;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.zip.CRC32C;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the mapping of a relation, once per RELATION message. Asks the catalogue; not thread-safe. */
public final class TableMapper {
    private static final Representation AS_TEXT = new Representation(
            Representation.Decimals.STRING, Representation.Times.ADAPTIVE, Representation.Intervals.STRING);

    private static final Logger LOG = LoggerFactory.getLogger(TableMapper.class);

    private static final String UNDEFINED_OBJECT = "42704";

    private final SourceConfig config;
    private final Connection connection;
    private final LedgerCatalog catalog;
    private final PgTypeCatalog types = new PgTypeCatalog();
    private final ColumnRules rules;
    private final Predicate<String> mayLackKey;
    private final ServerTexts texts;
    /** Types that were told of. */
    private final Set<Integer> told = new HashSet<>();

    /** {@code connection} is for queries and stays open as long as this mapper is used. */
    public TableMapper(SourceConfig config, Connection connection, LedgerCatalog catalog) {
        this.config = config;
        this.rules = config.columnRules();
        this.mayLackKey = config.tablesWithoutKey();
        this.connection = connection;
        this.texts = new ServerTexts(connection);
        this.catalog = catalog;
    }

    /** The topic of a table; characters that topics may not have become '_'. */
    public static String topic(String prefix, String table) {
        return (prefix + '.' + table).replaceAll("[^A-Za-z0-9._-]", "_");
    }

    /**
     * The mapping of a relation.
     *
     * @param primaryKey as the catalogue has it now
     * @param known the key under which the stream has sent rows of the table, or null
     * @throws ConnectException when a column cannot be captured, or the key is not what it was
     */
    public TableMapping mapping(Relation relation, List<String> primaryKey, StreamIdentity identity, TableKey known)
            throws SQLException {
        List<String> keyNames =
                KeyColumns.of(relation, primaryKey, config.messageKeys().columns(relation.qualifiedName()), known);
        TableShape shape = shape(relation, keyNames);
        requireSameKinds(relation.qualifiedName(), known, shape.key());
        return new TableMapping(shape, config.partitions(), identity, texts);
    }

    private void requireSameKinds(String table, TableKey known, TableKey now) {
        for (int i = 0;
                known != null && config.partitions() > 1 && i < now.parts().size();
                i++) {
            String before = known.parts().get(i).kind();
            String after = now.parts().get(i).kind();
            if (!before.equals(after)) {
                throw new ConnectException(
                        "Key column " + table + '.' + now.parts().get(i).column()
                                + " was altered from " + before + " to " + after
                                + ": equal values would go to other partitions than"
                                + " before, and a delete could overtake its insert. Everything before this change is sent, nothing from it on."
                                + " Alter it back, or begin anew with a fresh snapshot: PUT /connectors/NAME/stop, SELECT"
                                + " pg_drop_replication_slot('…'), DELETE /connectors/NAME/offsets, resnapshot.mode=replace in the"
                                + " sink, PUT /connectors/NAME/resume");
            }
        }
    }

    private TableShape shape(Relation relation, List<String> keyNames) throws SQLException {
        String table = relation.qualifiedName();
        String topic = topic(config.topicPrefix(), table);
        List<String> declarations = catalog.formatTypes(relation.columns());
        List<PgType> columnTypes = new ArrayList<>();
        List<ColumnReader> valueColumns = new ArrayList<>();
        List<ColumnReader> keyColumns = new ArrayList<>(Collections.nCopies(keyNames.size(), null));
        List<KeyHash.Part> keyParts = new ArrayList<>(Collections.nCopies(keyNames.size(), null));
        List<TableKey.Part> parts = new ArrayList<>(Collections.nCopies(keyNames.size(), null));
        Set<String> sentAsText = new HashSet<>();
        Map<Integer, Integer> unknown = new HashMap<>();
        SchemaBuilder value = SchemaBuilder.struct().name(topic + ".Value");
        for (int i = 0; i < relation.columns().size(); i++) {
            Relation.Column column = relation.columns().get(i);
            PgType type = type(table, column);
            columnTypes.add(type);
            if (!type.hasBinary()) {
                sentAsText.add(column.name());
            }
            int keyIndex = keyNames.indexOf(column.name());
            boolean sent = config.columns().includes(table + '.' + column.name());
            if (!sent && keyIndex < 0) {
                continue;
            }
            boolean known = keyIndex >= 0 || UnknownTypes.isKnown(type, column.typeModifier(), config.representation());
            TypeCodec codec = hidden(
                    table + '.' + column.name(),
                    known ? codec(table, column, type, config.representation()) : asText(table, column, type),
                    keyIndex >= 0);
            if (!known) {
                sentAsText.add(column.name());
                if (type.hasBinary()) {
                    unknown.put(i, type.oid());
                }
            }
            boolean hides = codec instanceof HiddenText;
            SchemaBuilder schema = codec.schema()
                    .parameter(EnvelopeFields.TYPE_PARAMETER, hides ? HiddenText.DECLARATION : declarations.get(i));
            Schema built = keyIndex >= 0 ? schema.build() : schema.optional().build();
            ColumnReader reader =
                    ColumnReader.of(i, table + '.' + column.name(), codec, built, !type.hasBinary() || !known);
            if (sent) {
                value.field(column.name(), built);
                valueColumns.add(reader);
            }
            if (keyIndex >= 0) {
                keyColumns.set(keyIndex, reader);
                keyParts.set(keyIndex, keyPart(table, column, type));
                parts.set(keyIndex, new TableKey.Part(column.name(), i, kind(type, declarations.get(i))));
            }
        }
        requireAll(table, keyNames, keyColumns);
        // One instance for rows and envelopes: Connect compares schemas of nested structs field by field otherwise.
        Schema valueSchema = value.optional().build();
        return new TableShape(
                relation,
                topic,
                keySchema(topic, keyNames, keyColumns),
                mayLackKey.test(table),
                valueSchema,
                new EnvelopeSchema(topic, valueSchema),
                valueColumns,
                keyColumns,
                keyParts,
                new TableKey(relation.oid(), relation.columns().size(), List.copyOf(parts)),
                RowQuery.of(relation, keyNames, columnTypes, declarations, sentAsText),
                sentAsText,
                unknown,
                fingerprint(keyNames));
    }

    /** What no codec is for is captured as the text that the server writes for it. */
    private TypeCodec asText(String table, Relation.Column column, PgType type) {
        if (told.add(type.oid())) {
            LOG.warn(
                    "Type {} of column {}.{} is not known to this version, so its values are captured as the text that the"
                            + " server writes for them{}. Leave it out with column.exclude.list where that is not wanted",
                    type.name(),
                    table,
                    column.name(),
                    type.hasBinary() ? ", which takes a question to the server for each changed value" : "");
        }
        return codec(table, column, UnknownTypes.TEXT, config.representation());
    }

    /** The codec, or one that gives what a rule leaves of its values. */
    private TypeCodec hidden(String column, TypeCodec codec, boolean inKey) {
        List<ColumnRules.Rule> named = rules.of(column);
        if (named.isEmpty()) {
            return codec;
        }
        if (named.size() > 1) {
            throw new ConnectException(ColumnRules.ambiguous(column, named));
        }
        HiddenText.refusal(column, codec, inKey, named.get(0)).ifPresent(sentence -> {
            throw new ConnectException(sentence);
        });
        return new HiddenText(codec, named.get(0));
    }

    private PgType type(String table, Relation.Column column) throws SQLException {
        try {
            return types.type(connection, column.typeOid());
        } catch (SQLException e) {
            if (!UNDEFINED_OBJECT.equals(e.getSQLState())) {
                throw e;
            }
            throw new ConnectException(DroppedType.sentence("The type of column", table + '.' + column.name()), e);
        }
    }

    /** Values of one kind have the same hash when they are equal, whatever the declared length. */
    private static String kind(PgType type, String declaration) {
        PgType base = withoutDomains(type);
        return switch (base.name()) {
            case "int2", "int4", "int8", "numeric" -> "number";
            case "text", "varchar", "name", "citext" -> "text";
            case "bpchar" -> declaration; // padded to its length
            default -> base.name();
        };
    }

    private static KeyHash.Part keyPart(String table, Relation.Column column, PgType type) {
        return switch (withoutDomains(type).name()) {
            case "int2", "int4", "int8" -> KeyHash.Part.INTEGER;
            case "numeric" -> KeyHash.Part.number(codec(table, column, type, AS_TEXT));
            default -> KeyHash.Part.BYTES;
        };
    }

    private static PgType withoutDomains(PgType type) {
        return type.kind() == 'd' ? withoutDomains(type.base()) : type;
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
