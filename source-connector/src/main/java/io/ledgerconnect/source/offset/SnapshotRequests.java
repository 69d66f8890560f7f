package io.ledgerconnect.source.offset;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * The snapshots that were asked for while the stream goes on. Follows from the WAL alone, so every capture of the
 * ledger has the same. Immutable.
 *
 * @param open in the order in which they were asked for
 * @param ended names of the last ones that are over
 */
public record SnapshotRequests(List<SnapshotRequest> open, List<String> ended) {
    public static final SnapshotRequests NONE = new SnapshotRequests(List.of(), List.of());

    /** How many names are kept of those that are over: whoever asks under one of them again asks for nothing. */
    private static final int KEPT = 64;

    public boolean isEmpty() {
        return open.isEmpty() && ended.isEmpty();
    }

    /** Whether one of this name was asked for. */
    public boolean knows(String id) {
        return ended.contains(id) || find(id).isPresent();
    }

    public Optional<SnapshotRequest> find(String id) {
        return open.stream().filter(request -> request.id().equals(id)).findFirst();
    }

    /** Whether a table is still to be read, or some of it. */
    public boolean concern(String table) {
        return !open.isEmpty()
                && open.stream()
                        .anyMatch(request -> request.tables().stream()
                                .anyMatch(of -> of.name().equals(table)));
    }

    /** With one more, unless it is known. */
    public SnapshotRequests with(SnapshotRequest request) {
        if (knows(request.id())) {
            return this;
        }
        List<SnapshotRequest> more = new ArrayList<>(open);
        more.add(request);
        return new SnapshotRequests(List.copyOf(more), ended);
    }

    /** With one in the state that follows; one that is read is over. */
    public SnapshotRequests changed(String id, UnaryOperator<SnapshotRequest> change) {
        List<SnapshotRequest> now = new ArrayList<>();
        boolean over = false;
        for (SnapshotRequest request : open) {
            SnapshotRequest next = request.id().equals(id) ? change.apply(request) : request;
            if (next.isRead()) {
                over = true;
            } else {
                now.add(next);
            }
        }
        return over
                ? new SnapshotRequests(List.copyOf(now), endedWith(id))
                : new SnapshotRequests(List.copyOf(now), ended);
    }

    /** Without one: whatever it has not read is given up. */
    public SnapshotRequests without(String id) {
        return changed(
                id, request -> new SnapshotRequest(id, request.owner(), List.of(), request.place(), request.pieces()));
    }

    private List<String> endedWith(String id) {
        List<String> names = new ArrayList<>(ended);
        names.add(id);
        return List.copyOf(names.subList(Math.max(0, names.size() - KEPT), names.size()));
    }

    String encode() {
        return open.stream().map(SnapshotRequest::encode).collect(Collectors.joining(";"))
                + '|'
                + ended.stream().map(SnapshotRequests::escape).collect(Collectors.joining(","));
    }

    static SnapshotRequests decode(String text) {
        String[] parts = text.split("\\|", -1);
        return new SnapshotRequests(
                parts[0].isEmpty()
                        ? List.of()
                        : Arrays.stream(parts[0].split(";", -1))
                                .map(SnapshotRequest::decode)
                                .toList(),
                parts[1].isEmpty()
                        ? List.of()
                        : Arrays.stream(parts[1].split(",", -1))
                                .map(SnapshotRequests::unescape)
                                .toList());
    }

    static String escape(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    static String unescape(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
