package io.ledgerconnect.source.snapshot;

import io.ledgerconnect.source.catalog.TableFile;
import io.ledgerconnect.source.config.AskedKeys;
import io.ledgerconnect.source.decode.Relation;
import io.ledgerconnect.source.offset.SnapshotRequest.FilePlace;
import io.ledgerconnect.source.request.PieceRows;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/**
 * Reads the rows of a table piece by piece, each as of its own moment. Pieces grow and shrink with the rows. Used by
 * one thread.
 */
public final class PieceReader {
    private static final int USUAL_BYTES = 1 << 19;
    /** Of more than one block: some ten thousand narrow rows, which are records all at once. */
    private static final int MOST_BYTES = 1 << 20;

    private static final long USUAL_NANOS = 50_000_000;
    private static final int MOST_BLOCKS = 1 << 16;

    private static final int HEADER_BYTES = 19;
    private static final int TRAILER_BYTES = 2;

    private int blocks = 16;

    /**
     * What a piece is.
     *
     * @param file that it lies in; empty when the table has no more
     * @param from its first block
     * @param to the block after it
     * @param endBlock where the file ended when it was begun
     */
    public record Extent(Optional<TableFile> file, long from, long to, long endBlock) {}

    /** Where to go on in a table whose files are in the order of their OIDs. */
    public Extent next(List<TableFile> files, FilePlace place) {
        for (TableFile file : files) {
            int order = Integer.compareUnsigned(file.oid(), place.oid());
            if (order == 0 && file.fileNode() == place.fileNode() && place.block() < place.endBlock()) {
                return extent(file, place.block(), place.endBlock());
            }
            boolean isAnother = order == 0 && file.fileNode() != place.fileNode();
            if ((order > 0 || isAnother) && file.pages() > 0) {
                return extent(file, 0, file.pages());
            }
        }
        return new Extent(Optional.empty(), 0, 0, 0);
    }

    private Extent extent(TableFile file, long from, long end) {
        return new Extent(Optional.of(file), from, Math.min(end, from + blocks), end);
    }

    /** The place after a piece. */
    public static FilePlace after(Extent extent) {
        return extent.file()
                .map(file -> new FilePlace(file.oid(), file.fileNode(), extent.to(), extent.endBlock()))
                .orElse(FilePlace.BEGIN);
    }

    /** What has all rows of a table, as a statement names it. */
    public static String name(SnapshotTable table) {
        return KeyedRows.name(table);
    }

    /** The name of a file, quoted. */
    public static String name(SnapshotTable table, TableFile file) {
        return new ReadFile(table, file, 0).name();
    }

    /**
     * Reads a piece in the connection's transaction.
     *
     * @param condition SQL, or empty
     * @return empty when it is larger than memory should hold: the connection is closed then, and the next is smaller
     */
    public Optional<PieceRows> read(Connection connection, SnapshotTable table, Extent extent, String condition)
            throws SQLException {
        String statement = new ReadFile(table, extent.file().orElseThrow(), 0)
                .pieceStatement(extent.from(), extent.to(), condition);
        long begin = System.nanoTime();
        CopyOut copy = connection.unwrap(PGConnection.class).getCopyAPI().copyOut(statement);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (byte[] message = copy.readFromCopy(); message != null; message = copy.readFromCopy()) {
            bytes.writeBytes(message);
            if (bytes.size() > MOST_BYTES && extent.to() - extent.from() > 1) {
                blocks = Math.max(1, blocks / 16);
                connection.abort(Runnable::run); // sooner over than a COPY that is cancelled
                return Optional.empty();
            }
        }
        adapt(bytes.size(), System.nanoTime() - begin);
        return Optional.of(new PieceRows(table.table().relation(), tuples(bytes.toByteArray())));
    }

    /**
     * Reads rows by their keys, in the connection's transaction, and which of the keys have none.
     *
     * @throws SQLException of class 22 when a text is no value of its column's type
     */
    public static PieceRows read(Connection connection, SnapshotTable table, AskedKeys keys) throws SQLException {
        KeyedRows rows = KeyedRows.of(connection, table, keys);
        Relation relation = table.table().relation();
        return new PieceRows(relation, copied(connection, rows.statement()))
                .withGone(new PieceRows(relation, copied(connection, rows.goneStatement())));
    }

    private static byte[] copied(Connection connection, String statement) throws SQLException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            connection.unwrap(PGConnection.class).getCopyAPI().copyOut(statement, bytes);
        } catch (IOException e) {
            throw new SQLException("an array takes whatever is written", e);
        }
        return tuples(bytes.toByteArray());
    }

    private void adapt(int bytes, long nanos) {
        if (bytes < USUAL_BYTES / 2 && nanos < USUAL_NANOS / 2) {
            blocks = Math.min(MOST_BLOCKS, blocks * 2);
        } else if (bytes > USUAL_BYTES || nanos > USUAL_NANOS) {
            blocks = Math.max(1, blocks / 2);
        }
    }

    private static byte[] tuples(byte[] copied) throws SQLException {
        int end = copied.length - TRAILER_BYTES;
        if (end < HEADER_BYTES || ByteBuffer.wrap(copied, end, TRAILER_BYTES).getShort() != -1) {
            throw new SQLException("COPY ended too early", "08006");
        }
        return Arrays.copyOfRange(copied, HEADER_BYTES, end);
    }
}
