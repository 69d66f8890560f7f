package io.ledgerconnect.source.snapshot;

import io.ledgerconnect.source.decode.Relation;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A range of a table's blocks, read by one COPY.
 *
 * @param fromPage first block
 * @param toPage block after the last; -1 for all that follow, because a table may grow until its last chunk is read
 */
record Chunk(SnapshotTable source, long fromPage, long toPage) {
    /** 64 MiB: seconds of work, so that the threads end together and progress is seen. */
    private static final long PAGES = 8192;

    static List<Chunk> of(SnapshotTable source) {
        List<Chunk> chunks = new ArrayList<>();
        long pages = source.table().partitioned() ? 0 : source.table().pages();
        long from = 0;
        for (; from + PAGES < pages; from += PAGES) {
            chunks.add(new Chunk(source, from, from + PAGES));
        }
        chunks.add(new Chunk(source, from, -1));
        return chunks;
    }

    /** Blocks, for progress. */
    long pages() {
        return toPage < 0 ? Math.max(0, source.table().pages() - fromPage) : toPage - fromPage;
    }

    String copyStatement() {
        Relation relation = source.table().relation();
        String columns = relation.columns().stream()
                .map(column -> expression(column.name()))
                .collect(Collectors.joining(", "));
        return "COPY (SELECT " + columns + " FROM " + (source.table().partitioned() ? "" : "ONLY ")
                + quote(relation.schema()) + '.' + quote(relation.table()) + where() + ") TO STDOUT (FORMAT binary)";
    }

    /** A copy in binary form fails at what has none. */
    private String expression(String column) {
        return source.mapping().isSentAsText(column) ? quote(column) + "::text" : quote(column);
    }

    private String where() {
        List<String> conditions = new ArrayList<>();
        if (fromPage > 0) {
            conditions.add("ctid >= '(" + fromPage + ",0)'::tid");
        }
        if (toPage >= 0) {
            conditions.add("ctid < '(" + toPage + ",0)'::tid");
        }
        if (source.rowFilter() != null) {
            conditions.add('(' + source.rowFilter() + ')');
        }
        return conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
    }

    private static String quote(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
