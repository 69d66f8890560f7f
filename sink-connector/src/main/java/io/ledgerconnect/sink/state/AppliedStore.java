package io.ledgerconnect.sink.state;

import io.ledgerconnect.common.position.Channel;
import io.ledgerconnect.common.position.Lsn;
import io.ledgerconnect.common.position.SourcePosition;
import io.ledgerconnect.sink.database.AdvisoryLocks;
import io.ledgerconnect.sink.database.Transaction;
import io.ledgerconnect.sink.position.AppliedCursor;
import io.ledgerconnect.sink.position.ChannelCursor;
import io.ledgerconnect.sink.position.Hint;
import io.ledgerconnect.sink.position.Progress;
import io.ledgerconnect.sink.position.SharedPosition;
import io.ledgerconnect.sink.position.StreamState;
import io.ledgerconnect.sink.position.TableChannel;
import io.ledgerconnect.sink.read.Change;
import io.ledgerconnect.sink.read.Origins;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;

/** Applied positions and sequences in the reporting store: locked, read and moved in the transaction that writes. */
public final class AppliedStore {
    /** What a superseded snapshot wrote was deleted; a channel that is met later must not bring it back. */
    private static final String MEET = """
            INSERT INTO ledger_connect.applied (pipeline, source, channel, partition, topic, lsn, ordinal, snapshot)
            SELECT ?, w.source, w.channel, w.partition, '',
                   coalesce((SELECT max(s.start_lsn) - 1 FROM ledger_connect.stream s
                             WHERE s.pipeline = ? AND s.source = w.source AND s.snapshot AND s.state = 'active'
                               AND s.start_lsn > '0/0'), '0/0'),
                   0, true
            FROM unnest(?::text[], ?::text[], ?::int[]) AS w (source, channel, partition)
            ORDER BY 2, 3, 4
            ON CONFLICT DO NOTHING""";

    /** The second statement has a snapshot of its own, taken when the locks are held: what it reads is current. */
    private static final String LOCK_AND_READ = """
            SELECT a.source, a.channel, a.partition, a.lsn, a.ordinal,
                   coalesce((extract(epoch FROM a.committed_at) * 1000000)::bigint, 0)
            FROM ledger_connect.applied a
            JOIN unnest(?::text[], ?::text[], ?::int[]) AS w (source, channel, partition)
              ON (w.source, w.channel, w.partition) = (a.source, a.channel, a.partition)
            WHERE a.pipeline = ?
            ORDER BY a.source, a.channel, a.partition
            FOR UPDATE OF a;
            SELECT w.index, s.state, c.sequence, c.topic, c.kafka_partition, c.kafka_offset, t.target,
                   c.at_position, c.last_at_position, c.first_at_position
            FROM unnest(?::int[], ?::text[], ?::text[], ?::int[], ?::text[]) AS w (index, source, channel, partition, stream)
            LEFT JOIN ledger_connect.stream s ON (s.pipeline, s.source, s.stream) = (?, w.source, w.stream)
            LEFT JOIN ledger_connect.channel c
                   ON (c.pipeline, c.source, c.stream) = (?, w.source, w.stream)
                  AND (c.channel, c.partition) = (w.channel, w.partition)
            LEFT JOIN ledger_connect.target t ON (t.pipeline, t.source, t.channel) = (?, w.source, w.channel)""";

