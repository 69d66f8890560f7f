package io.ledgerconnect.sink.position;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ledgerconnect.common.envelope.Operation;
import io.ledgerconnect.common.position.Channel;
import io.ledgerconnect.common.position.PositionHeader;
import io.ledgerconnect.common.position.SourceId;
import io.ledgerconnect.common.position.SourcePosition;
import io.ledgerconnect.sink.read.Change;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;

class PositionFilterTest {
    private static final SourceId LEDGER = new SourceId("1", "ledger");
    private static final Channel ONE = new Channel(LEDGER, "one@100", "public.transfers", 0);
    private static final Channel TWO = new Channel(LEDGER, "two@180", "public.transfers", 0);

    private static Change change(Channel channel, long sequence, long lsn) {
        return change(channel, sequence, lsn, Operation.CREATE);
    }

    private static Change change(Channel channel, long sequence, long lsn, Operation operation) {
        return new Change(
                new PositionHeader(channel, sequence, new SourcePosition(lsn, 1), 0, operation),
                new SinkRecord("topic", 0, null, null, null, null, sequence - 1));
    }

    private static Progress progress(long appliedLsn, Map<Channel, Long> sequences) {
        return progress(appliedLsn, sequences, StreamState.ACTIVE);
    }

    private static Progress progress(long appliedLsn, Map<Channel, Long> sequences, StreamState state) {
        AppliedCursor applied = new AppliedCursor(TableChannel.of(ONE), new SourcePosition(appliedLsn, 1), 0);
        Map<Channel, ChannelCursor> cursors = new HashMap<>();
        sequences.forEach((channel, sequence) -> cursors.put(
                channel, new ChannelCursor(channel, applied, state, sequence, SharedPosition.NONE, null, false)));
        return new Progress(cursors, Map.of());
    }

    @Test
    void writesWhatFollowsAndSkipsRepeats() {
        Progress progress = progress(0x200, Map.of(ONE, 5L));
        Change next = change(ONE, 6, 0x300);
        Change after = change(ONE, 7, 0x400);
        assertThat(PositionFilter.unapplied(
                        List.of(change(ONE, 4, 0x1F0), next, change(ONE, 5, 0x200), next, after), progress))
                .containsExactly(next, after);
        assertThat(progress.moved()).singleElement().satisfies(cursor -> {
            assertThat(cursor.sequence()).isEqualTo(7);
            assertThat(cursor.applied().position()).isEqualTo(new SourcePosition(0x400, 1));
        });
    }

    @Test
    void whatAnotherStreamBroughtOnlyMovesTheSequence() {
        Progress progress = progress(0x300, Map.of(ONE, 5L, TWO, 0L));
        Change later = change(TWO, 2, 0x400);
        assertThat(PositionFilter.unapplied(List.of(change(TWO, 1, 0x300), later, change(ONE, 6, 0x400)), progress))
                .containsExactly(later);
        assertThat(progress.moved()).hasSize(2);
    }

    @Test
    void holdsEverythingOfAChannelAfterAHole() {
        Progress progress = progress(0x200, Map.of(ONE, 5L));
        Change afterHole = change(ONE, 8, 0x500);
        assertThat(PositionFilter.unapplied(List.of(change(ONE, 6, 0x300), afterHole, change(ONE, 9, 0x600)), progress))
                .hasSize(1);
        assertThat(progress.held()).singleElement().satisfies(cursor -> {
            assertThat(cursor.firstHeld()).isSameAs(afterHole);
            assertThat(cursor.sequence()).isEqualTo(6);
        });
    }

    @Test
    void firstSequenceOfAStreamMustBeOne() {
        Progress progress = progress(0, Map.of(ONE, 0L));
        PositionFilter.unapplied(List.of(change(ONE, 2, 0x300)), progress);
        assertThat(progress.held()).hasSize(1);
    }

    @Test
    void waitingStreamIsHeld() {
        Progress progress = progress(0, Map.of(ONE, 0L), StreamState.WAITING);
        assertThat(PositionFilter.unapplied(List.of(change(ONE, 1, 0x300)), progress))
                .isEmpty();
        assertThat(progress.held()).hasSize(1);
    }

    @Test
    void repeatAheadOfTheAppliedPositionIsAContradiction() {
        Progress progress = progress(0x200, Map.of(ONE, 5L));
        assertThatThrownBy(() -> PositionFilter.unapplied(List.of(change(ONE, 5, 0x300)), progress))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("repeats sequence 5 at position 0/300 #1");
    }

    @Test
    void positionThatGoesBackIsAContradiction() {
        Progress progress = progress(0x200, Map.of(ONE, 5L));
        assertThatThrownBy(
                        () -> PositionFilter.unapplied(List.of(change(ONE, 6, 0x300), change(ONE, 7, 0x2F0)), progress))
                .hasMessageContaining("goes back to position 0/2F0 #1");
    }

    @Test
    void supersededStreamSkipsItsSnapshotAndMustNotStream() {
        Progress progress = progress(0x1FF, Map.of(ONE, 0L), StreamState.SUPERSEDED);
        assertThat(PositionFilter.unapplied(List.of(change(ONE, 1, 0xFF, Operation.READ)), progress))
                .isEmpty();
        assertThatThrownBy(() -> PositionFilter.unapplied(List.of(change(ONE, 2, 0x300)), progress))
                .hasMessageContaining("a later stream has begun a snapshot anew");
    }
}
