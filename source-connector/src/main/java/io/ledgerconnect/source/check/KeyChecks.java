package io.ledgerconnect.source.check;

import io.ledgerconnect.source.catalog.LedgerTable;
import io.ledgerconnect.source.catalog.Publication;
import io.ledgerconnect.source.config.SourceConfig;
import io.ledgerconnect.source.decode.Relation;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What must hold of a table's record key: every change carries it whole, and at no moment have two rows the same one. A
 * deferrable key does not do: UPDATE t SET id = 3 - id makes 1 into 2 while 2 is still there, and deletes what it has
 * just made.
 */
final class KeyChecks {
    private static final int VERSION_18 = 180_000;

    private final SourceConfig config;
    private final int serverVersion;
    private final Optional<Publication> publication;
    private final LedgerTable table;
    private final List<String> sent;
    private final List<String> identity;
    private final boolean full;

    KeyChecks(SourceConfig config, int serverVersion, Optional<Publication> publication, LedgerTable table) {
        this.config = config;
        this.serverVersion = serverVersion;
        this.publication = publication;
        this.table = table;
        this.sent =
                table.relation().columns().stream().map(Relation.Column::name).toList();
        this.identity = table.relation().columns().stream()
                .filter(Relation.Column::identity)
                .map(Relation.Column::name)
                .toList();
        this.full = table.relation().replicaIdentity() == Relation.IDENTITY_FULL;
    }

    Optional<Finding> finding() {
        Optional<List<String>> configured = config.messageKeys().columns(table.name());
        String sentence = configured.isPresent() ? configured(configured.get()) : natural();
        return Optional.ofNullable(sentence)
                .map(text -> new Finding(configured.isPresent() ? "message.key.columns" : "table.include.list", text));
    }

    private static List<String> common(List<String> columns, List<String> others) {
        return columns.stream().filter(others::contains).toList();
    }

    /** Null when the columns that message.key.columns names will do. */
    private String configured(List<String> key) {
        List<String> nullable = common(key, table.nullable());
        if (!common(key, table.generated()).isEmpty()) {
            return generated(common(key, table.generated()));
        }
        if (!sent.containsAll(key)) {
            return "Table " + table.name() + " has no published columns " + key + ".";
        }
        if (!full && identity.isEmpty()) {
            return noIdentity();
        }
        if (!nullable.isEmpty()) {
            return "Columns " + nullable + " of table " + table.name()
                    + " may be null, and a row without a whole key cannot be told from others. Run " + alter()
                    + " ALTER COLUMN " + PublicationSetup.quote(nullable.get(0))
                    + " SET NOT NULL; or choose other columns.";
        }
        if (!full && !identity.containsAll(key)) {
            return "The key " + key + " of table " + table.name()
                    + " is not in its replica identity, so the key of a deleted row is unknown. Run " + alter()
                    + " REPLICA IDENTITY FULL;";
        }
        return table.keys().tellApart(key) ? null : ambiguous(key);
    }

    /** Null when the primary key, or the columns of the replica identity, will do. */
    private String natural() {
        List<String> primary = table.primaryKey();
        List<String> key = table.recordKey();
        if (sent.containsAll(key) && table.keys().tellApart(key)) {
            return null;
        }
        if (key.isEmpty() && config.tablesWithoutKey().test(table.name())) {
            return null;
        }
        if (full && primary.isEmpty()) {
            return "Table " + table.name() + " has no primary key, so its records would have no key to tell its rows"
                    + " apart. Name unique columns in message.key.columns, or "
                    + config.tables().advice("it") + ", or " + choice();
        }
        if (!common(primary, table.generated()).isEmpty()) {
            return generated(common(primary, table.generated()));
        }
        if (!common(primary, table.leftOut()).isEmpty()) {
            return "Columns " + common(primary, table.leftOut()) + " of the primary key of table " + table.name()
                    + " are left out by the column list of the publication, so rows could not be told apart. Add them"
                    + " to the list.";
        }
        if (table.keys().deferrable() != null) {
            return deferrable();
        }
        return identity.isEmpty() ? noIdentity() : ambiguous(key);
    }

    private String noIdentity() {
        boolean keyless = table.primaryKey().isEmpty();
        return "Table " + table.name() + " has no " + (keyless ? "primary key" : "replica identity")
                + ", so the WAL does not say which row an UPDATE or DELETE changed. "
                + (keyless
                        ? "Add one, or run " + alter()
                                + " REPLICA IDENTITY FULL; and name unique columns in message.key.columns. If its rows are"
                                + " only inserted, or need not be told apart, " + choice()
                        : "Run " + alter() + " REPLICA IDENTITY DEFAULT;");
    }

    /** The way out for a table that has no key: its owner's choice, never a default. */
    private String choice() {
        return "capture it without a key: tables.without.key=" + table.name().replace(".", "\\.");
    }

    private String deferrable() {
        return "The primary key of table " + table.name() + " is deferrable, so two rows may have the same key for a"
                + " moment, and one of them would be lost. Run " + alter() + " DROP CONSTRAINT "
                + PublicationSetup.quote(table.keys().deferrable()) + ", ADD PRIMARY KEY ("
                + list(table.primaryKey())
                + "); which makes it NOT DEFERRABLE. Or run " + alter()
                + " REPLICA IDENTITY FULL; and name other unique columns in message.key.columns, or "
                + config.tables().advice("it") + '.';
    }

    private String generated(List<String> columns) {
        String advice;
        if (serverVersion < VERSION_18) {
            advice = "PostgreSQL publishes such columns from version 18 on. Run " + alter()
                    + " REPLICA IDENTITY FULL; and name other unique columns in message.key.columns, or "
                    + config.tables().advice("the table") + '.';
        } else if (publication.isPresent()) {
            advice = "Run ALTER PUBLICATION "
                    + PublicationSetup.quote(publication.get().name())
                    + " SET (publish_generated_columns = stored);";
        } else {
            advice = "Create publication " + config.publicationName() + " yourself, WITH (publish_generated_columns ="
                    + " stored, publish_via_partition_root = true).";
        }
        return "Columns " + columns + " of the key of table " + table.name()
                + " are generated, and the publication does" + " not send generated columns. " + advice;
    }

    private String ambiguous(List<String> key) {
        return "The key " + key + " of table " + table.name() + " may be the same for several rows, which would then be"
                + " taken for one: it contains no columns of a unique index that is not deferrable and has neither WHERE"
                + " nor expressions. Run CREATE UNIQUE INDEX ON "
                + PublicationSetup.name(table) + " (" + list(key) + "); or choose other columns.";
    }

    private String alter() {
        return "ALTER TABLE " + PublicationSetup.name(table);
    }

    private static String list(List<String> columns) {
        return columns.stream().map(PublicationSetup::quote).collect(Collectors.joining(", "));
    }
}