    private static final String MOVE = """
            WITH moved AS (
                UPDATE ledger_connect.applied a
                SET topic = m.topic, lsn = m.lsn, ordinal = m.ordinal, snapshot = m.snapshot,
                    committed_at = 'epoch'::timestamptz + m.micros * interval '1 microsecond'
                FROM unnest(?::text[], ?::text[], ?::int[], ?::text[], ?::pg_lsn[], ?::bigint[], ?::bigint[], ?::boolean[])
                     AS m (source, channel, partition, topic, lsn, ordinal, micros, snapshot)
                WHERE a.pipeline = ? AND (a.source, a.channel, a.partition) = (m.source, m.channel, m.partition)),
            ahead AS (
                INSERT INTO ledger_connect.channel
                SELECT ?, n.*
                FROM unnest(?::text[], ?::text[], ?::int[], ?::text[], ?::bigint[], ?::text[], ?::int[], ?::bigint[],
                            ?::bigint[], ?::bigint[], ?::bigint[])
                     AS n (source, channel, partition, stream, sequence, topic, kafka_partition, kafka_offset,
                           at_position, last_at_position, first_at_position)
                ON CONFLICT (pipeline, source, stream, channel, partition) DO UPDATE
                SET sequence = excluded.sequence, topic = excluded.topic,
                    kafka_partition = excluded.kafka_partition, kafka_offset = excluded.kafka_offset,
                    at_position = excluded.at_position, last_at_position = excluded.last_at_position,
                    first_at_position = excluded.first_at_position
                RETURNING *)
            DELETE FROM ledger_connect.gap g USING ahead
            WHERE (g.pipeline, g.source, g.stream) = (ahead.pipeline, ahead.source, ahead.stream)
              AND (g.channel, g.partition) = (ahead.channel, ahead.partition)
              AND g.missing_sequence <= ahead.sequence""";

    private final String pipeline;
    private final boolean replace;
    /** Channels whose rows are known to exist; their number is bounded by tables × partitions. */
    private final Set<TableChannel> met = new HashSet<>();

    /** @param replace whether a fresh snapshot may take the place of changes that were not applied */
    public AppliedStore(String pipeline, boolean replace) {
        this.pipeline = pipeline;
        this.replace = replace;
    }

    /** Locks the applied positions of the channels, in an order that is the same for every task, and reads them. */
    public Progress lock(Transaction transaction, Collection<Channel> channels) throws SQLException {
        if (channels.isEmpty()) {
            return new Progress(Map.of(), Map.of());
        }
        Map<TableChannel, AppliedCursor> applied = new LinkedHashMap<>();
        channels.forEach(channel -> applied.put(TableChannel.of(channel), null));
        meet(transaction, applied.keySet());
        List<Channel> list = List.copyOf(channels);
        try (PreparedStatement statement = transaction.prepare(LOCK_AND_READ)) {
            Parameters parameters = new Parameters(statement);
            addTableChannels(parameters, applied.keySet()).add(pipeline);
            parameters
                    .addInts(IntStream.range(0, list.size()).boxed().toList(), Integer::intValue)
                    .addTexts(list, channel -> channel.source().toString())
                    .addTexts(list, Channel::table)
                    .addInts(list, Channel::partition)
                    .addTexts(list, Channel::stream)
                    .add(pipeline)
                    .add(pipeline)
                    .add(pipeline);
            statement.execute();
            readApplied(statement.getResultSet(), applied);
            statement.getMoreResults();
            return progress(statement.getResultSet(), list, applied);
        }
    }

    private void meet(Transaction transaction, Set<TableChannel> channels) throws SQLException {
        List<TableChannel> unmet =
                channels.stream().filter(channel -> !met.contains(channel)).toList();
        if (unmet.isEmpty()) {
            return;
        }
        AdvisoryLocks.pipelineShared(transaction, pipeline);
        try (PreparedStatement statement = transaction.prepare(MEET)) {
            addTableChannels(new Parameters(statement).add(pipeline).add(pipeline), unmet);
            statement.executeUpdate();
        }
    }

    private static Parameters addTableChannels(Parameters parameters, Collection<TableChannel> channels)
            throws SQLException {
        return parameters
                .addTexts(channels, TableChannel::source)
                .addTexts(channels, TableChannel::table)
                .addInts(channels, TableChannel::partition);
    }

    private static void readApplied(ResultSet rows, Map<TableChannel, AppliedCursor> applied) throws SQLException {
        while (rows.next()) {
            TableChannel channel = new TableChannel(rows.getString(1), rows.getString(2), rows.getInt(3));
            applied.put(
                    channel,
                    new AppliedCursor(
                            channel,
                            new SourcePosition(Lsn.parse(rows.getString(4)), rows.getLong(5)),
                            rows.getLong(6)));
        }
    }

