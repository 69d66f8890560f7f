package io.ledgerconnect.source.request;

import io.ledgerconnect.source.config.SourceConfig;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Optional;

/** Writes what is to be known of requested snapshots into the ledger's WAL. Used by one thread only. */
public final class RequestWriter {
    private static final String EMIT = "SELECT pg_catalog.pg_logical_emit_message(true, ?, ?::bytea)";
    private static final String INVALID_AUTHORIZATION = "28000";

    private final String prefix;
    private final Optional<RequestKey> key;

    /** @param source the ledger, as {@link io.ledgerconnect.common.position.SourceId} tells it */
    public RequestWriter(SourceConfig config, String source) {
        this.prefix = RequestedSnapshots.prefix(config);
        this.key = RequestKey.of(config, source);
    }

    /** Writes a message in the connection's transaction, or in one of its own: then it is durable. */
    public void write(Connection connection, RequestMessage message) throws SQLException {
        RequestKey signed = key.orElseThrow(() -> new SQLException(
                "there is no secret to sign the rows with that pass through the WAL. Set snapshot.request.key",
                INVALID_AUTHORIZATION));
        try (PreparedStatement statement = connection.prepareStatement(EMIT)) {
            statement.setString(1, prefix);
            statement.setBytes(2, message.encode(signed));
            statement.execute();
        }
    }
}
