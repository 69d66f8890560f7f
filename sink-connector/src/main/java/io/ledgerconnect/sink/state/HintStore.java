package io.ledgerconnect.sink.state;

import io.ledgerconnect.sink.database.Database;
import io.ledgerconnect.sink.database.Transaction;
import io.ledgerconnect.sink.position.ChannelCursor;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;

/** Reads where in Kafka the applied records of a stream end. */
public final class HintStore {
    private static final String LOWEST = """
            SELECT min(kafka_offset) FROM ledger_connect.channel
            WHERE pipeline = ? AND source = ? AND stream = ? AND topic = ? AND kafka_partition = ?""";

    private final String pipeline;

    public HintStore(String pipeline) {
        this.pipeline = pipeline;
    }

    /** The lowest offset at which any channel of the cursor's stream goes on in a partition. */
    public OptionalLong lowest(Database database, ChannelCursor cursor, TopicPartition partition) throws SQLException {
        try (Transaction transaction = database.begin();
                PreparedStatement statement = transaction.prepare(LOWEST)) {
            new Parameters(statement)
                    .add(pipeline)
                    .add(cursor.applied().channel().source())
                    .add(cursor.channel().stream())
                    .add(partition.topic())
                    .add(partition.partition());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                long offset = row.getLong(1);
                return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(offset);
            }
        }
    }
}
