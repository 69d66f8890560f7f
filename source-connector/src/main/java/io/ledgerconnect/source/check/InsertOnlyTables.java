package io.ledgerconnect.source.check;

import io.ledgerconnect.source.catalog.LedgerCatalog;
import io.ledgerconnect.source.catalog.LedgerTable;
import io.ledgerconnect.source.catalog.Publication;
import io.ledgerconnect.source.config.SourceConfig;
import io.ledgerconnect.source.decode.Relation;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Captured tables without replica identity: once a publication has one, the server itself refuses every UPDATE and
 * DELETE of it, whoever sends it. Used by one thread.
 */
public final class InsertOnlyTables {
    private static final Logger LOG = LoggerFactory.getLogger(InsertOnlyTables.class);

    private final SourceConfig config;
    private boolean told;

    public InsertOnlyTables(SourceConfig config) {
        this.config = config;
    }

    /** Warns of them, once: a start has a session for each time that it connects. */
    public void tell(LedgerCatalog catalog) throws SQLException {
        Optional<Publication> publication = told ? Optional.empty() : catalog.publication(config.publicationName());
        if (publication.isEmpty()) {
            return;
        }
        told = true;
        List<LedgerTable> tables = catalog.tables(config.tables()::includes, publication).stream()
                .filter(InsertOnlyTables::lacksIdentity)
                .toList();
        if (!tables.isEmpty() && !publication.get().unpublished().containsAll(Set.of("update", "delete"))) {
            LOG.warn(
                    "Tables {} have no replica identity and are in publication {}, so the ledger takes INSERT and TRUNCATE of"
                            + " them and refuses every UPDATE and DELETE ('cannot update table … because it does not have a"
                            + " replica identity and publishes updates'), from applications too. Where they are not only"
                            + " inserted into, run {}",
                    tables.stream().map(LedgerTable::name).collect(Collectors.joining(", ")),
                    publication.get().name(),
                    tables.stream().map(InsertOnlyTables::remedy).collect(Collectors.joining(" ")));
        }
    }

    /** Its rows' changes would not say which row they are of. */
    static boolean lacksIdentity(LedgerTable table) {
        return table.relation().replicaIdentity() != Relation.IDENTITY_FULL
                && table.relation().columns().stream().noneMatch(Relation.Column::identity);
    }

    private static String remedy(LedgerTable table) {
        return "ALTER TABLE " + PublicationSetup.name(table) + " REPLICA IDENTITY FULL;";
    }
}
