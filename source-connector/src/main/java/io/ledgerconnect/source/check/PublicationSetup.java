package io.ledgerconnect.source.check;

import io.ledgerconnect.source.catalog.LedgerTable;
import io.ledgerconnect.source.config.SourceConfig;
import io.ledgerconnect.source.config.SourceConfig.PublicationMode;
import java.util.List;
import java.util.stream.Collectors;

/** The statement that creates a capture's publication: run by the connector, or shown to an operator. */
public final class PublicationSetup {
    private PublicationSetup() {}

    public static String statement(SourceConfig config, List<LedgerTable> tables) {
        String members = config.publicationMode() == PublicationMode.ALL_TABLES
                ? "FOR ALL TABLES"
                : "FOR TABLE " + names(tables);
        return "CREATE PUBLICATION " + quote(config.publicationName()) + ' ' + members
                + " WITH (publish_via_partition_root = true);";
    }

    /** Tables as a statement names them. */
    static String names(List<LedgerTable> tables) {
        return tables.stream().map(PublicationSetup::name).collect(Collectors.joining(", "));
    }

    /** A table as a statement names it. */
    public static String name(LedgerTable table) {
        return quote(table.relation().schema()) + '.' + quote(table.relation().table());
    }

    static String quote(String name) {
        return name.matches("[a-z_][a-z0-9_]*") ? name : '"' + name.replace("\"", "\"\"") + '"';
    }
}
