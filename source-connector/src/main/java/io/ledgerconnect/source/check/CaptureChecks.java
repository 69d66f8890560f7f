package io.ledgerconnect.source.check;

import io.ledgerconnect.common.envelope.Operation;
import io.ledgerconnect.common.position.SourceId;
import io.ledgerconnect.common.type.PgType;
import io.ledgerconnect.common.type.PgTypeCatalog;
import io.ledgerconnect.common.type.TypeCodecs;
import io.ledgerconnect.common.type.UnsupportedTypeException;
import io.ledgerconnect.source.catalog.LedgerCatalog;
import io.ledgerconnect.source.catalog.LedgerTable;
import io.ledgerconnect.source.catalog.Publication;
import io.ledgerconnect.source.config.SourceConfig;
import io.ledgerconnect.source.config.SourceConfig.PublicationMode;
import io.ledgerconnect.source.decode.Relation;
import io.ledgerconnect.source.record.TableMapper;
import io.ledgerconnect.source.record.UnknownTypes;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What must hold before a capture begins or goes on, asked of the ledger database. Used by validation over REST and
 * again at start.
 */
public final class CaptureChecks {
    private static final int OLDEST_VERSION = 140_000;
    private static final int VERSION_17 = 170_000;
    private static final Map<String, Operation> OPERATIONS = Map.of(
            "insert", Operation.CREATE,
            "update", Operation.UPDATE,
            "delete", Operation.DELETE,
            "truncate", Operation.TRUNCATE);

    private final SourceConfig config;
    private final Connection connection;
    private final LedgerCatalog catalog;
    private final String applicationName;
    private final List<Finding> findings = new ArrayList<>();

    private CaptureChecks(SourceConfig config, Connection connection, LedgerCatalog catalog, String applicationName) {
        this.config = config;
        this.connection = connection;
        this.catalog = catalog;
        this.applicationName = applicationName;
    }

    /** Everything that is found, in the order in which it should be mended. Empty: the capture can run. */
    public static List<Finding> findings(
            SourceConfig config, Connection connection, LedgerCatalog catalog, String applicationName)
            throws SQLException {
        CaptureChecks checks = new CaptureChecks(config, connection, catalog, applicationName);
        checks.server();
        if (checks.findings.isEmpty()) {
            checks.rest();
        }
        return checks.findings;
    }

    /** What is wrong with the publication, or with what hides columns, of a stream that goes on. */
    public static List<Finding> publication(
            SourceConfig config, Connection connection, LedgerCatalog catalog, String applicationName)
            throws SQLException {
        CaptureChecks checks = new CaptureChecks(config, connection, catalog, applicationName);
        Optional<Publication> publication = catalog.publication(config.publicationName());
        if (publication.isPresent()) {
            List<LedgerTable> tables = catalog.tables(config.tables()::includes, publication);
            checks.publication(publication.get(), tables);
            checks.findings.addAll(new ColumnRuleChecks(config).findings(tables));
            checks.findings.addAll(RequestChecks.findings(config, connection, tables));
        }
        return checks.findings;
    }

    private void find(String setting, String sentence) {
        findings.add(new Finding(setting, sentence));
    }

    private void server() throws SQLException {
        if (catalog.serverVersion() < OLDEST_VERSION) {
            find(
                    "database.hostname",
                    "The server is PostgreSQL " + catalog.setting("server_version")
                            + "; changes can be captured in binary form from version 14 on.");
        }
        String walLevel = catalog.setting("wal_level");
        if (!walLevel.equals("logical")) {
            find(
                    "database.hostname",
                    "The server runs with wal_level=" + walLevel + ", so its WAL does not say which rows"
                            + " changed. Run ALTER SYSTEM SET wal_level = 'logical'; and restart it.");
        }
        if (config.slotFailover() && catalog.serverVersion() < VERSION_17) {
            find(
                    "slot.failover",
                    "Failover slots need PostgreSQL 17; the server is " + catalog.setting("server_version")
                            + ". Without one, a failover loses the slot, and what was not yet captured with it.");
        }
    }

