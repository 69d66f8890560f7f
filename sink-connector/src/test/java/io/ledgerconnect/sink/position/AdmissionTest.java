package io.ledgerconnect.sink.position;

import static org.assertj.core.api.Assertions.assertThat;

import io.ledgerconnect.sink.read.StreamSighting;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdmissionTest {
    private static final List<KnownStream> STREAMING = List.of(new KnownStream("one", 0x100, true, StreamState.ACTIVE));

    private static StreamSighting stream(long startLsn, boolean snapshot) {
        return new StreamSighting("ledger", "two", startLsn, snapshot);
    }

    @Test
    void firstStreamIsActive() {
        assertThat(Admission.decide(stream(0x200, true), List.of(), false, false, 0))
                .isEqualTo(Admission.ACTIVE);
        assertThat(Admission.decide(stream(0x200, false), List.of(), false, false, 0))
                .isEqualTo(Admission.ACTIVE);
    }

    @Test
    void streamWithoutSnapshotIsActiveOnceThePipelineIsCompleteThroughItsStart() {
        assertThat(Admission.decide(stream(0x200, false), STREAMING, true, false, 0x1FF))
                .isEqualTo(Admission.WAITING);
        assertThat(Admission.decide(stream(0x200, false), STREAMING, true, false, 0x200))
                .isEqualTo(Admission.ACTIVE);
    }

    @Test
    void walAddressesAreUnsigned() {
        assertThat(Admission.decide(stream(0x200, false), STREAMING, true, false, -1L))
                .isEqualTo(Admission.ACTIVE);
    }

    @Test
    void laterSnapshotSupersedesAnUnfinishedOne() {
        assertThat(Admission.decide(stream(0x200, true), STREAMING, false, false, 0))
                .isEqualTo(Admission.SUPERSEDING);
        assertThat(Admission.decide(stream(0x80, true), STREAMING, false, false, 0))
                .isEqualTo(Admission.SUPERSEDED);
    }

    @Test
    void snapshotIsRefusedOnceChangesWereApplied() {
        assertThat(Admission.decide(stream(0x200, true), STREAMING, true, false, 0x1000))
                .isEqualTo(Admission.REFUSED);
    }

    @Test
    void waitingStreamThatTurnsOutToHaveASnapshotSupersedes() {
        List<KnownStream> known = List.of(STREAMING.get(0), new KnownStream("two", 0x200, true, StreamState.WAITING));
        assertThat(Admission.decide(stream(0x200, false), known, false, false, 0))
                .isEqualTo(Admission.SUPERSEDING);
    }

    @Test
    void settledStreamStaysWhatItIs() {
        List<KnownStream> active = List.of(STREAMING.get(0), new KnownStream("two", 0x200, true, StreamState.ACTIVE));
        List<KnownStream> gone = List.of(STREAMING.get(0), new KnownStream("two", 0x200, true, StreamState.SUPERSEDED));
        assertThat(Admission.decide(stream(0x200, true), active, true, false, 0))
                .isEqualTo(Admission.ACTIVE);
        assertThat(Admission.decide(stream(0x200, true), gone, false, false, 0)).isEqualTo(Admission.SUPERSEDED);
    }

    @Test
    void aFreshSnapshotReplacesWhatWasStreamedWhereThatIsWanted() {
        assertThat(Admission.decide(stream(0x200, true), STREAMING, true, true, 0x1000))
                .isEqualTo(Admission.REPLACING);
        assertThat(Admission.decide(stream(0x80, true), STREAMING, true, true, 0x1000))
                .isEqualTo(Admission.SUPERSEDED);
    }
}
