package io.ledgerconnect.sink.offset;

import io.ledgerconnect.common.position.Channel;
import io.ledgerconnect.sink.database.Database;
import io.ledgerconnect.sink.position.ChannelCursor;
import io.ledgerconnect.sink.position.Hint;
import io.ledgerconnect.sink.position.Progress;
import io.ledgerconnect.sink.read.Change;
import io.ledgerconnect.sink.read.Origins;
import io.ledgerconnect.sink.state.HintStore;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Skips a long stretch of a topic that is applied already, as after the consumer group was reset: reading goes on at
 * the last applied record, where the stored hint says it is.
 *
 * <p>Cannot lose anything. It goes to the last applied record itself, not past it, so that wherever a wrong hint leads,
 * the next record that arrives shows by its sequence whether something was passed over; then the hole is dealt with as
 * any hole. A hint of another cluster for a topic of the same name is never taken, since hints are kept per stream and
 * only the stream just read is asked about. Each channel is tried once, so that a topic that was made anew is read from
 * its beginning after all.
 */
public final class FastForward {
    private static final Logger log = LoggerFactory.getLogger(FastForward.class);
    /** Fewer than this are read and skipped quicker than a seek takes. */
    private static final long WORTHWHILE_SEQUENCES = 20_000;

    private final Database database;
    private final HintStore hints;
    private final Rereading rereading;
    private final Set<Channel> tried = new HashSet<>();

    public FastForward(Database database, HintStore hints, Rereading rereading) {
        this.database = database;
        this.hints = hints;
        this.rereading = rereading;
    }

    /** Seeks for channels whose records in {@code progress} were all far behind what is applied. */
    public void skipRepeats(Progress progress) throws SQLException {
        if (!progress.held().isEmpty()) {
            return;
        }
        for (ChannelCursor cursor : progress.all()) {
            Change repeat = cursor.lastRepeat();
            if (repeat != null
                    && cursor.sequence() - repeat.header().sequence() >= WORTHWHILE_SEQUENCES
                    && tried.add(cursor.channel())) {
                skip(cursor, repeat);
            }
        }
    }

    private void skip(ChannelCursor cursor, Change repeat) throws SQLException {
        TopicPartition partition =
                new TopicPartition(Origins.topic(repeat.record()), Origins.partition(repeat.record()));
        Hint own = cursor.hint();
        if (own == null || !own.topic().equals(partition.topic()) || own.partition() != partition.partition()) {
            return;
        }
        OptionalLong lowest = hints.lowest(database, cursor, partition);
        if (lowest.isPresent() && lowest.getAsLong() - 1 > Origins.offset(repeat.record()) + 1) {
            log.info(
                    "{} is applied through sequence {}; reading {} on from offset {}",
                    cursor.describe(),
                    cursor.sequence(),
                    partition,
                    lowest.getAsLong() - 1);
            rereading.seek(partition, lowest.getAsLong() - 1);
        }
    }

    public void forget() {
        tried.clear();
    }
}
