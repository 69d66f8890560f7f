package io.ledgerconnect.testbed.ledger;

import java.util.UUID;
import java.util.random.RandomGenerator;

/** Random ids that a seed can repeat. */
final class Ids {
    private static final long VERSION_4 = 0x4000L;
    private static final long VARIANT_2 = 0x8000_0000_0000_0000L;

    private Ids() {}

    static UUID next(RandomGenerator random) {
        return new UUID((random.nextLong() & ~0xF000L) | VERSION_4, (random.nextLong() >>> 2) | VARIANT_2);
    }
}
