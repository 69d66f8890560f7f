package io.ledgerconnect.source.snapshot;

import io.ledgerconnect.source.check.UnreadableText;
import io.ledgerconnect.source.record.TransactionReader;
import io.ledgerconnect.source.replication.LedgerDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads all rows of the captured tables as of one exported snapshot, by several connections side by side. Takes no lock
 * that writers feel, and holds a bounded number of rows.
 *
 * <p>Used by one thread, which also receives the rows; the reading threads are its own.
 */
public final class Snapshot implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Snapshot.class);

    /** Rows per hand-over, and hand-overs in flight per thread: a few MiB of rows in all. */
    private static final int ROWS_PER_HANDOVER = 500;

    private static final int HANDOVERS_PER_THREAD = 4;
    private static final int BYTES_PER_HANDOVER = 1 << 20;
    private static final Duration PROGRESS_INTERVAL = Duration.ofSeconds(10);

    private final List<SnapshotTable> tables;
    private final Queue<Chunk> chunks = new ConcurrentLinkedQueue<>();
    private final BlockingQueue<SnapshotRows> handovers;
    private final List<Connection> connections = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final int chunkCount;
    private final long pageCount;

    /** What the capture does between rows: pass batches on, and keep its own connection alive. */
    public interface Pace {
        /** {@code bytes} have come since the last time. */
        void between(int bytes) throws InterruptedException, SQLException;
    }

    /** Imports the snapshot on {@code threadCount} connections. Once this returns, its exporter may go. */
    public Snapshot(LedgerDatabase database, String snapshotName, List<SnapshotTable> tables, int threadCount)
            throws SQLException {
        this.tables = tables;
        tables.forEach(table -> chunks.addAll(Chunk.of(table)));
        this.chunkCount = chunks.size();
        this.pageCount = Math.max(1, chunks.stream().mapToLong(Chunk::pages).sum());
        int readers = Math.max(1, Math.min(threadCount, chunkCount));
        this.handovers = new ArrayBlockingQueue<>(readers * HANDOVERS_PER_THREAD);
        try {
            for (int i = 0; i < readers; i++) {
                Connection connection = database.connect();
                connections.add(connection);
                importSnapshot(connection, snapshotName);
            }
        } catch (SQLException e) {
            close();
            throw e;
        }
    }

    private static void importSnapshot(Connection connection, String snapshotName) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
            statement.execute("SET TRANSACTION SNAPSHOT '" + snapshotName + "'");
        }
    }

    /** Reads everything and sends it through {@code reader}; tells {@code observer} how far it is. */
    public void run(TransactionReader reader, Pace pace, Consumer<SnapshotProgress> observer)
            throws SQLException, InterruptedException {
        tables.forEach(table -> reader.snapshotTable(table.mapping()));
        for (Connection connection : connections) {
            Thread thread = new Thread(() -> readChunks(connection), "ledger-snapshot-" + threads.size());
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }
        Progress progress = new Progress();
        observer.accept(progress.now());
        while (progress.chunks < chunkCount) {
            SnapshotRows rows = handovers.poll(50, TimeUnit.MILLISECONDS);
            if (rows != null) {
                send(rows, reader);
                progress.count(rows);
                observer.accept(progress.now());
            }
            rethrow();
            pace.between(rows == null ? 0 : rows.bytes());
            progress.log();
        }
        observer.accept(progress.now().completed());
        LOG.info("Snapshot of {} tables read: {} rows", tables.size(), progress.rows);
    }

    private static void send(SnapshotRows rows, TransactionReader reader) {
        for (SnapshotRows.Row row : rows.rows()) {
            reader.snapshotRow(rows.mapping(), row.key(), row.value(), row.partition(), row.checksum());
        }
    }

    private void rethrow() throws SQLException {
        Throwable cause = failure.get();
        if (cause instanceof SQLException sql) {
            throw sql;
        }
        if (cause != null) {
            throw cause instanceof RuntimeException runtime ? runtime : new IllegalStateException(cause);
        }
    }

    private void readChunks(Connection connection) {
        try {
            for (Chunk chunk = chunks.poll(); chunk != null; chunk = chunks.poll()) {
                readChunk(connection, chunk);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (SQLException | RuntimeException | Error e) {
            failure.compareAndSet(null, e);
        }
    }

    private void readChunk(Connection connection, Chunk chunk) throws SQLException, InterruptedException {
        try {
            copy(connection, chunk);
        } catch (SQLException e) {
            if (UnreadableText.is(e)) {
                throw UnreadableText.inTable(chunk.source().table().name(), e);
            }
            throw e;
        }
    }

    private void copy(Connection connection, Chunk chunk) throws SQLException, InterruptedException {
        CopyOut copy = connection.unwrap(PGConnection.class).getCopyAPI().copyOut(chunk.copyStatement());
        CopyBinaryReader reader = new CopyBinaryReader();
        RowGatherer gatherer = new RowGatherer(chunk);
        for (byte[] message = copy.readFromCopy(); message != null; message = copy.readFromCopy()) {
            reader.read(message, gatherer::add);
            gatherer.bytes += message.length;
            if (gatherer.isFull()) {
                handovers.put(gatherer.take(false));
            }
        }
        if (!reader.ended()) {
            throw new SQLException("COPY of table " + chunk.source().table().name() + " ended too early", "08006");
        }
        handovers.put(gatherer.take(true));
    }

    /** Gathers the rows of one chunk. Used by one reading thread. */
    private static final class RowGatherer {
        private final Chunk chunk;
        private final io.ledgerconnect.source.record.TableMapping.Rows mapper;
        private List<SnapshotRows.Row> rows = new ArrayList<>(ROWS_PER_HANDOVER);
        private int bytes;

        RowGatherer(Chunk chunk) {
            this.chunk = chunk;
            this.mapper = chunk.source().mapping().rows();
        }

        void add(io.ledgerconnect.source.decode.Tuple row) {
            rows.add(new SnapshotRows.Row(
                    mapper.key(row, null),
                    mapper.value(row, null, false),
                    mapper.partition(row, null),
                    mapper.checksum(row)));
        }

        boolean isFull() {
            return rows.size() >= ROWS_PER_HANDOVER || bytes >= BYTES_PER_HANDOVER;
        }

        SnapshotRows take(boolean last) {
            SnapshotRows taken = new SnapshotRows(chunk.source().mapping(), rows, bytes, last, chunk.pages());
            rows = new ArrayList<>(ROWS_PER_HANDOVER);
            bytes = 0;
            return taken;
        }
    }

    /** What operators see of a long snapshot. */
    private final class Progress {
        private final long begunNanos = System.nanoTime();
        private long loggedNanos = begunNanos;
        private long rows;
        private int chunks;
        private long pages;

        void count(SnapshotRows handover) {
            rows += handover.rows().size();
            if (handover.lastOfChunk()) {
                chunks++;
                pages += handover.chunkPages();
            }
        }

        SnapshotProgress now() {
            return new SnapshotProgress(rows, (double) pages / pageCount, (System.nanoTime() - begunNanos) / 1e9);
        }

        void log() {
            long nanos = System.nanoTime();
            if (nanos - loggedNanos < PROGRESS_INTERVAL.toNanos()) {
                return;
            }
            loggedNanos = nanos;
            SnapshotProgress now = now();
            LOG.info(
                    "Snapshot: {} rows, {}%, {} rows/s, {} s left",
                    rows,
                    Math.round(now.share() * 100),
                    Math.round(rows / now.seconds()),
                    now.share() == 0 ? "?" : Long.toString(Math.round(now.secondsLeft())));
        }
    }

    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
        for (Connection connection : connections) {
            abort(connection);
        }
    }

    /** Does not wait for a COPY that is under way. */
    private static void abort(Connection connection) {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            LOG.debug("A connection of the snapshot was gone already", e);
        }
    }
}
