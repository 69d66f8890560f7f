package io.ledgerconnect.source.request;

import io.ledgerconnect.source.offset.SnapshotRequest;
import io.ledgerconnect.source.offset.SnapshotRequest.FilePlace;
import io.ledgerconnect.source.offset.SnapshotRequest.Table;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What captures tell each other, and themselves after a restart, of a snapshot that was asked for: a logical message in
 * a transaction of its own. Its form: 32 bytes of signature, a version, the kind, and what belongs to it, as
 * {@link DataOutputStream} writes it. Immutable.
 *
 * @param kind what it says
 * @param id the request
 * @param owner the slot whose capture reads the rows; of {@link Kind#BEGIN}
 * @param tables of {@link Kind#BEGIN}
 * @param piece number of the piece that comes or is there, from 1
 * @param next where to go on after the piece; of {@link Kind#ROWS}
 * @param tableRead whether the table is read whole with it
 * @param rows the piece's rows; of {@link Kind#ROWS}
 */
public record RequestMessage(
        Kind kind,
        String id,
        String owner,
        List<Table> tables,
        long piece,
        FilePlace next,
        boolean tableRead,
        Optional<PieceRows> rows) {
    private static final int VERSION = 2;

    /** What a message says. */
    public enum Kind {
        /** A capture has taken a request over. */
        BEGIN,
        /** The rows of a piece will be read: what is changed from here on is not to be taken from them. */
        WINDOW,
        /** The rows of a piece. */
        ROWS,
        /** Nothing more is read. */
        END
    }

    public static RequestMessage begin(SnapshotRequest request) {
        return new RequestMessage(
                Kind.BEGIN,
                request.id(),
                request.owner(),
                request.tables(),
                0,
                FilePlace.BEGIN,
                false,
                Optional.empty());
    }

    public static RequestMessage window(String id, long piece) {
        return new RequestMessage(Kind.WINDOW, id, "", List.of(), piece, FilePlace.BEGIN, false, Optional.empty());
    }

    public static RequestMessage rows(
            String id, long piece, FilePlace next, boolean tableRead, Optional<PieceRows> rows) {
        return new RequestMessage(Kind.ROWS, id, "", List.of(), piece, next, tableRead, rows);
    }

    public static RequestMessage end(String id) {
        return new RequestMessage(Kind.END, id, "", List.of(), 0, FilePlace.BEGIN, false, Optional.empty());
    }

    /** As it is written into the WAL. */
    public byte[] encode(RequestKey key) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(content)) {
            out.writeByte(VERSION);
            out.writeUTF(kind.name());
            out.writeUTF(id);
            out.writeUTF(owner);
            out.writeInt(tables.size());
            for (Table table : tables) {
                out.writeUTF(table.name());
                out.writeUTF(table.condition());
                out.writeBoolean(table.isByKeys());
            }
            out.writeLong(piece);
            out.writeInt(next.oid());
            out.writeLong(next.fileNode());
            out.writeLong(next.block());
            out.writeLong(next.endBlock());
            out.writeBoolean(tableRead);
            out.writeBoolean(rows.isPresent());
            if (rows.isPresent()) {
                rows.get().write(out);
            }
        } catch (IOException e) {
            throw new IllegalStateException("an array takes whatever is written", e);
        }
        byte[] signature = key.sign(content.toByteArray());
        ByteArrayOutputStream message = new ByteArrayOutputStream(signature.length + content.size());
        message.writeBytes(signature);
        message.writeBytes(content.toByteArray());
        return message.toByteArray();
    }

    /**
     * Reads a message whose signature was verified.
     *
     * @throws IOException when it is of another version
     */
    static RequestMessage decode(byte[] message) throws IOException {
        DataInputStream in = new DataInputStream(
                new ByteArrayInputStream(message, RequestKey.LENGTH, message.length - RequestKey.LENGTH));
        int version = in.readByte();
        if (version != VERSION) {
            throw new IOException("it is of version " + version + ", known is " + VERSION);
        }
        Kind kind = Kind.valueOf(in.readUTF());
        String id = in.readUTF();
        String owner = in.readUTF();
        List<Table> tables = new ArrayList<>();
        for (int count = in.readInt(); count > 0; count--) {
            tables.add(new Table(in.readUTF(), in.readUTF(), in.readBoolean()));
        }
        return new RequestMessage(
                kind,
                id,
                owner,
                List.copyOf(tables),
                in.readLong(),
                new FilePlace(in.readInt(), in.readLong(), in.readLong(), in.readLong()),
                in.readBoolean(),
                in.readBoolean() ? Optional.of(PieceRows.read(in)) : Optional.empty());
    }
}
