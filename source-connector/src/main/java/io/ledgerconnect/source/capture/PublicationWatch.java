package io.ledgerconnect.source.capture;

import io.ledgerconnect.common.position.Lsn;
import io.ledgerconnect.source.catalog.LedgerCatalog;
import io.ledgerconnect.source.catalog.PublicationVersions;
import io.ledgerconnect.source.check.CaptureChecks;
import io.ledgerconnect.source.check.Finding;
import io.ledgerconnect.source.config.SourceConfig;
import io.ledgerconnect.source.config.TableFilter;
import io.ledgerconnect.source.offset.PublicationVersion;
import io.ledgerconnect.source.offset.TableKey;
import io.ledgerconnect.source.replication.LedgerDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * Sees that a stream is read through a publication that stays as it is. What an altered one left out is nowhere missed:
 * neither the sequences nor the slot know of it. Used by the capturing thread only.
 *
 * <p>Invariant: no watermark is sent unless the publication's version, asked after everything before the watermark was
 * read, is that of the watermark before.
 */
final class PublicationWatch {
    private final SourceConfig config;
    private final LedgerDatabase database;
    private final Connection connection;
    private final LedgerCatalog catalog;

    PublicationWatch(SourceConfig config, LedgerDatabase database, Connection connection, LedgerCatalog catalog) {
        this.config = config;
        this.database = database;
        this.connection = connection;
        this.catalog = catalog;
    }

    /** The version now; unknown when there is no publication. */
    PublicationVersion now() throws SQLException {
        return PublicationVersions.read(connection, catalog.serverVersion(), config.publicationName())
                .orElse(PublicationVersion.UNKNOWN);
    }

    /**
     * The version now, which publishes the stream's tables as {@code before} did.
     *
     * @param before as of {@code lsn}; an unknown one is taken to be the same
     * @param keys of the tables that the stream has something of
     * @throws ConnectException when it was altered
     */
    PublicationVersion requireUnaltered(PublicationVersion before, Map<String, TableKey> keys, long lsn)
            throws SQLException {
        PublicationVersion now = now();
        if (before.isKnown() && !now.publication().equals(before.publication())) {
            throw altered(now.isKnown() ? "" : " (it is gone)", lsn);
        }
        List<String> tables = stillThere(captured(keys, now.changedSince(before)));
        if (before.isKnown() && !tables.isEmpty()) {
            throw altered(" in " + String.join(", ", tables), lsn);
        }
        return now;
    }

    private Map<String, TableKey> captured(Map<String, TableKey> keys, Set<Integer> oids) {
        TableFilter filter = config.tables();
        return keys.entrySet().stream()
                .filter(table -> oids.contains(table.getValue().oid()) && filter.includes(table.getKey()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** A table that is dropped leaves the publication, too. */
    private List<String> stillThere(Map<String, TableKey> tables) throws SQLException {
        List<String> names = new ArrayList<>();
        for (Map.Entry<String, TableKey> table : tables.entrySet()) {
            if (isThere(table.getValue().oid())) {
                names.add(table.getKey());
            }
        }
        return names;
    }

    private boolean isThere(int oid) throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement("SELECT FROM pg_catalog.pg_class WHERE oid = ?::oid")) {
            query.setString(1, Integer.toUnsignedString(oid));
            try (ResultSet row = query.executeQuery()) {
                return row.next();
            }
        }
    }

    private ConnectException altered(String where, long lsn) throws SQLException {
        String findings = CaptureChecks.publication(config, connection, catalog, database.applicationName()).stream()
                .map(Finding::sentence)
                .collect(Collectors.joining(" "));
        return new ConnectException("Publication " + config.publicationName() + " was altered after "
                + Lsn.format(lsn) + where + ": changes committed after " + Lsn.format(lsn)
                + " may be missing from the stream, and no watermark is sent after it. " + findings
                + (findings.isEmpty() ? "Begin" : " Then begin")
                + " anew with a fresh snapshot: PUT /connectors/NAME/stop, SELECT pg_drop_replication_slot('"
                + config.slotName() + "'), DELETE /connectors/NAME/offsets, resnapshot.mode=replace in the sink, PUT"
                + " /connectors/NAME/resume. Only if you know that it left nothing out meanwhile, go on instead: PUT"
                + " /connectors/NAME/stop, and PATCH /connectors/NAME/offsets with the stored offset, its field"
                + " \"publication\" set to \"\"");
    }
}
