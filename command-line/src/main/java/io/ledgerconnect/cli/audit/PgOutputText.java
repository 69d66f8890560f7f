package io.ledgerconnect.cli.audit;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Reads messages of the plugin pgoutput, protocol version 1, with values as texts, as "Logical Replication Message
 * Formats" in PostgreSQL's documentation defines them. Messages of other kinds are passed over. Not thread-safe.
 */
final class PgOutputText {
    private record Relation(String table, List<String> columns) {}

    private final Map<Integer, Relation> relations = new HashMap<>();
    private final Set<String> truncated = new HashSet<>();
    private final Consumer<LedgerChange> changes;
    private long commitLsn;

    PgOutputText(Consumer<LedgerChange> changes) {
        this.changes = changes;
    }

    /** Tables of which a truncate was read. */
    Set<String> truncated() {
        return Set.copyOf(truncated);
    }

    void read(byte[] message) {
        ByteBuffer in = ByteBuffer.wrap(message);
        switch (in.get()) {
            case 'B' -> commitLsn = in.getLong();
            case 'R' -> readRelation(in);
            case 'I', 'U', 'D' -> readChange(in);
            case 'T' -> readTruncate(in);
            default -> {}
        }
    }

    private void readRelation(ByteBuffer in) {
        int id = in.getInt();
        String schema = text(in);
        String name = text(in);
        in.get(); // replica identity
        List<String> columns = new ArrayList<>();
        int count = in.getShort();
        for (int i = 0; i < count; i++) {
            in.get(); // flags
            columns.add(text(in));
            in.getLong(); // type and its modifier
        }
        relations.put(id, new Relation((schema.isEmpty() ? "pg_catalog" : schema) + '.' + name, columns));
    }

    private void readChange(ByteBuffer in) {
        Relation relation = relations.get(in.getInt());
        Map<String, String> before = Map.of();
        Map<String, String> after = Map.of();
        while (in.hasRemaining()) {
            if (in.get() == 'N') {
                after = tuple(in, relation);
            } else {
                before = tuple(in, relation);
            }
        }
        changes.accept(new LedgerChange(relation.table, commitLsn, before, after));
    }

    private static Map<String, String> tuple(ByteBuffer in, Relation relation) {
        Map<String, String> values = new HashMap<>();
        int count = in.getShort();
        for (int i = 0; i < count; i++) {
            String column = relation.columns.get(i);
            switch (in.get()) {
                case 'n' -> values.put(column, null);
                case 't' -> {
                    byte[] bytes = new byte[in.getInt()];
                    in.get(bytes);
                    values.put(column, new String(bytes, StandardCharsets.UTF_8));
                }
                default -> {} // unchanged, and stored out of line
            }
        }
        return values;
    }

    private void readTruncate(ByteBuffer in) {
        int count = in.getInt();
        in.get(); // options
        for (int i = 0; i < count; i++) {
            truncated.add(relations.get(in.getInt()).table);
        }
    }

    private static String text(ByteBuffer in) {
        int start = in.position();
        int end = start;
        while (in.get(end) != 0) {
            end++;
        }
        byte[] bytes = new byte[end - start];
        in.get(bytes);
        in.get(); // the zero
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
