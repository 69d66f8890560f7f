package io.ledgerconnect.common.position;

import io.ledgerconnect.common.envelope.Operation;

/**
 * What a change's position, operation and content come to, in 64 bits. It stands in the change's
 * {@link PositionHeader}, so whoever reads the record can tell whether it is still what was sent; and a watermark has
 * the sum of its window's. The mixing is the finalizer of SplitMix64. Digests add up, so their order does not matter.
 */
public final class ChangeDigest {
    /** Says that a digest is not told. No change has it. */
    public static final long NONE = 0;

    private ChangeDigest() {}

    /**
     * The digest of one change.
     *
     * @param content by {@link io.ledgerconnect.common.envelope.ContentHash}, or what stands for it where there is no
     *     row
     */
    public static long of(SourcePosition position, Operation operation, long content) {
        long digest = mix(mix(mix(position.commitLsn()) ^ position.ordinal())
                ^ mix(content + operation.code().charAt(0)));
        return digest == NONE ? 1 : digest;
    }

    private static long mix(long seed) {
        long z = seed + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
