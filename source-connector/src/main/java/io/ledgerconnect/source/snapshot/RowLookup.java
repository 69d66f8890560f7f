package io.ledgerconnect.source.snapshot;

import io.ledgerconnect.source.decode.Tuple;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicReference;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/** Reads single rows in the form in which the snapshot reads them all. */
public final class RowLookup {
    private RowLookup() {}

    /** The first row that a {@code COPY … TO STDOUT (FORMAT binary)} gives, or null. */
    public static Tuple first(Connection connection, String copyStatement) throws SQLException {
        CopyOut copy = connection.unwrap(PGConnection.class).getCopyAPI().copyOut(copyStatement);
        AtomicReference<Tuple> first = new AtomicReference<>();
        for (byte[] message = copy.readFromCopy(); message != null; message = copy.readFromCopy()) {
            // Each message has a reader of its own, so that the row stays as it is.
            CopyBinaryReader reader = first.get() == null ? new CopyBinaryReader() : null;
            if (reader != null) {
                reader.read(message, row -> first.compareAndSet(null, row));
            }
        }
        return first.get();
    }
}
