package io.ledgerconnect.common.json;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** A growing buffer that is read without a copy. Not thread-safe. */
final class PayloadBuffer extends ByteArrayOutputStream {
    /** One record of an unusual size must not stay in memory for good. */
    private static final int KEPT_BYTES = 1 << 20;

    PayloadBuffer() {
        super(8192);
    }

    boolean isOversized() {
        return buf.length > KEPT_BYTES;
    }

    /** A new array of both and what was written in between. */
    byte[] between(byte[] before, byte[] after) {
        byte[] all = Arrays.copyOf(before, before.length + count + after.length);
        System.arraycopy(buf, 0, all, before.length, count);
        System.arraycopy(after, 0, all, before.length + count, after.length);
        return all;
    }
}
