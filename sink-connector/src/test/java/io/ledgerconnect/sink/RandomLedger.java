package io.ledgerconnect.sink;

import io.ledgerconnect.common.envelope.Operation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * A ledger of two tables, random transactions that change it, and what its captures send of them. Amounts are unique
 * within a table, at every moment, so that they may be a key too.
 */
final class RandomLedger {
    static final List<String> TABLES = List.of("accounts", "transfers");

    private static final long START = 0x100;
    private static final int MOST_IDS = 8;
    private static final int AMOUNTS = 12;

    /** @param note null also where it is not sent */
    record Row(long id, Long amount, String note) {}

    /**
     * A change as it is sent.
     *
     * @param before null where the replica identity does not tell it
     * @param after null of a delete and a truncate
     */
    record Event(
            String table, Operation operation, long lsn, long ordinal, Row before, Row after, boolean noteIsAbsent) {}

    /** A capture into a cluster of its own. */
    record Capture(Topics topics, FakeSource source, List<SinkRecord> sent) {
        static Capture of(String slot, boolean snapshot) {
            Topics topics = new Topics();
            return new Capture(topics, new FakeSource(topics, slot, START, snapshot), new ArrayList<>());
        }

        /** As after a restart of the source connector. */
        void repeatFrom(int record) {
            List.copyOf(sent.subList(record, sent.size())).forEach(topics::repeat);
        }
    }

    private final Random random;
    /** Whether changes say what the whole row was before. */
    final boolean full;
    /** Few, so that many changes are of one row. */
    private final int ids;
    /** Of every id, for each table. */
    private final int[][] partitionOf;

    private final int partitions;
    final List<Capture> captures = new ArrayList<>();
    final List<Event> events = new ArrayList<>();
    private final Map<String, TreeMap<Long, Row>> tables = new HashMap<>();
    private final Map<String, Long> ordinals = new HashMap<>();
    private long lsn = START - 1;

    RandomLedger(Random random) {
        this.random = random;
        this.full = random.nextBoolean();
        this.partitions = 1 + random.nextInt(4);
        this.ids = 2 + random.nextInt(MOST_IDS - 1);
        this.partitionOf = new int[TABLES.size()][ids];
        for (int[] table : partitionOf) {
            Arrays.setAll(table, id -> random.nextInt(partitions));
        }
        TABLES.forEach(table -> tables.put(table, new TreeMap<>()));
        boolean snapshot = random.nextBoolean();
        captures.add(Capture.of("one", snapshot));
        if (!snapshot && random.nextInt(3) == 0) {
            captures.add(Capture.of("two", false));
        }
        if (snapshot) {
            for (int rows = random.nextInt(12); rows > 0; rows--) {
                insert(Operation.READ, table());
            }
        }
        watermark(START);
    }

    void transaction() {
        lsn = Math.max(lsn, START) + 1 + random.nextInt(4);
        ordinals.clear();
        captures.forEach(capture -> capture.source.transaction(lsn));
        for (int changes = 1 + random.nextInt(6); changes > 0; changes--) {
            change(table());
        }
        if (random.nextInt(3) == 0) {
            watermark(lsn + 1); // where the next commit may begin
        }
        if (random.nextInt(8) == 0) {
            Capture capture = captures.get(random.nextInt(captures.size()));
            capture.repeatFrom(random.nextInt(capture.sent.size()));
        }
    }

    /** Says that everything was sent; a watermark tells of what was committed before it. */
    void end() {
        watermark(lsn + 1);
    }

    private void watermark(long through) {
        captures.forEach(capture -> capture.sent.add(capture.source.watermark(through)));
    }

    private String table() {
        return TABLES.get(random.nextInt(TABLES.size()));
    }

    private void change(String table) {
        int kind = random.nextInt(100);
        if (kind < 25 || tables.get(table).isEmpty()) {
            insert(Operation.CREATE, table);
        } else if (kind < 70) {
            update(table);
        } else if (kind < 83) {
            delete(table, any(table));
        } else if (kind < 95) {
            changeKey(table);
        } else {
            truncate(table);
        }
    }

