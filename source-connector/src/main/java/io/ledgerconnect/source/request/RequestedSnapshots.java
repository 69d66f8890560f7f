package io.ledgerconnect.source.request;

import io.ledgerconnect.source.config.SourceConfig;
import io.ledgerconnect.source.decode.LogicalMessage;
import io.ledgerconnect.source.offset.SnapshotRequest;
import io.ledgerconnect.source.offset.SnapshotRequests;
import io.ledgerconnect.source.offset.StreamIdentity;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the snapshots that are read while the stream goes on, by what stands of them in the WAL. The rows of a piece
 * are changes of the transaction that brings them: they have its position, in every capture of the ledger, and whenever
 * it is read. Used by one thread only, but for {@link #view}.
 *
 * <p>Invariant: the same WAL after the same checkpoint gives the same rows. So nothing here depends on when it is read.
 */
public final class RequestedSnapshots {
    private static final Logger LOG = LoggerFactory.getLogger(RequestedSnapshots.class);

    /** Begins with what no application's messages begin with; see LogicalMessages. */
    private static final String PREFIX = "ledger-connect requested ";

    private final String prefix;
    private final Optional<RequestKey> key;
    private final Map<String, ReadWindow> windows = new HashMap<>();
    private SnapshotRequests requests;
    private boolean warned;
    private volatile View view;

    /**
     * How things stand, for those that read pieces.
     *
     * @param windows by request, the piece whose rows are waited for
     */
    public record View(SnapshotRequests requests, Map<String, Long> windows) {}

    /** A piece whose rows are to be sent, but for those that were changed since it was announced. */
    public record Piece(PieceRows rows, ReadWindow window) {
        /**
         * Whether a row is to be sent.
         *
         * @param identity of the row, as its changes have it
         */
        public boolean has(long identity) {
            return !window.hasChanged(identity);
        }
    }

    public RequestedSnapshots(SourceConfig config, StreamIdentity identity, SnapshotRequests restored) {
        this.prefix = prefix(config);
        this.key = RequestKey.of(config, identity.source().toString());
        this.requests = restored;
        publish();
    }

    /** Under which captures that read through one publication write to each other. */
    public static String prefix(SourceConfig config) {
        return PREFIX + config.publicationName();
    }

    /** Whether a message is one of these. */
    public boolean isOwn(LogicalMessage message) {
        return message.prefix().equals(prefix);
    }

    public SnapshotRequests requests() {
        return requests;
    }

    /** May be called by any thread. */
    public View view() {
        return view;
    }

    private void publish() {
        Map<String, Long> open = new HashMap<>();
        windows.forEach((id, window) -> {
            if (!window.isBroken()) {
                open.put(id, window.piece());
            }
        });
        view = new View(requests, Map.copyOf(open));
    }

    private void become(SnapshotRequests now) {
        requests = now;
        windows.keySet().removeIf(id -> requests.find(id).isEmpty());
        publish();
    }

    /** Takes a request that stands in the stream. */
    public void ask(SnapshotRequest request) {
        become(requests.with(request));
    }

    /** Ends a request wherever it stands. */
    public void stop(String id) {
        become(requests.without(id));
    }

    /** Whether a piece is being read: no watermark is sent then. */
    public boolean isReading() {
        return !windows.isEmpty();
    }

    /** Whether changes of a table have to be noted. */
    public boolean watches(String table) {
        for (ReadWindow window : windows.values()) {
            if (window.table().equals(table)) {
                return true;
            }
        }
        return false;
    }

    /** Notes a change of a row. */
    public void changed(String table, long identity) {
        windows.values().stream()
                .filter(window -> window.table().equals(table))
                .forEach(window -> window.change(identity));
    }

    /** Notes that a table was truncated. */
    public void truncated(String table) {
        windows.values().stream().filter(window -> window.table().equals(table)).forEach(ReadWindow::breakOff);
        publish();
    }

    /** Everything committed before this time was read, as far as the stream goes: pieces that are late do not come. */
    public void readThrough(long knownMicros) {
        if (!windows.isEmpty() && windows.values().removeIf(window -> window.isOver(knownMicros))) {
            publish();
        }
    }

    /**
     * Takes a message.
     *
     * @return the rows that it brings, if they are to be sent
     */
    public Optional<Piece> take(LogicalMessage message, long committedAtMicros) {
        byte[] bytes = new byte[message.content().remaining()];
        message.content().duplicate().get(bytes);
        try {
            if (key.isPresent() && key.get().hasSigned(bytes)) {
                return take(RequestMessage.decode(bytes), committedAtMicros);
            }
            warn("it is not signed with the key of this connector (snapshot.request.key, else database.password)");
        } catch (IOException | IllegalArgumentException e) {
            warn(e.getMessage());
        }
        return Optional.empty();
    }

    private void warn(String reason) {
        if (!warned) {
            warned = true;
            LOG.warn(
                    "A message about a snapshot asked for, with prefix '{}' in the ledger's WAL, is passed by: {}. If another"
                            + " capture of this ledger wrote it, both need the same key and version; the rows that it reads are"
                            + " missing from this capture's topics. Further ones are not reported",
                    prefix,
                    reason);
        }
    }

    private Optional<Piece> take(RequestMessage message, long committedAtMicros) {
        switch (message.kind()) {
            case BEGIN -> begin(message);
            case WINDOW -> open(message, committedAtMicros);
            case ROWS -> {
                return rows(message, committedAtMicros);
            }
            case END -> stop(message.id());
        }
        return Optional.empty();
    }

    /** The first that takes a request over has it. */
    private void begin(RequestMessage message) {
        SnapshotRequest taken = SnapshotRequest.begin(message.id(), message.owner(), message.tables());
        if (requests.find(message.id()).filter(asked -> asked.owner().isEmpty()).isPresent()) {
            become(requests.changed(message.id(), asked -> taken));
        } else {
            ask(taken);
        }
    }

    private void open(RequestMessage message, long committedAtMicros) {
        Optional<SnapshotRequest> request =
                requests.find(message.id()).filter(found -> found.pieces() + 1 == message.piece());
        if (request.isPresent()) {
            windows.put(message.id(), new ReadWindow(request.get().table().name(), message.piece(), committedAtMicros));
            publish();
        }
    }

    private Optional<Piece> rows(RequestMessage message, long committedAtMicros) {
        ReadWindow window = windows.remove(message.id());
        boolean taken = window != null && window.piece() == message.piece() && window.admits(committedAtMicros);
        if (taken) {
            become(requests.changed(message.id(), of -> of.afterPiece(message.next(), message.tableRead())));
        } else {
            publish();
        }
        return taken ? message.rows().map(rows -> new Piece(rows, window)) : Optional.empty();
    }
}
