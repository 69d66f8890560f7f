package io.ledgerconnect.sink.state;

import io.ledgerconnect.common.position.Channel;
import io.ledgerconnect.common.position.SourceId;
import io.ledgerconnect.sink.database.Database;
import io.ledgerconnect.sink.database.Transaction;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.TopicPartition;

/** Reads which channels are behind the newest watermark of their stream. */
public final class LaggingChannels {
    private static final String LAGGING = """
            SELECT w.source, e.stream, e.channel, e.partition, e.sequence, coalesce(c.sequence, 0),
                   c.topic, c.kafka_partition, c.kafka_offset, w.lsn || ' ' || w.committed_at,
                   coalesce(a.lsn || ' #' || a.ordinal, '0/0 #0'), w.captures = 1
            FROM (SELECT DISTINCT ON (m.source, m.stream) m.*,
                         (SELECT count(DISTINCT regexp_replace(o.stream, '[.][^.@]*@', '@')) FROM ledger_connect.stream o
                          WHERE (o.pipeline, o.source) = (m.pipeline, m.source) AND o.state <> 'superseded') AS captures
                  FROM ledger_connect.watermark m
                  JOIN ledger_connect.stream s ON (s.pipeline, s.source, s.stream) = (m.pipeline, m.source, m.stream)
                  WHERE m.pipeline = ? AND s.state = 'active'
                  ORDER BY m.source, m.stream, m.lsn DESC) w
            CROSS JOIN LATERAL unnest(w.streams, w.channels, w.partitions, w.sequences)
                 AS e (stream, channel, partition, sequence)
            LEFT JOIN ledger_connect.channel c
                   ON (c.pipeline, c.source, c.stream, c.channel, c.partition)
                    = (w.pipeline, w.source, e.stream, e.channel, e.partition)
            LEFT JOIN ledger_connect.applied a
                   ON (a.pipeline, a.source, a.channel, a.partition) = (w.pipeline, w.source, e.channel, e.partition)
            WHERE coalesce(c.sequence, 0) < e.sequence""";
    private final Database database;
    private final String pipeline;

    public LaggingChannels(Database database, String pipeline) {
        this.database = database;
        this.pipeline = pipeline;
    }

    /**
     * A channel that is not applied as far as a watermark says it goes.
     *
     * @param end its last sequence by the watermark
     * @param sequence the last applied, or 0
     * @param hint where in Kafka it was last read, or null
     * @param nextOffset where it goes on there
     * @param watermark changes whenever the stream sends another watermark
     * @param position the applied position of its table and partition
     * @param onlyStream whether no other stream of this ledger feeds the pipeline
     */
    public record Lagging(
            Channel channel,
            long end,
            long sequence,
            TopicPartition hint,
            long nextOffset,
            String watermark,
            String position,
            boolean onlyStream) {}

    public List<Lagging> read() throws SQLException {
        List<Lagging> lagging = new ArrayList<>();
        try (Transaction transaction = database.begin();
                PreparedStatement statement = transaction.prepare(LAGGING)) {
            new Parameters(statement).add(pipeline);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    lagging.add(lagging(row));
                }
            }
        }
        return lagging;
    }

    private static Lagging lagging(ResultSet row) throws SQLException {
        String topic = row.getString(7);
        return new Lagging(
                new Channel(SourceId.parse(row.getString(1)), row.getString(2), row.getString(3), row.getInt(4)),
                row.getLong(5),
                row.getLong(6),
                topic == null ? null : new TopicPartition(topic, row.getInt(8)),
                row.getLong(9),
                row.getString(10),
                row.getString(11),
                row.getBoolean(12));
    }
}