    private void insert(Operation operation, String table) {
        Long id = free(table, ids, Row::id);
        if (id != null) {
            put(table, operation, null, new Row(id, free(table, AMOUNTS, Row::amount), note()), false);
        }
    }

    private void update(String table) {
        Row row = any(table);
        boolean absent = !full && random.nextBoolean();
        Long amount = full && random.nextBoolean() ? free(table, AMOUNTS, Row::amount) : row.amount;
        Row after = new Row(row.id, amount, absent ? row.note : note());
        put(table, Operation.UPDATE, full ? row : null, after, absent);
    }

    private void delete(String table, Row row) {
        tables.get(table).remove(row.id);
        Row sent = full ? row : new Row(row.id, null, null);
        event(table, Operation.DELETE, sent, null, false);
        boolean tombstone = random.nextBoolean();
        for (Capture capture : captures) {
            SinkRecord deleted = capture.source.send(
                    table,
                    partition(table, row.id),
                    Operation.DELETE,
                    FakeSource.key(row.id),
                    struct(sent),
                    null,
                    List.of());
            capture.sent.add(deleted);
            if (tombstone) {
                capture.sent.add(capture.source.tombstone(deleted));
            }
        }
    }

    /** Two events: the row of the former key goes, and that of the other comes, with a value that may not be sent. */
    private void changeKey(String table) {
        Row row = any(table);
        Long id = free(table, ids, Row::id);
        if (id != null) {
            boolean absent = !full && random.nextBoolean();
            delete(table, row);
            put(table, Operation.CREATE, null, new Row(id, row.amount, absent ? null : row.note), absent);
        }
    }

    private void truncate(String table) {
        tables.get(table).clear();
        event(table, Operation.TRUNCATE, null, null, false);
        for (Capture capture : captures) {
            capture.sent.add(capture.source.truncate(table, 0));
            for (int partition = 1; partition < partitions; partition++) {
                capture.sent.add(capture.source.truncateAgain(table, partition));
            }
        }
    }

    private void put(String table, Operation operation, Row before, Row after, boolean absent) {
        tables.get(table).put(after.id, after);
        event(table, operation, before, absent ? new Row(after.id, after.amount, null) : after, absent);
        int partition = partition(table, after.id);
        for (Capture capture : captures) {
            FakeSource source = capture.source;
            capture.sent.add(
                    absent
                            ? source.writeWithout(table, partition, operation, after.id, after.amount, "note")
                            : source.send(
                                    table,
                                    partition,
                                    operation,
                                    FakeSource.key(after.id),
                                    before == null ? null : struct(before),
                                    struct(after),
                                    List.of()));
        }
    }

    private void event(String table, Operation operation, Row before, Row after, boolean absent) {
        long ordinal = ordinals.merge(table, 1L, Long::sum);
        events.add(new Event(table, operation, lsn, ordinal, before, after, absent));
    }

    private static Struct struct(Row row) {
        return FakeSource.row(row.id, row.amount, row.note);
    }

    private int partition(String table, long id) {
        return partitionOf[TABLES.indexOf(table)][(int) id];
    }

    private Row any(String table) {
        List<Row> rows = List.copyOf(tables.get(table).values());
        return rows.get(random.nextInt(rows.size()));
    }

    /** A number that no row of the table has, or null. */
    private Long free(String table, int numbers, Function<Row, Long> of) {
        List<Long> taken = tables.get(table).values().stream().map(of).toList();
        long first = random.nextInt(numbers);
        for (long i = 0; i < numbers; i++) {
            long number = (first + i) % numbers;
            if (!taken.contains(number)) {
                return number;
            }
        }
        return null;
    }

    private String note() {
        return random.nextInt(4) == 0 ? null : "note " + random.nextInt(100);
    }
}
