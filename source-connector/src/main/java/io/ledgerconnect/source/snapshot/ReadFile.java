package io.ledgerconnect.source.snapshot;

import io.ledgerconnect.source.catalog.TableFile;
import io.ledgerconnect.source.decode.Relation;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A file of a table among those that a snapshot reads.
 *
 * @param ofTable its number among the table's files, from 0
 */
record ReadFile(SnapshotTable source, TableFile file, int ofTable) {
    /** Bits of a row's place in its block, and of a block's number, as PostgreSQL has them. */
    private static final int LINE_BITS = 14;

    private static final int BLOCK_BITS = 32;

    static List<ReadFile> of(List<SnapshotTable> tables) {
        List<ReadFile> files = new ArrayList<>();
        for (SnapshotTable table : tables) {
            for (int i = 0; i < table.files().size(); i++) {
                files.add(new ReadFile(table, table.files().get(i), i));
            }
        }
        return files;
    }

    /** The ordinal of the row at a place: it grows in the order of reading, and is the same whenever it is read. */
    long ordinal(long block, int line) {
        return ((((long) ofTable << BLOCK_BITS) | block) << LINE_BITS) | line;
    }

    /**
     * A COPY in binary form of the rows in a range of blocks: the table's columns, then the row's place, then, if asked
     * for, the transaction that wrote it. Of a file without places, of all rows, and the columns alone.
     */
    String copyStatement(long fromBlock, long toBlock, boolean withWriter) {
        String columns = columnList();
        String places = file.hasPlaces() ? (columns.isEmpty() ? "" : ", ") + "ctid" + (withWriter ? ", xmin" : "") : "";
        return "COPY (SELECT " + columns + places + " FROM " + (file.hasPlaces() ? "ONLY " : "") + name()
                + where(fromBlock, toBlock) + ") TO STDOUT (FORMAT binary)";
    }

    /** The same without places, of the rows that meet a condition; empty is none. */
    String pieceStatement(long fromBlock, long toBlock, String condition) {
        // What a condition ends with may be a comment.
        String where = condition.isEmpty() ? "" : " AND (" + condition + "\n)";
        return "COPY (SELECT " + columnList() + " FROM ONLY " + name() + where(fromBlock, toBlock) + where
                + ") TO STDOUT (FORMAT binary)";
    }

    private String columnList() {
        return source.table().relation().columns().stream()
                .map(column -> expression(column.name()))
                .collect(Collectors.joining(", "));
    }

    /** Quoted, with its schema. */
    String name() {
        return quote(file.schema()) + '.' + quote(file.name());
    }

    /** A copy in binary form fails at what has none. */
    private String expression(String column) {
        return source.mapping().isSentAsText(column) ? quote(column) + "::text" : quote(column);
    }

    private String where(long fromBlock, long toBlock) {
        List<String> conditions = new ArrayList<>();
        if (file.hasPlaces()) {
            conditions.add("ctid >= '(" + fromBlock + ",0)'::tid AND ctid < '(" + toBlock + ",0)'::tid");
        }
        if (source.rowFilter() != null) {
            conditions.add('(' + source.rowFilter() + ')');
        }
        return conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
    }

    /** Columns of the table, after which the row's place and its writer come. */
    int columns() {
        Relation relation = source.table().relation();
        return relation.columns().size();
    }

    private static String quote(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
