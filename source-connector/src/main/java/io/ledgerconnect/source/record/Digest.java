package io.ledgerconnect.source.record;

import io.ledgerconnect.common.envelope.Operation;
import io.ledgerconnect.common.position.SourcePosition;

/**
 * The hash of one change in a window's digest: position, operation and the checksum of the row's wire bytes, mixed by
 * the finalizer of SplitMix64. Digests add up, so their order does not matter.
 */
final class Digest {
    private Digest() {}

    static long of(SourcePosition position, Operation operation, long checksum) {
        return mix(mix(mix(position.commitLsn()) ^ position.ordinal())
                ^ (checksum << 8 | operation.code().charAt(0)));
    }

    private static long mix(long seed) {
        long z = seed + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
