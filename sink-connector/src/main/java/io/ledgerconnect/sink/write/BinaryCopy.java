package io.ledgerconnect.sink.write;

import io.ledgerconnect.common.type.BinaryWriter;
import io.ledgerconnect.sink.database.Transaction;
import io.ledgerconnect.sink.target.RefusedException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.function.BiConsumer;
import org.postgresql.copy.CopyIn;

/**
 * Sends rows by COPY … FROM STDIN (FORMAT binary): signature, int32 flags, int32 length of the header's extension, then
 * per row an int16 number of fields and the fields, and an int16 -1 at the end. See PostgreSQL's documentation of COPY.
 */
final class BinaryCopy {
    /** What a row did not come to, where fewer rows were written than sent. */
    static final String LEFT_OUT = "a trigger of the table left the change out";

    private static final byte[] SIGNATURE = "PGCOPY\n\u00ff\r\n\0".getBytes(StandardCharsets.ISO_8859_1);
    /** Large enough that the cost per message vanishes, small enough to stay in the processor's cache. */
    private static final int CHUNK_BYTES = 128 * 1024;

    private final BinaryWriter out = new BinaryWriter(2 * CHUNK_BYTES);

    /**
     * Sends all rows; {@code encode} appends the fields of one.
     *
     * @throws RefusedException when the server did not write them all
     */
    <T> void send(Transaction transaction, String sql, List<T> rows, int fields, BiConsumer<T, BinaryWriter> encode)
            throws SQLException {
        long begunNanos = System.nanoTime();
        CopyIn copy = transaction.copyIn(sql);
        try {
            begin();
            for (T row : rows) {
                out.putShort(fields);
                encode.accept(row, out);
                if (out.size() >= CHUNK_BYTES) {
                    flush(copy);
                }
            }
            out.putShort(-1);
            flush(copy);
            if (copy.endCopy() != rows.size()) {
                throw new RefusedException(LEFT_OUT, null, null);
            }
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
            transaction.copied(System.nanoTime() - begunNanos);
        }
    }

    private void begin() {
        out.clear();
        out.putBytes(SIGNATURE);
        out.putInt(0);
        out.putInt(0);
    }

    private void flush(CopyIn copy) throws SQLException {
        copy.writeToCopy(out.array(), 0, out.size());
        out.clear();
    }
}
