package io.ledgerconnect.sink.position;

import io.ledgerconnect.sink.read.StreamSighting;
import java.util.List;
import java.util.Optional;

/** Whether a stream's changes may be applied to a pipeline. */
public enum Admission {
    /** They may: nothing speaks against it, or they go on with a snapshot that was interrupted. */
    ACTIVE,
    /** They may: it begins the snapshot anew that earlier streams abandoned, so what those wrote goes. */
    SUPERSEDING,
    /** They may: it brings a fresh snapshot, and the pipeline wants such a one in the place of everything it has. */
    REPLACING,
    /** Not yet: between what the pipeline is complete through and the stream's start there may be changes. */
    WAITING,
    /** No: a later stream has begun the snapshot anew. */
    SUPERSEDED,
    /** No: it brings a fresh snapshot, and the pipeline is past its own. */
    REFUSED;

    /**
     * Decides about one stream.
     *
     * @param known all streams that the pipeline has met of this ledger
     * @param pastSnapshot whether the whole snapshot of an earlier stream was applied
     * @param replace whether a fresh snapshot takes the place of what was streamed before
     * @param completeThrough WAL address through which the pipeline is complete, 0 when that is not known
     */
    public static Admission decide(
            StreamSighting sighting,
            List<KnownStream> known,
            boolean pastSnapshot,
            boolean replace,
            long completeThrough) {
        boolean snapshot = sighting.snapshot();
        for (KnownStream stream : known) {
            if (stream.stream().equals(sighting.stream())) {
                if (stream.state() != StreamState.WAITING) {
                    return stream.state() == StreamState.ACTIVE ? ACTIVE : SUPERSEDED;
                }
                snapshot |= stream.snapshot();
            }
        }
        Optional<KnownStream> interrupted = known.stream()
                .filter(stream -> isSameCapture(stream, sighting) && stream.state() != StreamState.WAITING)
                .findFirst();
        if (interrupted.isPresent()) {
            return interrupted.get().state() == StreamState.ACTIVE ? ACTIVE : SUPERSEDED;
        }
        List<KnownStream> others = known.stream()
                .filter(stream -> stream.state() == StreamState.ACTIVE)
                .toList();
        if (others.isEmpty()) {
            return ACTIVE;
        }
        return snapshot
                ? withSnapshot(sighting, others, pastSnapshot, replace)
                : withoutSnapshot(sighting.startLsn(), completeThrough);
    }

    private static boolean isSameCapture(KnownStream known, StreamSighting sighting) {
        return StreamSighting.capture(known.stream()).equals(StreamSighting.capture(sighting.stream()));
    }

    private static Admission withSnapshot(
            StreamSighting sighting, List<KnownStream> others, boolean pastSnapshot, boolean replace) {
        if (pastSnapshot && !replace) {
            return REFUSED;
        }
        boolean older = others.stream()
                .anyMatch(
                        other -> other.snapshot() && Long.compareUnsigned(other.startLsn(), sighting.startLsn()) >= 0);
        if (older) {
            return SUPERSEDED;
        }
        return pastSnapshot ? REPLACING : SUPERSEDING;
    }

    private static Admission withoutSnapshot(long startLsn, long completeThrough) {
        return Long.compareUnsigned(completeThrough, startLsn) >= 0 ? ACTIVE : WAITING;
    }

    /** The state in which the stream is kept. */
    public StreamState state() {
        return switch (this) {
            case ACTIVE, SUPERSEDING, REPLACING -> StreamState.ACTIVE;
            case WAITING -> StreamState.WAITING;
            case SUPERSEDED -> StreamState.SUPERSEDED;
            case REFUSED -> throw new IllegalStateException("a refused stream is not kept");
        };
    }
}
