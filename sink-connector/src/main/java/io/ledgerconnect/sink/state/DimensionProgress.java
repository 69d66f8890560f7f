package io.ledgerconnect.sink.state;

import io.ledgerconnect.common.position.Lsn;
import io.ledgerconnect.sink.database.Transaction;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Reads through which position ledger tables have been applied, all their partitions together. */
public final class DimensionProgress {
    /** A watermark names every channel that has had a change, so the newest names all. */
    private static final String CHANNELS = """
            SELECT DISTINCT e.channel
            FROM (SELECT DISTINCT ON (m.stream) m.channels
                  FROM ledger_connect.watermark m
                  WHERE m.pipeline = ? AND m.source = ?
                  ORDER BY m.stream, m.lsn DESC) w
            CROSS JOIN LATERAL unnest(w.channels) AS e (channel)""";

    /** Sequences rise with watermarks, so those that are complete for these channels precede the others. */
    private static final String THROUGH = """
            SELECT m.lsn
            FROM ledger_connect.watermark m
            JOIN ledger_connect.stream s ON (s.pipeline, s.source, s.stream) = (m.pipeline, m.source, m.stream)
            WHERE m.pipeline = ? AND m.source = ? AND s.state = 'active'
              AND NOT EXISTS (
                  SELECT FROM unnest(m.streams, m.channels, m.partitions, m.sequences)
                         AS e (stream, channel, partition, sequence)
                  LEFT JOIN ledger_connect.channel c
                         ON (c.pipeline, c.source, c.stream) = (m.pipeline, m.source, e.stream)
                        AND (c.channel, c.partition) = (e.channel, e.partition)
                  WHERE e.channel = ANY (?::text[]) AND (c.sequence IS NULL OR c.sequence < e.sequence))
            ORDER BY m.lsn DESC
            LIMIT 1""";

    private final String pipeline;

    public DimensionProgress(String pipeline) {
        this.pipeline = pipeline;
    }

    /** The ledger tables of which a source has said that there are changes. */
    public List<String> channels(Transaction transaction, String source) throws SQLException {
        List<String> channels = new ArrayList<>();
        try (PreparedStatement statement = transaction.prepare(CHANNELS)) {
            new Parameters(statement).add(pipeline).add(source);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    channels.add(row.getString(1));
                }
            }
        }
        return channels;
    }

    /** The WAL address through which all of the tables are applied; 0 while that is not known. */
    public long through(Transaction transaction, String source, Collection<String> channels) throws SQLException {
        try (PreparedStatement statement = transaction.prepare(THROUGH)) {
            new Parameters(statement).add(pipeline).add(source).addTexts(channels, channel -> channel);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Lsn.parse(row.getString(1)) : 0;
            }
        }
    }
}
