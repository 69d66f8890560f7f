package io.ledgerconnect.source.snapshot;

import io.ledgerconnect.source.decode.Tuple;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads the output of {@code COPY … TO STDOUT (FORMAT binary)} as "Binary Format" under COPY in PostgreSQL's
 * documentation defines it. The server sends whole tuples, the header together with the first. Not thread-safe.
 */
final class CopyBinaryReader {
    private static final byte[] SIGNATURE = "PGCOPY\n\377\r\n\0".getBytes(StandardCharsets.ISO_8859_1);

    private final Tuple row = new Tuple();
    private boolean headerRead;
    private boolean ended;

    interface RowConsumer {
        /** The row is valid until the method returns. */
        void accept(Tuple row);
    }

    void read(byte[] message, RowConsumer rows) {
        ByteBuffer in = ByteBuffer.wrap(message);
        try {
            if (!headerRead) {
                readHeader(in);
            }
            while (in.hasRemaining()) {
                int fields = in.getShort();
                if (fields < 0) {
                    ended = true;
                    return;
                }
                row.fillFromCopy(in, fields);
                int next = in.position();
                rows.accept(row);
                in.position(next);
            }
        } catch (BufferUnderflowException | IndexOutOfBoundsException | IllegalArgumentException e) {
            throw new IllegalStateException("a message of COPY BINARY is cut off", e);
        }
    }

    private void readHeader(ByteBuffer in) {
        byte[] signature = new byte[SIGNATURE.length];
        in.get(signature);
        if (!Arrays.equals(signature, SIGNATURE)) {
            throw new IllegalStateException("the server's answer to COPY is not in its binary format");
        }
        in.getInt(); // flags
        in.position(in.position() + 4 + in.getInt(in.position())); // header extension
        headerRead = true;
    }

    /** Whether the trailer has come: without it rows may be missing. */
    boolean ended() {
        return ended;
    }
}
