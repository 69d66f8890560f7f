package io.ledgerconnect.cli.status;

import io.ledgerconnect.cli.status.PipelineStatus.Gap;
import io.ledgerconnect.cli.status.PipelineStatus.WaitingChannel;
import io.ledgerconnect.cli.status.PipelineStatus.WaitingStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads what {@code ledger_connect} tells of pipelines; all of it as of one moment. Needs SELECT there. */
public final class StatusReader {
    private static final String STATUS = """
            SELECT s.pipeline, s.source, s.complete_through_lsn::text, s.complete_through_time,
                   extract(epoch FROM clock_timestamp() - s.complete_through_time)::float8,
                   r.lsn::text, pg_wal_lsn_diff(r.lsn, s.complete_through_lsn)::bigint,
                   s.quarantined,
                   (SELECT count(*) FROM ledger_connect.quarantine q
                    WHERE (q.pipeline, q.source) = (s.pipeline, s.source) AND q.lsn <= s.complete_through_lsn)
            FROM ledger_connect.status s
            LEFT JOIN LATERAL (
                SELECT max(w.lsn) AS lsn
                FROM ledger_connect.watermark w
                JOIN ledger_connect.stream t ON (t.pipeline, t.source, t.stream) = (w.pipeline, w.source, w.stream)
                WHERE (w.pipeline, w.source) = (s.pipeline, s.source) AND t.state = 'active') r ON true
            WHERE s.pipeline = coalesce(?, s.pipeline)
            ORDER BY 1, 2""";
    private static final String FIRST_GAP = """
            SELECT g.channel, g.partition, g.stream, g.missing_sequence, g.after_position, g.next_seen_sequence,
                   g.topic || '-' || g.kafka_partition
            FROM ledger_connect.gap g
            JOIN ledger_connect.stream s ON (s.pipeline, s.source, s.stream) = (g.pipeline, g.source, g.stream)
            WHERE (g.pipeline, g.source) = (?, ?) AND s.state <> 'superseded'
            ORDER BY split_part(g.after_position, ' ', 1)::pg_lsn, split_part(g.after_position, '#', 2)::bigint,
                     g.channel, g.partition
            LIMIT 1""";
    private static final String CHANNELS = """
            SELECT e.channel, e.partition, e.stream, coalesce(c.sequence, 0), e.sequence,
                   c.topic || '-' || c.kafka_partition || ' offset ' || c.kafka_offset
            FROM (SELECT DISTINCT ON (m.stream) m.*
                  FROM ledger_connect.watermark m
                  JOIN ledger_connect.stream s ON (s.pipeline, s.source, s.stream) = (m.pipeline, m.source, m.stream)
                  WHERE (m.pipeline, m.source) = (?, ?) AND s.state = 'active'
                  ORDER BY m.stream, m.lsn DESC) w
            CROSS JOIN LATERAL unnest(w.streams, w.channels, w.partitions, w.sequences)
                 AS e (stream, channel, partition, sequence)
            LEFT JOIN ledger_connect.channel c
                   ON (c.pipeline, c.source, c.stream, c.channel, c.partition)
                    = (w.pipeline, w.source, e.stream, e.channel, e.partition)
            WHERE coalesce(c.sequence, 0) < e.sequence
            ORDER BY 3, 1, 2""";
    private static final String WAITING_STREAMS = """
            SELECT stream, start_lsn::text FROM ledger_connect.stream
            WHERE (pipeline, source) = (?, ?) AND state = 'waiting' ORDER BY 1""";

    private final Connection store;

    public StatusReader(Connection store) {
        this.store = store;
    }

    /** One per pipeline and ledger, in the order of their names; {@code pipeline} may be null for all. */
    public List<PipelineStatus> read(String pipeline) throws SQLException {
        store.setAutoCommit(false);
        try (PreparedStatement begin =
                store.prepareStatement("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")) {
            begin.execute();
            return statuses(pipeline);
        } finally {
            store.rollback();
            store.setAutoCommit(true);
        }
    }

    private List<PipelineStatus> statuses(String pipeline) throws SQLException {
        return rows(STATUS, this::status, pipeline);
    }

    private PipelineStatus status(ResultSet row) throws SQLException {
        String pipeline = row.getString(1);
        String source = row.getString(2);
        return new PipelineStatus(
                pipeline,
                source,
                Optional.ofNullable(row.getString(3)),
                Optional.ofNullable(row.getObject(4, OffsetDateTime.class)).map(OffsetDateTime::toInstant),
                Optional.ofNullable(row.getObject(5, Double.class)),
                Optional.ofNullable(row.getString(6)),
                Optional.ofNullable(row.getObject(7, Long.class)),
                row.getLong(8),
                row.getLong(9),
                rows(FIRST_GAP, StatusReader::gap, pipeline, source).stream().findFirst(),
                rows(CHANNELS, StatusReader::channel, pipeline, source),
                rows(WAITING_STREAMS, StatusReader::stream, pipeline, source));
    }

    private static Gap gap(ResultSet row) throws SQLException {
        return new Gap(
                row.getString(1),
                row.getInt(2),
                row.getString(3),
                row.getLong(4),
                row.getString(5),
                Optional.ofNullable(row.getObject(6, Long.class)),
                row.getString(7));
    }

    private static WaitingChannel channel(ResultSet row) throws SQLException {
        return new WaitingChannel(
                row.getString(1),
                row.getInt(2),
                row.getString(3),
                row.getLong(4),
                row.getLong(5),
                Optional.ofNullable(row.getString(6)));
    }

    private static WaitingStream stream(ResultSet row) throws SQLException {
        return new WaitingStream(row.getString(1), row.getString(2));
    }

    private interface Reading<T> {
        T read(ResultSet row) throws SQLException;
    }

    private <T> List<T> rows(String sql, Reading<T> reading, String... parameters) throws SQLException {
        try (PreparedStatement query = store.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                query.setString(i + 1, parameters[i]);
            }
            try (ResultSet result = query.executeQuery()) {
                List<T> rows = new ArrayList<>();
                while (result.next()) {
                    rows.add(reading.read(result));
                }
                return rows;
            }
        }
    }
}
