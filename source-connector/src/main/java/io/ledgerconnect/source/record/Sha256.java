package io.ledgerconnect.source.record;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.zip.Checksum;

/** The first eight bytes of SHA-256: no two keys of a ledger share them. Not thread-safe. */
final class Sha256 implements Checksum {
    private final MessageDigest digest;

    Sha256() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    @Override
    public void update(int single) {
        digest.update((byte) single);
    }

    @Override
    public void update(byte[] bytes, int offset, int length) {
        digest.update(bytes, offset, length);
    }

    /** Begins the next one. */
    @Override
    public long getValue() {
        return ByteBuffer.wrap(digest.digest()).getLong();
    }

    @Override
    public void reset() {
        digest.reset();
    }
}