    private Progress progress(ResultSet rows, List<Channel> channels, Map<TableChannel, AppliedCursor> applied)
            throws SQLException {
        Map<Channel, ChannelCursor> cursors = new HashMap<>();
        Map<Channel, String> targets = new HashMap<>();
        while (rows.next()) {
            Channel channel = channels.get(rows.getInt(1));
            AppliedCursor position = applied.get(TableChannel.of(channel));
            if (position == null || rows.getString(2) == null) {
                throw new ConnectException(
                        "What ledger_connect keeps of " + channel
                                + " is gone from the reporting store: somebody deleted it under a running task. Restart the task, and empty the reporting tables before, or the changes that are in them would be written again");
            }
            targets.put(channel, rows.getString(7));
            cursors.put(
                    channel,
                    new ChannelCursor(
                            channel,
                            position,
                            StreamState.valueOf(rows.getString(2).toUpperCase(Locale.ROOT)),
                            rows.getLong(3),
                            new SharedPosition(rows.getLong(8), rows.getLong(9), rows.getLong(10)),
                            rows.getString(4) == null
                                    ? null
                                    : new Hint(rows.getString(4), rows.getInt(5), rows.getLong(6)),
                            replace));
        }
        return new Progress(cursors, targets);
    }

    /** Writes what was moved, in one statement; a gap that is filled by it is cleared. */
    public void move(Transaction transaction, Progress progress) throws SQLException {
        List<ChannelCursor> moved = progress.moved();
        if (moved.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = transaction.prepare(MOVE)) {
            Parameters parameters = new Parameters(statement);
            addApplied(parameters, appliedMoves(moved)).add(pipeline).add(pipeline);
            addSequences(parameters, moved);
            statement.executeUpdate();
        }
    }

    /** One per table and partition, though several streams of a batch may share it. */
    private static Collection<AppliedCursor> appliedMoves(List<ChannelCursor> moved) {
        Map<String, AppliedCursor> cursors = new TreeMap<>();
        for (ChannelCursor cursor : moved) {
            if (cursor.applied().last() != null) {
                cursors.put(cursor.applied().channel().toString(), cursor.applied());
            }
        }
        return cursors.values();
    }

    private static Parameters addApplied(Parameters parameters, Collection<AppliedCursor> moves) throws SQLException {
        return parameters
                .addTexts(moves, move -> move.channel().source())
                .addTexts(moves, move -> move.channel().table())
                .addInts(moves, move -> move.channel().partition())
                .addTexts(moves, move -> move.last().record().topic())
                .addTexts(moves, move -> Lsn.format(move.position().commitLsn()))
                .addLongs(moves, move -> move.position().ordinal())
                .addLongs(moves, AppliedCursor::committedAtMicros)
                .addBooleans(moves, AppliedCursor::lastIsSnapshot);
    }

    private static void addSequences(Parameters parameters, List<ChannelCursor> moved) throws SQLException {
        parameters
                .addTexts(moved, cursor -> cursor.applied().channel().source())
                .addTexts(moved, cursor -> cursor.channel().table())
                .addInts(moved, cursor -> cursor.channel().partition())
                .addTexts(moved, cursor -> cursor.channel().stream())
                .addLongs(moved, ChannelCursor::sequence)
                .addTexts(moved, cursor -> Origins.topic(record(cursor)))
                .addInts(moved, cursor -> Origins.partition(record(cursor)))
                .addLongs(moved, cursor -> Origins.offset(record(cursor)) + 1)
                .addLongs(moved, cursor -> cursor.shared().count())
                .addLongs(moved, cursor -> cursor.shared().place())
                .addLongs(moved, cursor -> cursor.shared().first());
    }

    private static SinkRecord record(ChannelCursor cursor) {
        Change last = cursor.last();
        return last.record();
    }

    /** Remembers that the rows of these channels exist, once the transaction that met them is committed. */
    public void committed(Progress progress) {
        progress.all().forEach(cursor -> met.add(cursor.applied().channel()));
    }
}
