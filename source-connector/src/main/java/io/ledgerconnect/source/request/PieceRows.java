package io.ledgerconnect.source.request;

import io.ledgerconnect.source.decode.Relation;
import io.ledgerconnect.source.decode.Tuple;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/**
 * Rows of a table as they were read: the relation, and their tuples in the form of {@code COPY BINARY}, one after the
 * other, without header and trailer. Where rows were asked for by their keys, also those that are not there: of them
 * the key's columns, the others being null. Immutable.
 */
public final class PieceRows {
    private static final byte[] NONE = {};

    private final Relation relation;
    private final byte[] tuples;
    private final byte[] gone;

    /** Keeps the array. */
    public PieceRows(Relation relation, byte[] tuples) {
        this(relation, tuples, NONE);
    }

    private PieceRows(Relation relation, byte[] tuples, byte[] gone) {
        this.relation = relation;
        this.tuples = tuples;
        this.gone = gone;
    }

    /** With what was read of the same table's keys that are not there. */
    public PieceRows withGone(PieceRows missing) {
        return new PieceRows(relation, tuples, missing.tuples);
    }

    /** The table, and the columns of the tuples. */
    public Relation relation() {
        return relation;
    }

    /** Takes rows. */
    public interface RowConsumer {
        /** The row is valid until the method returns. */
        void accept(Tuple row);
    }

    /** How many rows they are. */
    public long count() {
        long[] count = {0};
        forEach(row -> count[0]++);
        return count[0];
    }

    /** Hands over every row. */
    public void forEach(RowConsumer rows) {
        forEach(tuples, rows);
    }

    /** Hands over the keys of every row that was asked for and is not there. */
    public void forEachGone(RowConsumer keys) {
        forEach(gone, keys);
    }

    private static void forEach(byte[] tuples, RowConsumer rows) {
        Tuple row = new Tuple();
        ByteBuffer in = ByteBuffer.wrap(tuples);
        while (in.hasRemaining()) {
            row.fillFromCopy(in, in.getShort());
            int next = in.position();
            rows.accept(row);
            in.position(next);
        }
    }

    void write(DataOutputStream out) throws IOException {
        out.writeInt(relation.oid());
        out.writeUTF(relation.schema());
        out.writeUTF(relation.table());
        out.writeChar(relation.replicaIdentity());
        out.writeInt(relation.columns().size());
        for (Relation.Column column : relation.columns()) {
            out.writeBoolean(column.identity());
            out.writeUTF(column.name());
            out.writeInt(column.typeOid());
            out.writeInt(column.typeModifier());
        }
        write(tuples, out);
        write(gone, out);
    }

    private static void write(byte[] tuples, DataOutputStream out) throws IOException {
        byte[] compressed = compress(tuples);
        out.writeInt(compressed.length);
        out.write(compressed);
    }

    static PieceRows read(DataInputStream in) throws IOException {
        int oid = in.readInt();
        String schema = in.readUTF();
        String table = in.readUTF();
        char identity = in.readChar();
        List<Relation.Column> columns = new ArrayList<>();
        for (int count = in.readInt(); count > 0; count--) {
            columns.add(new Relation.Column(in.readBoolean(), in.readUTF(), in.readInt(), in.readInt()));
        }
        return new PieceRows(
                new Relation(oid, schema, table, identity, List.copyOf(columns)), readTuples(in), readTuples(in));
    }

    private static byte[] readTuples(DataInputStream in) throws IOException {
        byte[] compressed = in.readNBytes(in.readInt());
        return new InflaterInputStream(new ByteArrayInputStream(compressed)).readAllBytes();
    }

    private static byte[] compress(byte[] bytes) throws IOException {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream(bytes.length / 4 + 64);
        Deflater fast = new Deflater(Deflater.BEST_SPEED);
        try (DeflaterOutputStream out = new DeflaterOutputStream(compressed, fast)) {
            out.write(bytes);
        } finally {
            fast.end();
        }
        return compressed.toByteArray();
    }
}
