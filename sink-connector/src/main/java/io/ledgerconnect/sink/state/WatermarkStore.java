package io.ledgerconnect.sink.state;

import io.ledgerconnect.common.position.Lsn;
import io.ledgerconnect.common.watermark.Watermark;
import io.ledgerconnect.common.watermark.Watermark.ChannelEnd;
import io.ledgerconnect.sink.config.SubscribedTopics;
import io.ledgerconnect.sink.database.Transaction;
import io.ledgerconnect.sink.read.Origins;
import io.ledgerconnect.sink.read.SeenWatermark;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Keeps the watermarks from which {@code ledger_connect.status} tells what is complete. */
public final class WatermarkStore {
    /**
     * Pending watermarks per stream. While a sink lags, more come in; then every second is forgotten, which makes
     * "complete through" advance in larger steps and nothing else.
     */
    private static final int MAX_PENDING = 1000;

    private static final String STORE = """
            INSERT INTO ledger_connect.watermark
            VALUES (?, ?, ?, ?::pg_lsn, 'epoch'::timestamptz + ? * interval '1 microsecond', ?::text[], ?::text[], ?::int[], ?::bigint[])
            ON CONFLICT (pipeline, source, stream, lsn) DO UPDATE
            SET streams = excluded.streams, channels = excluded.channels, partitions = excluded.partitions, sequences = excluded.sequences,
                committed_at = greatest(watermark.committed_at, excluded.committed_at)""";
    private static final String PRUNE = """
            WITH numbered AS (
                SELECT lsn, row_number() OVER (ORDER BY lsn DESC) AS number, count(*) OVER () AS pending
                FROM ledger_connect.watermark WHERE pipeline = ? AND source = ? AND stream = ?)
            DELETE FROM ledger_connect.watermark w
            WHERE w.pipeline = ? AND w.source = ? AND w.stream = ?
              AND (w.lsn < (SELECT c.lsn FROM ledger_connect.complete c
                            WHERE c.pipeline = ? AND c.source = ? AND c.stream = ?)
                   OR w.lsn IN (SELECT n.lsn FROM numbered n WHERE n.pending > ? AND n.number % 2 = 0))""";

    private final String pipeline;
    private final SubscribedTopics topics;

    public WatermarkStore(String pipeline, SubscribedTopics topics) {
        this.pipeline = pipeline;
        this.topics = topics;
    }

    /** Stores the watermarks of a batch and forgets the complete ones below the highest complete one. */
    public void store(Transaction transaction, List<SeenWatermark> watermarks) throws SQLException {
        if (watermarks.isEmpty()) {
            return;
        }
        Map<String, Watermark> newestByStream = new LinkedHashMap<>();
        try (PreparedStatement statement = transaction.prepare(STORE)) {
            for (SeenWatermark seen : watermarks) {
                addBatch(statement, seen);
                newestByStream.put(seen.watermark().source() + ' ' + seen.watermark().stream(), seen.watermark());
            }
            statement.executeBatch();
        }
        for (Watermark newest : newestByStream.values()) {
            prune(transaction, newest);
        }
    }

    /** The ledger tables of which the watermarks tell changes in topics that this connector does not read. */
    public Set<String> unread(List<SeenWatermark> watermarks) {
        Set<String> tables = new HashSet<>();
        for (SeenWatermark seen : watermarks) {
            List<ChannelEnd> all = seen.watermark().channels();
            List<ChannelEnd> counted = CountedChannels.of(seen.watermark(), Origins.topic(seen.record()), topics);
            if (counted.size() < all.size()) {
                Set<ChannelEnd> read = Set.copyOf(counted);
                all.stream().filter(end -> !read.contains(end)).forEach(end -> tables.add(end.table()));
            }
        }
        return tables;
    }

    private void addBatch(PreparedStatement statement, SeenWatermark seen) throws SQLException {
        Watermark watermark = seen.watermark();
        List<ChannelEnd> ends = CountedChannels.of(watermark, Origins.topic(seen.record()), topics);
        new Parameters(statement)
                .add(pipeline)
                .add(watermark.source())
                .add(watermark.stream())
                .add(Lsn.format(watermark.lsn()))
                .add(watermark.committedAtMicros())
                .addTexts(ends, ChannelEnd::stream)
                .addTexts(ends, ChannelEnd::table)
                .addInts(ends, ChannelEnd::partition)
                .addLongs(ends, ChannelEnd::sequence);
        statement.addBatch();
    }

    private void prune(Transaction transaction, Watermark watermark) throws SQLException {
        try (PreparedStatement statement = transaction.prepare(PRUNE)) {
            Parameters parameters = new Parameters(statement);
            for (int i = 0; i < 3; i++) {
                parameters.add(pipeline).add(watermark.source()).add(watermark.stream());
            }
            parameters.add(MAX_PENDING);
            statement.executeUpdate();
        }
    }
}
