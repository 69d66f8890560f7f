package io.ledgerconnect.sink.state;

import io.ledgerconnect.common.position.Channel;
import io.ledgerconnect.sink.database.Database;
import io.ledgerconnect.sink.database.Transaction;
import io.ledgerconnect.sink.position.ChannelCursor;
import io.ledgerconnect.sink.read.Change;
import io.ledgerconnect.sink.read.Origins;
import io.ledgerconnect.sink.state.LaggingChannels.Lagging;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.apache.kafka.common.TopicPartition;

/** Keeps where a sink stands before a hole, for {@code ledger_connect.status}. */
public final class GapStore {
    private static final String STORE = """
            INSERT INTO ledger_connect.gap (pipeline, source, channel, partition, stream, missing_sequence,
                after_position, next_seen_sequence, topic, kafka_partition, kafka_offset)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (pipeline, source, channel, partition, stream) DO UPDATE
            SET missing_sequence = excluded.missing_sequence, after_position = excluded.after_position,
                next_seen_sequence = excluded.next_seen_sequence, topic = excluded.topic,
                kafka_partition = excluded.kafka_partition, kafka_offset = excluded.kafka_offset, at = now()""";

    private static final String STORE_SILENT = """
            INSERT INTO ledger_connect.gap (pipeline, source, channel, partition, stream, missing_sequence,
                after_position, topic, kafka_partition, kafka_offset)
            SELECT ?, ?, ?, ?, ?, ?, coalesce((
                SELECT a.lsn || ' #' || a.ordinal FROM ledger_connect.applied a
                WHERE (a.pipeline, a.source, a.channel, a.partition) = (?, ?, ?, ?::int)), '0/0 #0'), ?, ?, ?
            WHERE (SELECT coalesce(max(c.sequence), 0) FROM ledger_connect.channel c
                   WHERE (c.pipeline, c.source, c.channel, c.partition, c.stream) = (?, ?, ?, ?::int, ?)) = ?
            ON CONFLICT (pipeline, source, channel, partition, stream) DO NOTHING""";

    private final Database database;
    private final String pipeline;

    public GapStore(Database database, String pipeline) {
        this.database = database;
        this.pipeline = pipeline;
    }

    /** Writes the gap before {@code cursor}'s first held change, in a transaction of its own. */
    public void store(ChannelCursor cursor) throws SQLException {
        Change next = cursor.firstHeld();
        try (Transaction transaction = database.begin();
                PreparedStatement statement = transaction.prepare(STORE)) {
            new Parameters(statement)
                    .add(pipeline)
                    .add(cursor.applied().channel().source())
                    .add(cursor.channel().table())
                    .add(cursor.channel().partition())
                    .add(cursor.channel().stream())
                    .add(cursor.sequence() + 1)
                    .add(cursor.applied().position().toString())
                    .add(next.header().sequence())
                    .add(Origins.topic(next.record()))
                    .add(Origins.partition(next.record()))
                    .add(Origins.offset(next.record()));
            statement.executeUpdate();
            transaction.commit();
        }
    }

    /** Says in {@code ledger_connect.status} that nothing follows in a partition, unless something has by now. */
    public void store(Lagging lagging, TopicPartition partition) throws SQLException {
        Channel channel = lagging.channel();
        try (Transaction transaction = database.begin();
                PreparedStatement statement = transaction.prepare(STORE_SILENT)) {
            new Parameters(statement)
                    .add(pipeline)
                    .add(channel.source().toString())
                    .add(channel.table())
                    .add(channel.partition())
                    .add(channel.stream())
                    .add(lagging.sequence() + 1)
                    .add(pipeline)
                    .add(channel.source().toString())
                    .add(channel.table())
                    .add(channel.partition())
                    .add(partition.topic())
                    .add(partition.partition())
                    .add(lagging.nextOffset())
                    .add(pipeline)
                    .add(channel.source().toString())
                    .add(channel.table())
                    .add(channel.partition())
                    .add(channel.stream())
                    .add(lagging.sequence());
            statement.executeUpdate();
            transaction.commit();
        }
    }
}