    private void rest() throws SQLException {
        RoleChecks role = new RoleChecks(connection, config);
        role.replication().ifPresent(findings::add);
        findings.addAll(IncludeListChecks.findings(config, catalog.tableNames()));
        Optional<Publication> publication = catalog.publication(config.publicationName());
        List<LedgerTable> tables = catalog.tables(config.tables()::includes, publication);
        if (tables.isEmpty() && findings.isEmpty()) {
            find(
                    "table.include.list",
                    "There is no table to capture in database '"
                            + config.connection().database() + "'.");
        }
        findings.addAll(role.tables(tables));
        PgTypeCatalog types = new PgTypeCatalog();
        ColumnRuleChecks rules = new ColumnRuleChecks(config);
        topics(tables);
        findings.addAll(TopicChecks.findings(config, tables));
        for (LedgerTable table : tables) {
            new KeyChecks(config, catalog.serverVersion(), publication, table)
                    .finding()
                    .ifPresent(findings::add);
            types(table, types, rules);
        }
        findings.addAll(rules.findings(tables));
        findings.addAll(RequestChecks.findings(config, connection, tables));
        if (publication.isPresent()) {
            publication(publication.get(), tables);
        } else {
            missingPublication(tables, role);
        }
        findings.addAll(new SlotChecks(connection, config, applicationName).findings());
    }

    /** Characters that topics may not have are replaced, so two names can become one. */
    private void topics(List<LedgerTable> tables) {
        Map<String, LedgerTable> tableByTopic = new HashMap<>();
        for (LedgerTable table : tables) {
            String topic = TableMapper.topic(config.topicPrefix(), table.name());
            LedgerTable other = tableByTopic.putIfAbsent(topic, table);
            if (other != null) {
                find("table.include.list", shareTopic(topic, other, table));
            }
        }
    }

    /** Two tables whose names differ in their quotes only cannot be told apart by the lists of tables either. */
    private String shareTopic(String topic, LedgerTable one, LedgerTable other) {
        boolean inseparable = one.name().equals(other.name());
        return "Tables " + PublicationSetup.name(one) + " and " + PublicationSetup.name(other)
                + " would share the topic " + topic
                + ", and their rows would be taken for one table's. Run ALTER TABLE "
                + PublicationSetup.name(other) + " RENAME TO …; or "
                + config.tables().advice(inseparable ? "both" : "one") + '.';
    }

    private void types(LedgerTable table, PgTypeCatalog types, ColumnRuleChecks rules) throws SQLException {
        for (Relation.Column column : table.relation().columns()) {
            String name = table.name() + '.' + column.name();
            UnknownTypes.withoutBinary(types.type(connection, column.typeOid()))
                    .ifPresent(part -> find("publication.name", endsTheStream(name, table, part)));
            if (!config.columns().includes(name)) {
                continue;
            }
            try {
                PgType type = types.type(connection, column.typeOid());
                boolean known = isInKey(table, column)
                        || UnknownTypes.isKnown(type, column.typeModifier(), config.representation());
                rules.column(
                        table,
                        column.name(),
                        TypeCodecs.forColumn(
                                known ? type : UnknownTypes.TEXT,
                                known ? column.typeModifier() : -1,
                                config.representation()));
            } catch (UnsupportedTypeException e) {
                find(
                        "message.key.columns",
                        "Column " + name + ' ' + e.getMessage() + " in a key, by whose bytes rows are found. Name other"
                                + " columns that are unique with message.key.columns, or leave the table out with"
                                + " table.exclude.list=" + table.name().replace(".", "\\."));
            }
        }
    }

    private String endsTheStream(String column, LedgerTable table, PgType part) {
        return "Column " + column + " is made of values of type " + part.name()
                + ", of which the server has no binary form:"
                + " it would end the stream with an error at the first such row, also where the column is left out here. From"
                + " PostgreSQL 15 on, publish the table's other columns only: ALTER PUBLICATION "
                + PublicationSetup.quote(config.publicationName()) + " SET TABLE " + PublicationSetup.name(table)
                + " (…), with all its tables; or " + config.tables().advice("the table") + '.';
    }

