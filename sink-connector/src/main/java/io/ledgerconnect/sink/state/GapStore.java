package io.ledgerconnect.sink.state;

import io.ledgerconnect.sink.database.Database;
import io.ledgerconnect.sink.database.Transaction;
import io.ledgerconnect.sink.position.ChannelCursor;
import io.ledgerconnect.sink.read.Change;
import io.ledgerconnect.sink.read.Origins;
import java.sql.PreparedStatement;
import java.sql.SQLException;

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
}
