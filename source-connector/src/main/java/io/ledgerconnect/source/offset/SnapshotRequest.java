package io.ledgerconnect.source.offset;

import java.util.ArrayList;
import java.util.List;

/**
 * A snapshot of given tables that was asked for while the stream goes on, and how far it has come. Immutable.
 *
 * @param id names it; one that was asked for before is not begun again
 * @param owner the slot whose capture reads the rows; empty while none has taken it over
 * @param tables those not read whole yet; the first is under way
 * @param place where to go on in it
 * @param pieces how many pieces were sent
 */
public record SnapshotRequest(String id, String owner, List<Table> tables, FilePlace place, long pieces) {
    private static final int PLACE_FIELDS = 4;

    /** Stands in place of a condition, none of which begins so when it is escaped. */
    private static final String BY_KEYS = "@keys";

    /**
     * A table to read.
     *
     * @param name {@code schema.table}; of a request that nobody has taken over, a regular expression
     * @param condition SQL over its columns, or empty for all rows
     * @param isByKeys whether the rows are asked for by keys, which the connector's configuration has
     */
    public record Table(String name, String condition, boolean isByKeys) {
        /** One that is read through its blocks. */
        public Table(String name, String condition) {
            this(name, condition, false);
        }
    }

    /**
     * A place between two blocks of a table's file.
     *
     * @param oid of the table or leaf; 0 for the beginning of the table, and where rows are asked for by keys
     * @param fileNode the file's number: places mean nothing in another
     * @param block the next to read; of keys, the number of the next
     * @param endBlock where the file ended when it was begun; of keys, how many there are
     */
    public record FilePlace(int oid, long fileNode, long block, long endBlock) {
        public static final FilePlace BEGIN = new FilePlace(0, 0, 0, 0);
    }

    /** One that nobody has read anything of. */
    public static SnapshotRequest begin(String id, String owner, List<Table> tables) {
        return new SnapshotRequest(id, owner, List.copyOf(tables), FilePlace.BEGIN, 0);
    }

    /**
     * After another piece.
     *
     * @param tableRead whether the table is read whole
     */
    public SnapshotRequest afterPiece(FilePlace next, boolean tableRead) {
        return new SnapshotRequest(
                id,
                owner,
                tableRead ? tables.subList(1, tables.size()) : tables,
                tableRead ? FilePlace.BEGIN : next,
                pieces + 1);
    }

    /** The table under way. */
    public Table table() {
        return tables.get(0);
    }

    public boolean isRead() {
        return tables.isEmpty();
    }

    String encode() {
        List<String> fields = new ArrayList<>(List.of(
                SnapshotRequests.escape(id),
                SnapshotRequests.escape(owner),
                Long.toString(pieces),
                Integer.toUnsignedString(place.oid),
                Long.toString(place.fileNode),
                Long.toString(place.block),
                Long.toString(place.endBlock)));
        for (Table table : tables) {
            fields.add(SnapshotRequests.escape(table.name));
            fields.add(table.isByKeys ? BY_KEYS : SnapshotRequests.escape(table.condition));
        }
        return String.join(",", fields);
    }

    static SnapshotRequest decode(String text) {
        String[] fields = text.split(",", -1);
        int first = 3 + PLACE_FIELDS;
        List<Table> tables = new ArrayList<>();
        for (int i = first; i < fields.length; i += 2) {
            boolean isByKeys = fields[i + 1].equals(BY_KEYS);
            String condition = isByKeys ? "" : SnapshotRequests.unescape(fields[i + 1]);
            tables.add(new Table(SnapshotRequests.unescape(fields[i]), condition, isByKeys));
        }
        FilePlace place = new FilePlace(
                Integer.parseUnsignedInt(fields[3]),
                Long.parseLong(fields[4]),
                Long.parseLong(fields[5]),
                Long.parseLong(fields[6]));
        return new SnapshotRequest(
                SnapshotRequests.unescape(fields[0]),
                SnapshotRequests.unescape(fields[1]),
                List.copyOf(tables),
                place,
                Long.parseLong(fields[2]));
    }
}