    /** Rows are found again by the bytes of their key, which must be read alike wherever they come from. */
    private boolean isInKey(LedgerTable table, Relation.Column column) {
        return config.messageKeys()
                .columns(table.name())
                .orElse(table.primaryKey())
                .contains(column.name());
    }

    private void publication(Publication publication, List<LedgerTable> tables) {
        // Without via-root the publication shows the leaves of a partitioned table, which is found below.
        List<LedgerTable> lacking = tables.stream()
                .filter(table -> publication.viaRoot() || !table.partitioned())
                .filter(table -> !publication.tables().containsKey(table.name()))
                .toList();
        String alter = "ALTER PUBLICATION " + PublicationSetup.quote(publication.name());
        if (!lacking.isEmpty()) {
            find(
                    "publication.name",
                    "Publication " + publication.name() + " lacks "
                            + lacking.stream().map(LedgerTable::name).collect(Collectors.joining(", "))
                            + ": their changes would not arrive. Run " + alter + " ADD TABLE "
                            + PublicationSetup.names(lacking)
                            + "; before the first start. Or " + config.tables().advice("them") + '.');
        }
        List<String> unpublished = publication.unpublished().stream()
                .filter(operation -> !config.skippedOperations().contains(OPERATIONS.get(operation)))
                .toList();
        if (!unpublished.isEmpty()) {
            find(
                    "publication.name",
                    "Publication " + publication.name() + " does not publish " + String.join(", ", unpublished)
                            + ": such changes would be missing. Run " + alter
                            + " SET (publish = 'insert, update, delete, truncate');");
        }
        if (!publication.viaRoot() && tables.stream().anyMatch(LedgerTable::partitioned)) {
            find(
                    "publication.name",
                    "Publication " + publication.name() + " publishes partitions under their own names,"
                            + " the capture needs them under the partitioned table's. Run " + alter
                            + " SET (publish_via_partition_root = true);");
        }
    }

    private void missingPublication(List<LedgerTable> tables, RoleChecks role) throws SQLException {
        String statement = PublicationSetup.statement(config, tables);
        if (config.publicationMode() == PublicationMode.ALL_TABLES) {
            harmless();
        }
        if (config.publicationMode() == PublicationMode.DISABLED) {
            find(
                    "publication.name",
                    "There is no publication " + config.publicationName() + " in database '"
                            + config.connection().database() + "'. Run " + statement);
        } else if (!role.canCreatePublication(tables)) {
            find(
                    "publication.autocreate.mode",
                    "There is no publication " + config.publicationName() + ", and role "
                            + config.connection().user() + " may not create it. As the tables' owner run " + statement);
        }
    }

    /** A published table without replica identity takes no UPDATE and DELETE any more, captured or not. */
    private void harmless() throws SQLException {
        List<LedgerTable> harmed = catalog.tables(name -> true, Optional.empty()).stream()
                .filter(InsertOnlyTables::lacksIdentity)
                .filter(table -> !isChosen(table))
                .toList();
        if (!harmed.isEmpty()) {
            find(
                    "publication.autocreate.mode",
                    "A publication of all tables would make the server refuse every UPDATE and DELETE of tables without"
                            + " replica identity, also of those that are not captured: "
                            + harmed.stream().map(LedgerTable::name).collect(Collectors.joining(", "))
                            + ". Use filtered, or first run ALTER TABLE "
                            + PublicationSetup.name(harmed.get(0)) + " REPLICA IDENTITY FULL; and so on.");
        }
    }

    private boolean isChosen(LedgerTable table) {
        return config.tables().includes(table.name())
                && config.tablesWithoutKey().test(table.name());
    }

    /** A changed database under an old offset. */
    public static String otherSource(SourceId stored, SourceId found) {
        return "The stored offset belongs to " + stored + " (system identifier/database), but the ledger now is "
                + found
                + ": it was restored into a new cluster, upgraded, or is another database. Positions of the one mean"
                + " nothing in the other. Point database.hostname at the ledger the offset belongs to, or begin a new"
                + " capture with another topic.prefix and slot.name, into a new pipeline with empty tables";
    }
}
