package io.ledgerconnect.source.offset;

import io.ledgerconnect.common.position.Lsn;
import io.ledgerconnect.common.position.SourceId;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.AbstractMap;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * A restart point: a checkpoint, and the last record that was sent after it. On restart the changes since the
 * checkpoint are read again and counted, but only those after that record are sent.
 *
 * <p>This is the map that Connect stores. Connect stores one offset in thousands, so the map's content is made when it
 * is asked for, and a record costs no more than this object. Immutable; safe for use by any thread.
 */
public final class SourceOffset extends AbstractMap<String, Object> {
    private static final long VERSION = 1;
    /** The fields that are no text. */
    private static final Set<String> NUMBERS =
            Set.of("version", "timeline", "record", "attempt", "snapshot_file", "snapshot_block", "snapshot_time");

    private static final Set<String> FLAGS = Set.of("snapshot", "snapshot_complete");

    private final Checkpoint checkpoint;
    private final long commitLsn;
    private final long recordNumber;

    /**
     * An offset.
     *
     * @param commitLsn of the transaction in which the last record sent stands; 0 for none since the checkpoint
     * @param recordNumber its number among the records of that transaction, from 1
     */
    public SourceOffset(Checkpoint checkpoint, long commitLsn, long recordNumber) {
        this.checkpoint = checkpoint;
        this.commitLsn = commitLsn;
        this.recordNumber = recordNumber;
    }

    public Checkpoint checkpoint() {
        return checkpoint;
    }

    /** The same place in a history that went on under another timeline. */
    public SourceOffset onTimeline(int timeline) {
        return new SourceOffset(checkpoint.with(checkpoint.identity().onTimeline(timeline)), commitLsn, recordNumber);
    }

    /** Whether the record with this number of this transaction had been sent when the offset was made. */
    public boolean covers(long transactionCommitLsn, long number) {
        int order = Long.compareUnsigned(transactionCommitLsn, commitLsn);
        return order < 0 || (order == 0 && number <= recordNumber);
    }

    /** Whether no record was sent after the checkpoint. */
    public boolean isAtCheckpoint() {
        return commitLsn == 0;
    }

    /** Whether every transaction of which the offset knows records was committed before {@code lsn}. */
    public boolean isBefore(long lsn) {
        return Long.compareUnsigned(commitLsn, lsn) < 0;
    }

    /** The furthest WAL address of which the offset knows. */
    public long furthestLsn() {
        return Long.compareUnsigned(checkpoint.lsn(), commitLsn) >= 0 ? checkpoint.lsn() : commitLsn;
    }

    /** The key under which Connect stores the offsets of a capture. */
    public static Map<String, String> partition(String topicPrefix) {
        return Map.of("ledger", topicPrefix);
    }

    @Override
    public Set<Entry<String, Object>> entrySet() {
        StreamIdentity identity = checkpoint.identity();
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("version", VERSION);
        map.put("system_id", identity.source().systemId());
        map.put("database", identity.source().database());
        map.put("timeline", (long) identity.timeline());
        map.put("slot", identity.slot());
        map.put("start_lsn", Lsn.format(identity.startLsn()));
        map.put("snapshot", identity.snapshot());
        map.put("snapshot_complete", checkpoint.snapshotComplete());
        map.put("lsn", Lsn.format(checkpoint.lsn()));
        map.put("sequences", encode(checkpoint.sequences(), SourceOffset::encode));
        map.put("keys", encode(checkpoint.keys(), TableKey::encode));
        map.put("settings", encode(checkpoint.settings(), SourceOffset::percentEncode));
        map.put("publication", checkpoint.publication().encode());
        map.put("commit_lsn", Lsn.format(commitLsn));
        map.put("record", recordNumber);
        putSnapshot(map, checkpoint.snapshot());
        map.put(OffsetCheck.FIELD, OffsetCheck.of(map));
        return map.entrySet();
    }

