package io.ledgerconnect.source.snapshot;

import io.ledgerconnect.common.envelope.ContentHash;
import io.ledgerconnect.source.check.UnreadableText;
import io.ledgerconnect.source.decode.Tuple;
import io.ledgerconnect.source.record.TableMapping;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.connect.data.Struct;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/** Reads chunks over one connection. Used by one thread. */
final class ChunkReader {
    /** A few hundred KiB of rows. */
    private static final int ROWS_PER_HANDOVER = 500;

    private static final int BYTES_PER_HANDOVER = 1 << 18;

    /** The table is gone, or is another one. */
    private static final String UNDEFINED_TABLE = "42P01";

    private final Connection connection;
    private final LeftOut leftOut;
    private ReadFile current;
    private TableMapping.Rows mapper;

    /** @param leftOut which rows are not sent, or null for none */
    ChunkReader(Connection connection, LeftOut leftOut) {
        this.connection = connection;
        this.leftOut = leftOut;
    }

    /** Hands the rows over as they come, and waits while there is no room. */
    void read(Chunk chunk) throws SQLException, InterruptedException {
        String table = chunk.file.source().table().name();
        try {
            begin(chunk.file);
            copy(chunk);
        } catch (SQLException e) {
            if (UNDEFINED_TABLE.equals(e.getSQLState())) {
                throw SnapshotBrokenException.movedRows(table);
            }
            if (UnreadableText.is(e)) {
                throw UnreadableText.inTable(table, e);
            }
            throw e;
        }
    }

    private void begin(ReadFile file) throws SQLException {
        if (!file.equals(current)) {
            mapper = file.source().mapping().rows();
            if (file.file().hasPlaces()) {
                requireSameFile(file);
            }
            current = file;
        }
    }

    /** From here on the table is locked against what would move its rows. */
    private void requireSameFile(ReadFile file) throws SQLException {
        try (Statement lock = connection.createStatement()) {
            lock.execute("LOCK TABLE ONLY " + file.name() + " IN ACCESS SHARE MODE");
        }
        try (PreparedStatement query = connection.prepareStatement("SELECT pg_catalog.pg_relation_filenode(c)::bigint"
                + " FROM pg_catalog.to_regclass(?) c WHERE c = ?::oid")) {
            query.setString(1, file.name());
            query.setString(2, Integer.toUnsignedString(file.file().oid()));
            try (ResultSet row = query.executeQuery()) {
                if (!row.next() || row.getLong(1) != file.file().fileNode()) {
                    throw SnapshotBrokenException.movedRows(
                            file.source().table().name());
                }
            }
        }
    }

    private void copy(Chunk chunk) throws SQLException, InterruptedException {
        CopyOut copy = connection.unwrap(PGConnection.class).getCopyAPI().copyOut(chunk.copyStatement(leftOut != null));
        CopyBinaryReader reader = new CopyBinaryReader();
        Gatherer gatherer = new Gatherer();
        for (byte[] message = copy.readFromCopy(); message != null; message = copy.readFromCopy()) {
            reader.read(message, gatherer::add);
            gatherer.bytes += message.length;
            if (gatherer.isFull()) {
                chunk.rows.put(gatherer.take(false));
            }
        }
        if (!reader.ended()) {
            throw new SQLException(
                    "COPY of table " + chunk.file.source().table().name() + " ended too early", "08006");
        }
        chunk.rows.put(gatherer.take(true));
    }

    /** Gathers the rows of a chunk. */
    private final class Gatherer {
        private final int places = current.columns();
        private List<SnapshotRows.Row> rows = new ArrayList<>(ROWS_PER_HANDOVER);
        private int bytes;

        void add(Tuple row) {
            if (leftOut != null && leftOut.contains(mapper, row, (int) row.integer(places + 1))) {
                return;
            }
            Struct key = mapper.key(row, null);
            Struct value = mapper.value(row, null, false);
            rows.add(new SnapshotRows.Row(
                    key,
                    value,
                    mapper.partition(row, null),
                    ContentHash.of(key, null, value),
                    current.file().hasPlaces() ? ordinal(row) : 0));
        }

        /** The type tid: four bytes of the block's number, two of the place in it. */
        private long ordinal(Tuple row) {
            long block = Integer.toUnsignedLong(row.at(places).getInt());
            int line =
                    Short.toUnsignedInt(row.at(places).getShort(row.at(places).position() + Integer.BYTES));
            return current.ordinal(block, line);
        }

        boolean isFull() {
            return rows.size() >= ROWS_PER_HANDOVER || bytes >= BYTES_PER_HANDOVER;
        }

        SnapshotRows take(boolean last) {
            SnapshotRows taken = new SnapshotRows(rows, bytes, last);
            rows = new ArrayList<>(last ? 0 : ROWS_PER_HANDOVER);
            bytes = 0;
            return taken;
        }
    }
}
