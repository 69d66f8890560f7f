package io.ledgerconnect.sink;

import io.ledgerconnect.common.envelope.Operation;
import io.ledgerconnect.common.position.Lsn;
import io.ledgerconnect.sink.RandomLedger.Event;
import io.ledgerconnect.sink.RandomLedger.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;

/** What reporting tables must hold of a ledger's history, worked out change by change. Rows are text. */
final class LedgerModel {
    static final String UPSERT = "SELECT id, amount, note, _lsn, _ordinal FROM %s ORDER BY _lsn, _ordinal";
    static final String APPEND = "SELECT id, amount, note, _op, _lsn, _ordinal FROM %s ORDER BY _lsn, _ordinal";
    static final String HISTORY = "SELECT id, amount, note, _lsn, _ordinal, _until_lsn, _until_ordinal, _current"
            + " FROM %s ORDER BY _lsn, _ordinal";

    record Version(Row row, Event from, Event until) {}

    private final List<Event> events;
    private final Function<Row, Long> key;

    /** @param key what tells rows of the reporting tables apart */
    LedgerModel(List<Event> events, Function<Row, Long> key) {
        this.events = events;
        this.key = key;
    }

    /** The version of a key at the end of the transaction that is committed at {@code lsn}, or null. */
    Version asOf(String table, Long wanted, long lsn) {
        return versions(table, lsn + 1).stream()
                .filter(version ->
                        version.until == null && key.apply(version.row).equals(wanted))
                .findFirst()
                .orElse(null);
    }

    /** What {@link #expected} says, each row with what {@code more} says of it and of the change that wrote it. */
    List<String> enriched(String query, String table, long throughLsn, BiFunction<Row, Event, String> more) {
        List<String> rows = new ArrayList<>(expected(query, table, throughLsn));
        List<String> additions = query.equals(APPEND)
                ? of(table, throughLsn).stream()
                        .map(event -> more.apply(event.after() == null ? event.before() : event.after(), event))
                        .toList()
                : versions(table, throughLsn).stream()
                        .filter(version -> version.until == null || !query.equals(UPSERT))
                        .map(version -> more.apply(version.row, version.from))
                        .toList();
        for (int i = 0; i < rows.size(); i++) {
            rows.set(i, rows.get(i) + '|' + additions.get(i));
        }
        return rows;
    }

    List<String> expected(String query, String table, long throughLsn) {
        return switch (query) {
            case UPSERT ->
                versions(table, throughLsn).stream()
                        .filter(version -> version.until == null)
                        .map(version -> text(version.row) + '|' + text(version.from))
                        .toList();
            case APPEND -> appended(table, throughLsn);
            default ->
                versions(table, throughLsn).stream()
                        .map(version -> text(version.row)
                                + '|'
                                + text(version.from)
                                + (version.until == null ? "|||t" : '|' + text(version.until) + "|f"))
                        .toList();
        };
    }

    private List<String> appended(String table, long throughLsn) {
        return of(table, throughLsn).stream()
                .map(event -> text(event.after() == null ? event.before() : event.after())
                        + '|'
                        + event.operation().code()
                        + '|'
                        + text(event))
                .toList();
    }

    /** In the order of their beginnings. */
    private List<Version> versions(String table, long throughLsn) {
        List<Version> versions = new ArrayList<>();
        TreeMap<Long, Integer> current = new TreeMap<>(); // where in the list
        for (Event event : of(table, throughLsn)) {
            Version former = null;
            if (event.operation() == Operation.TRUNCATE) {
                current.values().forEach(index -> end(versions, index, event));
                current.clear();
            }
            if (event.before() != null) {
                end(versions, current.remove(key.apply(event.before())), event);
            }
            if (event.after() != null) {
                Integer index = current.put(key.apply(event.after()), versions.size());
                if (index != null) {
                    former = versions.get(index);
                    end(versions, index, event);
                }
                versions.add(new Version(completed(event, former), event, null));
            }
        }
        return versions;
    }

    private static void end(List<Version> versions, int index, Event event) {
        Version version = versions.get(index);
        versions.set(index, new Version(version.row, version.from, event));
    }

    private static Row completed(Event event, Version former) {
        boolean stays = event.noteIsAbsent() && event.operation() == Operation.UPDATE;
        return stays ? new Row(event.after().id(), event.after().amount(), former.row.note()) : event.after();
    }

    private List<Event> of(String table, long throughLsn) {
        return events.stream()
                .filter(event -> event.table().equals(table) && event.lsn() < throughLsn)
                .toList();
    }

    private static String text(Row row) {
        return row == null
                ? "||"
                : row.id() + "|" + (row.amount() == null ? "" : row.amount()) + '|'
                        + (row.note() == null ? "" : row.note());
    }

    private static String text(Event position) {
        return Lsn.format(position.lsn()) + '|' + position.ordinal();
    }
}