    /**
     * Reads a stored offset.
     *
     * @throws IllegalArgumentException when it is not one of this connector's; the message says why
     */
    public static SourceOffset parse(Map<String, ?> map) {
        try {
            long version = number(map, "version");
            if (version != VERSION) {
                throw new IllegalArgumentException("it is of version " + version + ", known is " + VERSION);
            }
            StreamIdentity identity = new StreamIdentity(
                    new SourceId(text(map, "system_id"), text(map, "database")),
                    Math.toIntExact(number(map, "timeline")),
                    text(map, "slot"),
                    lsn(map, "start_lsn"),
                    flag(map, "snapshot"),
                    map.containsKey("attempt") ? number(map, "attempt") : 0);
            Checkpoint checkpoint = new Checkpoint(
                    identity,
                    flag(map, "snapshot_complete"),
                    lsn(map, "lsn"),
                    decode(map, "sequences", SourceOffset::sequences),
                    decode(map, "keys", TableKey::decode),
                    decode(map, "settings", SourceOffset::percentDecode),
                    publication(map),
                    snapshot(map));
            return new SourceOffset(checkpoint, lsn(map, "commit_lsn"), number(map, "record"));
        } catch (ArithmeticException | ClassCastException | NumberFormatException | NullPointerException e) {
            throw new IllegalArgumentException("a field is missing or of another type: " + e.getMessage(), e);
        }
    }

