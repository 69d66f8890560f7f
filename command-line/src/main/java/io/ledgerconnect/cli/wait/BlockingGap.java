package io.ledgerconnect.cli.wait;

import io.ledgerconnect.cli.status.PipelineStatus;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Whether a pipeline's gaps keep it from where it is waited for, or lie beyond, or another stream may fill them. */
final class BlockingGap {
    /** Attempts at one snapshot are streams of one capture, {@code slot.5f21@16B3748}: a gap in one is one in all. */
    private static final String OPEN_STREAMS = """
            SELECT EXISTS (
                SELECT FROM ledger_connect.stream s
                WHERE (s.pipeline, s.source) = (?, ?) AND s.state <> 'superseded'
                  AND NOT EXISTS (
                      SELECT FROM ledger_connect.gap g
                      WHERE (g.pipeline, g.source) = (s.pipeline, s.source)
                        AND regexp_replace(g.stream, '[.][^.@]*@', '@') = regexp_replace(s.stream, '[.][^.@]*@', '@')
                        AND NOT EXISTS (
                            SELECT FROM ledger_connect.watermark m
                            WHERE (m.pipeline, m.source) = (s.pipeline, s.source) AND %s
                              AND regexp_replace(m.stream, '[.][^.@]*@', '@') = regexp_replace(s.stream, '[.][^.@]*@', '@')
                              AND NOT EXISTS (
                                  SELECT FROM unnest(m.streams, m.channels, m.partitions, m.sequences)
                                       AS e (stream, channel, partition, sequence)
                                  WHERE (e.stream, e.channel, e.partition) = (g.stream, g.channel, g.partition)
                                    AND e.sequence >= g.missing_sequence))))""";

    private final Connection store;

    BlockingGap(Connection store) {
        this.store = store;
    }

    /** Whether every stream of the ledger stands before a gap that lies at or before {@code through}. */
    boolean blocks(PipelineStatus status, Through through) throws SQLException {
        try (PreparedStatement query = store.prepareStatement(OPEN_STREAMS.formatted(through.condition()))) {
            query.setString(1, status.pipeline());
            query.setString(2, status.source());
            query.setString(3, through.parameter());
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return !row.getBoolean(1);
            }
        }
    }
}
