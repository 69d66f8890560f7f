package io.ledgerconnect.source.check;

import io.ledgerconnect.source.catalog.LedgerCatalog;
import io.ledgerconnect.source.catalog.LedgerTable;
import io.ledgerconnect.source.catalog.Publication;
import io.ledgerconnect.source.config.SourceConfig;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Row filters and column lists of the publication: somebody's choice, but what they hold back is nowhere missed. */
final class Restrictions {
    private static final Logger LOG = LoggerFactory.getLogger(Restrictions.class);

    /** A start has one configuration object, and a session for each time that it connects. */
    private static final Set<SourceConfig> TOLD =
            Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    private Restrictions() {}

    /** Warns of them, once per start. */
    static void tell(SourceConfig config, LedgerCatalog catalog) throws SQLException {
        Optional<Publication> publication = catalog.publication(config.publicationName());
        if (publication.isEmpty() || !TOLD.add(config)) {
            return;
        }
        List<String> restrictions = of(publication.get(), catalog.tables(config.tables()::includes, publication));
        if (!restrictions.isEmpty()) {
            LOG.warn(
                    "Publication {} holds back part of the ledger, which will not arrive: {}",
                    publication.get().name(),
                    String.join("; ", restrictions));
        }
    }

    static List<String> of(Publication publication, List<LedgerTable> tables) {
        List<String> restrictions = new ArrayList<>();
        for (LedgerTable table : tables) {
            Publication.Member member = publication.tables().get(table.name());
            if (member != null && member.rowFilter() != null) {
                restrictions.add(table.name() + " has rows WHERE " + member.rowFilter() + " only");
            }
            if (member != null && !table.leftOut().isEmpty()) {
                restrictions.add(table.name() + " lacks columns " + table.leftOut());
            }
        }
        return restrictions;
    }
}