    /** The offset as one line of text. */
    public String encode() {
        StringJoiner fields = new StringJoiner("&");
        forEach((name, value) -> fields.add(name + '=' + percentEncode(value.toString())));
        return fields.toString();
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @throws IllegalArgumentException when it is something else
     */
    public static SourceOffset decode(String text) {
        Map<String, Object> map = new HashMap<>();
        for (String field : text.split("&", -1)) {
            String[] nameAndValue = field.split("=", 2);
            if (nameAndValue.length < 2) {
                throw new IllegalArgumentException("its field '" + field + "' has no value");
            }
            map.put(nameAndValue[0], percentDecode(nameAndValue[1]));
        }
        NUMBERS.forEach(name -> map.computeIfPresent(name, (any, number) -> Long.valueOf((String) number)));
        FLAGS.forEach(name -> map.computeIfPresent(name, (any, flag) -> Boolean.valueOf((String) flag)));
        return parse(map);
    }

    /** Nothing of a stream that has nothing of a snapshot to remember. */
    private void putSnapshot(Map<String, Object> map, SnapshotState state) {
        if (checkpoint.identity().attempt() != 0) {
            map.put("attempt", checkpoint.identity().attempt());
        }
        if (state.isResumable()) {
            map.put("snapshot_visible", state.visible());
            map.put("snapshot_files", state.files());
            map.put("snapshot_file", (long) state.place().file());
            map.put("snapshot_block", state.place().block());
            map.put("snapshot_time", state.atMicros());
        }
        if (state.throughLsn() != 0) {
            map.put("snapshot_through", Lsn.format(state.throughLsn()));
        }
        if (!state.earlier().isEmpty()) {
            map.put("snapshot_earlier", encode(flat(state.earlier()), SourceOffset::encode));
        }
        if (!state.requests().isEmpty()) {
            map.put("snapshot_requests", state.requests().encode());
        }
    }

    private static SnapshotState snapshot(Map<String, ?> map) {
        boolean isRead = map.containsKey("snapshot_visible");
        return new SnapshotState(
                isRead ? text(map, "snapshot_visible") : "",
                isRead ? text(map, "snapshot_files") : "",
                isRead
                        ? new Place(Math.toIntExact(number(map, "snapshot_file")), number(map, "snapshot_block"))
                        : Place.BEGIN,
                isRead ? number(map, "snapshot_time") : 0,
                map.containsKey("snapshot_through") ? lsn(map, "snapshot_through") : 0,
                map.containsKey("snapshot_earlier")
                        ? byStream(decode(map, "snapshot_earlier", SourceOffset::sequences))
                        : Map.of(),
                map.containsKey("snapshot_requests")
                        ? decode("snapshot_requests", text(map, "snapshot_requests"), SnapshotRequests::decode)
                        : SnapshotRequests.NONE);
    }

    /** By stream, a blank and table: no stream's name has blanks. */
    private static Map<String, long[]> flat(Map<String, Map<String, long[]>> byStream) {
        Map<String, long[]> flat = new TreeMap<>();
        byStream.forEach(
                (stream, tables) -> tables.forEach((table, sequences) -> flat.put(stream + ' ' + table, sequences)));
        return flat;
    }

    private static Map<String, Map<String, long[]>> byStream(Map<String, long[]> flat) {
        Map<String, Map<String, long[]>> byStream = new HashMap<>();
        flat.forEach((name, sequences) -> {
            String[] parts = name.split(" ", 2);
            if (parts.length < 2) {
                throw new IllegalArgumentException("its field 'snapshot_earlier' is malformed");
            }
            byStream.computeIfAbsent(parts[0], stream -> new HashMap<>()).put(parts[1], sequences);
        });
        return Map.copyOf(byStream);
    }

    /** Offsets of earlier versions have none. */
    private static PublicationVersion publication(Map<String, ?> map) {
        Object text = map.get("publication");
        return text == null ? PublicationVersion.UNKNOWN : PublicationVersion.decode((String) text);
    }

    private static <T> T field(Map<String, ?> map, String name, Class<T> type, String called) {
        Object value = map.get(name);
        if (value == null) {
            throw new IllegalArgumentException("it has no field '" + name + "'");
        }
        if (!type.isInstance(value)) {
            throw new IllegalArgumentException("its field '" + name + "' is no " + called);
        }
        return type.cast(value);
    }

    private static String text(Map<String, ?> map, String name) {
        return field(map, name, String.class, "text");
    }

    private static long number(Map<String, ?> map, String name) {
        return field(map, name, Number.class, "number").longValue();
    }

    private static boolean flag(Map<String, ?> map, String name) {
        return field(map, name, Boolean.class, "truth value");
    }

    private static long lsn(Map<String, ?> map, String name) {
        try {
            return Lsn.parse(text(map, name));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("its field '" + name + "' is malformed: " + e.getMessage(), e);
        }
    }

    /** {@code public.accounts=17,0,3;public.entries=4,4,4}, names percent-encoded. */
    private static <V> String encode(Map<String, V> map, Function<V, String> text) {
        StringJoiner entries = new StringJoiner(";");
        map.forEach((name, value) -> entries.add(percentEncode(name) + '=' + text.apply(value)));
        return entries.toString();
    }

    private static <V> Map<String, V> decode(Map<String, ?> map, String field, Function<String, V> value) {
        String text = text(map, field);
        Map<String, V> decoded = new HashMap<>();
        for (String entry : text.isEmpty() ? new String[0] : text.split(";", -1)) {
            int equals = entry.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("its field '" + field + "' is malformed");
            }
            decoded.put(percentDecode(entry.substring(0, equals)), decode(field, entry.substring(equals + 1), value));
        }
        return Map.copyOf(decoded);
    }

    private static <V> V decode(String field, String text, Function<String, V> value) {
        try {
            return value.apply(text);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new IllegalArgumentException("its field '" + field + "' is malformed", e);
        }
    }

    private static String encode(long[] sequences) {
        StringJoiner numbers = new StringJoiner(",");
        for (long sequence : sequences) {
            numbers.add(Long.toString(sequence));
        }
        return numbers.toString();
    }

    private static long[] sequences(String text) {
        return Arrays.stream(text.split(",", -1)).mapToLong(Long::parseLong).toArray();
    }

    private static String percentEncode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String percentDecode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
