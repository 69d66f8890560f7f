package io.ledgerconnect.source.capture;

import io.ledgerconnect.common.error.SqlFault;
import io.ledgerconnect.source.config.SourceConfig;
import io.ledgerconnect.source.offset.SnapshotRequest;
import io.ledgerconnect.source.record.TransactionReader;
import io.ledgerconnect.source.replication.LedgerDatabase;
import io.ledgerconnect.source.request.RequestMessage;
import io.ledgerconnect.source.request.RequestedSnapshots;
import io.ledgerconnect.source.request.RequestedSnapshots.View;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the snapshots that are asked for while the stream goes on, in a thread of its own: announces a piece, waits
 * until the stream has brought the announcement, reads the rows and writes them into the WAL, and waits until the
 * stream has brought them. What it has done stands in the WAL, so another one goes on wherever it was.
 */
final class RequestRunner implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RequestRunner.class);

    /** How often it looks whether there is something to do, and whether the stream has brought it. */
    private static final long LOOK_MILLIS = 2;

    private static final long IDLE_LOOK_MILLIS = 100;
    /** Longer than any window: what has not come by then was not taken. */
    private static final long PATIENCE_NANOS = 60_000_000_000L;

    private static final long STOP_MILLIS = 1_000;

    private final SourceConfig config;
    private final LedgerDatabase database;
    private final RequestedSnapshots requested;
    private final RequestedRows rows;
    private final Optional<SnapshotRequest> configured;
    private final Backoff backoff = new Backoff();
    private final Thread thread;
    private volatile Connection connection;
    /** The request that was read last; empty when others know that it is over. */
    private String owned = "";

    private volatile boolean closed;

    /** Begins to look for requests. */
    RequestRunner(SourceConfig config, LedgerDatabase database, TransactionReader reader, CaptureProgress progress) {
        this.config = config;
        this.database = database;
        this.requested = reader.requested();
        this.rows = new RequestedRows(config, reader, progress);
        this.configured = config.askedSnapshot().map(RequestRunner::request);
        this.thread = new Thread(this::run, "ledger-requests-" + config.topicPrefix());
        this.thread.setDaemon(true);
        this.thread.start();
    }

    private static SnapshotRequest request(io.ledgerconnect.source.config.SnapshotAsked asked) {
        List<SnapshotRequest.Table> tables = asked.tables().stream()
                .map(table -> new SnapshotRequest.Table(table, ""))
                .toList();
        return SnapshotRequest.begin(asked.id(), "", tables);
    }

    private void run() {
        while (!closed) {
            try {
                boolean worked = step();
                backoff.reset();
                Thread.sleep(worked ? 0 : IDLE_LOOK_MILLIS);
            } catch (InterruptedException e) {
                return;
            } catch (SQLException | RuntimeException e) {
                afterFault(e);
            }
        }
    }

    private void afterFault(Exception fault) {
        disconnect();
        if (closed) {
            return;
        }
        LOG.warn("A snapshot that was asked for is interrupted and will be gone on with: {}", fault.toString());
        LOG.debug("What interrupted it", fault);
        try {
            Thread.sleep(backoff.next().toMillis());
        } catch (InterruptedException e) {
            closed = true;
        }
    }

    /** Whether there was something to do. */
    private boolean step() throws SQLException, InterruptedException {
        View view = requested.view();
        Optional<SnapshotRequest> asked =
                configured.filter(request -> !view.requests().knows(request.id()));
        Optional<SnapshotRequest> first = view.requests().open().stream()
                .filter(request -> request.owner().isEmpty() || request.owner().equals(config.slotName()))
                .findFirst();
        if (!owned.isEmpty() && view.requests().find(owned).isEmpty()) {
            // Read whole, or stopped by a signal that others may not take for one.
            rows.write(connection(), RequestMessage.end(owned));
            owned = "";
        } else if (asked.isPresent()) {
            takeOver(asked.get());
        } else if (first.isPresent() && first.get().owner().isEmpty()) {
            takeOver(first.get());
        } else if (first.isPresent()) {
            owned = first.get().id();
            piece(first.get());
        } else {
            disconnect();
        }
        return asked.isPresent() || first.isPresent() || !owned.isEmpty();
    }

    private void takeOver(SnapshotRequest request) throws SQLException, InterruptedException {
        Optional<SnapshotRequest> taken = rows.resolve(connection(), request, config.askedSnapshot());
        if (taken.isEmpty()) {
            rows.write(connection(), RequestMessage.end(request.id()));
        } else {
            rows.write(connection(), RequestMessage.begin(taken.get()));
        }
        await(view -> view.requests()
                .find(request.id())
                .map(found -> !found.owner().isEmpty())
                .orElse(view.requests().knows(request.id())));
    }

    private void piece(SnapshotRequest request) throws SQLException, InterruptedException {
        long piece = request.pieces() + 1;
        rows.write(connection(), RequestMessage.window(request.id(), piece));
        await(view -> isOpen(view, request.id(), piece) || isPast(view, request));
        if (!isOpen(requested.view(), request.id(), piece)) {
            if (!isPast(requested.view(), request)) {
                LOG.info(
                        "The snapshot '{}' that was asked for waits: the stream is behind what the ledger has written, and its"
                                + " changes go first",
                        request.id());
            }
            return;
        }
        try {
            if (rows.send(connection(), request)) {
                await(view -> !isOpen(view, request.id(), piece));
            }
        } catch (ConnectException e) {
            giveUp(request, e.getMessage());
        } catch (SQLException e) {
            if (SqlFault.of(e) == SqlFault.RETRIABLE || closed) {
                throw e;
            }
            giveUp(request, e.getMessage() + " (SQLSTATE " + e.getSQLState() + ')');
        }
    }

    private void giveUp(SnapshotRequest request, String reason) throws SQLException, InterruptedException {
        LOG.error(
                "The snapshot '{}' that was asked for is given up at table {}, after {} pieces: {}. What was"
                        + " read is in the topics; the stream goes on. Mend it and ask under another name",
                request.id(),
                request.table().name(),
                request.pieces(),
                reason);
        disconnect();
        rows.write(connection(), RequestMessage.end(request.id()));
        await(view -> view.requests().find(request.id()).isEmpty());
    }

    private static boolean isOpen(View view, String id, long piece) {
        return view.windows().getOrDefault(id, 0L) == piece;
    }

    private static boolean isPast(View view, SnapshotRequest request) {
        return view.requests()
                .find(request.id())
                .map(now -> now.pieces() != request.pieces())
                .orElse(true);
    }

    private void await(Predicate<View> reached) throws InterruptedException {
        long begin = System.nanoTime();
        while (!closed && !reached.test(requested.view()) && System.nanoTime() - begin < PATIENCE_NANOS) {
            Thread.sleep(LOOK_MILLIS);
        }
    }

    private Connection connection() throws SQLException {
        if (connection == null || connection.isClosed()) {
            connection = database.connect();
        }
        return connection;
    }

    private void disconnect() {
        Connection gone = connection;
        connection = null;
        if (gone != null) {
            try {
                gone.abort(Runnable::run);
            } catch (SQLException e) {
                LOG.debug("The connection was gone already", e);
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(STOP_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        disconnect();
    }
}
