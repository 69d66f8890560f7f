package io.ledgerconnect.source.check;

import io.ledgerconnect.source.catalog.LedgerCatalog;
import io.ledgerconnect.source.catalog.LedgerTable;
import io.ledgerconnect.source.catalog.Publication;
import io.ledgerconnect.source.config.SourceConfig;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Row filters, column lists and generated columns of the publication: somebody's choice, but what they hold back is
 * nowhere missed. Used by one thread.
 */
public final class Restrictions {
    private static final Logger LOG = LoggerFactory.getLogger(Restrictions.class);

    private final SourceConfig config;
    private boolean told;

    public Restrictions(SourceConfig config) {
        this.config = config;
    }

    /** Warns of them, once: a start has a session for each time that it connects. */
    public void tell(LedgerCatalog catalog) throws SQLException {
        Optional<Publication> publication = told ? Optional.empty() : catalog.publication(config.publicationName());
        if (publication.isEmpty()) {
            return;
        }
        told = true;
        List<String> restrictions = of(publication.get(), catalog.tables(config.tables()::includes, publication));
        if (!restrictions.isEmpty()) {
            LOG.warn(
                    "Publication {} holds back part of the ledger, which will not arrive: {}",
                    publication.get().name(),
                    String.join("; ", restrictions));
        }
    }

    private static List<String> of(Publication publication, List<LedgerTable> tables) {
        List<String> restrictions = new ArrayList<>();
        for (LedgerTable table : tables) {
            Publication.Member member = publication.tables().get(table.name());
            if (member != null && member.rowFilter() != null) {
                restrictions.add(table.name() + " has rows WHERE " + member.rowFilter() + " only");
            }
            if (member != null && !table.generated().isEmpty()) {
                restrictions.add(table.name() + " lacks generated columns " + table.generated()
                        + " (sent from PostgreSQL 18 on, by a publication WITH (publish_generated_columns = stored))");
            }
            if (member != null && !table.leftOut().isEmpty()) {
                restrictions.add(table.name() + " lacks columns " + table.leftOut());
            }
        }
        return restrictions;
    }
}
