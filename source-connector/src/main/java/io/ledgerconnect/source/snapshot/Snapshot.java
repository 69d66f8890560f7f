package io.ledgerconnect.source.snapshot;

import io.ledgerconnect.source.offset.Place;
import io.ledgerconnect.source.record.SnapshotRecords;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the rows of the captured tables, each table's in the order of their places, by several connections side by
 * side; in one stretch, or in several, each of which sees the database as it was when that stretch began. Holds a
 * bounded number of rows.
 *
 * <p>Used by one thread, which also receives the rows; the reading threads are its own.
 */
public final class Snapshot {
    private static final Logger LOG = LoggerFactory.getLogger(Snapshot.class);

    private static final long TAKE_PATIENCE_MILLIS = 50;

    private final List<SnapshotTable> tables;
    private final List<ReadFile> files;
    private final SnapshotMeter meter;
    private final Consumer<SnapshotProgress> observer;
    private Place reached;

    /** What the capture does between rows. */
    public interface Pace {
        /** Every row before {@code place} has come. */
        void reached(Place place) throws InterruptedException, SQLException;

        /**
         * {@code bytes} have come since the last time: pass batches on, and keep other connections alive.
         *
         * @return whether the stretch should end soon
         */
        boolean between(int bytes) throws InterruptedException, SQLException;
    }

    /** Begins at {@code from}, and tells {@code observer} how far it is. */
    public Snapshot(List<SnapshotTable> tables, Place from, Consumer<SnapshotProgress> observer) {
        this.tables = tables;
        this.files = ReadFile.of(tables);
        this.meter = new SnapshotMeter(files, from);
        this.observer = observer;
        this.reached = from;
    }

    /** Whether all rows can be asked for by their places: else nobody could go on in the middle. */
    public boolean hasPlaces() {
        return files.stream().allMatch(file -> file.file().hasPlaces());
    }

    /**
     * From where on it may go on as of a later view: rows that were written since are told by their keys, so tables
     * without one lie before.
     */
    public Place firstWithKey() {
        int file = files.size();
        while (file > 0 && files.get(file - 1).source().mapping().hasKey()) {
            file--;
        }
        return new Place(file, 0);
    }

    /** Stands for the files and their order: places mean the same as long as it is the same. */
    public String fingerprint() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            ByteBuffer numbers = ByteBuffer.allocate(Integer.BYTES + Long.BYTES);
            for (ReadFile file : files) {
                digest.update(file.source().table().name().getBytes(StandardCharsets.UTF_8));
                numbers.clear().putInt(file.file().oid()).putLong(file.file().fileNode());
                digest.update(numbers.array());
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Whether everything was read. */
    public boolean isComplete() {
        return reached.file() >= files.size();
    }

    /** In words: how far it is. */
    public String describe() {
        if (isComplete()) {
            return "all rows were read";
        }
        ReadFile file = files.get(reached.file());
        return Math.round(meter.now().share() * 100) + "% were read, next is block " + reached.block() + " of "
                + file.name();
    }

    /**
     * Reads a stretch and sends it through {@code records}.
     *
     * @param leftOut which rows of this view are not of the snapshot; null for none
     * @throws SnapshotBrokenException when rows were removed or moved that should have been read
     */
    public void run(SnapshotView view, LeftOut leftOut, SnapshotRecords records, Pace pace)
            throws SQLException, InterruptedException {
        tables.forEach(table -> records.table(table.mapping()));
        observer.accept(meter.now());
        Stretch stretch = new Stretch(view.connections(), leftOut);
        try {
            stretch.take(records, pace);
        } finally {
            stretch.end();
        }
        if (isComplete()) {
            observer.accept(meter.now().completed());
            LOG.info(
                    "Snapshot of {} tables read: {} rows",
                    tables.size(),
                    meter.now().rows());
        }
    }

    /** Reading as of one view. */
    private final class Stretch {
        private final ChunkQueue chunks;
        private final List<Thread> threads = new ArrayList<>();
        private final AtomicReference<Throwable> failure = new AtomicReference<>();

        Stretch(List<Connection> connections, LeftOut leftOut) {
            chunks = new ChunkQueue(files, reached, connections.size());
            for (Connection connection : connections) {
                ChunkReader reader = new ChunkReader(connection, leftOut);
                Thread thread = new Thread(() -> read(reader), "ledger-snapshot-" + threads.size());
                thread.setDaemon(true);
                threads.add(thread);
                thread.start();
            }
        }

        private void read(ChunkReader reader) {
            try {
                for (Chunk chunk = chunks.nextToRead(); chunk != null; chunk = chunks.nextToRead()) {
                    reader.read(chunk);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (SQLException | RuntimeException | Error e) {
                failure.compareAndSet(null, e);
            }
        }

        void take(SnapshotRecords records, Pace pace) throws SQLException, InterruptedException {
            while (!chunks.isEmpty()) {
                Chunk chunk = chunks.nextToTake(TAKE_PATIENCE_MILLIS);
                if (chunk == null) {
                    pause(pace, 0);
                } else {
                    pace.reached(chunk.place);
                    take(chunk, records, pace);
                    chunks.taken();
                    meter.countPages(chunk.pages());
                    observer.accept(meter.now());
                }
            }
            reached = chunks.reached().file() < files.size() ? chunks.reached() : Place.END;
            pace.reached(reached);
        }

        private void take(Chunk chunk, SnapshotRecords records, Pace pace) throws SQLException, InterruptedException {
            boolean last = false;
            while (!last) {
                SnapshotRows rows = chunk.rows.poll(TAKE_PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
                if (rows != null) {
                    for (SnapshotRows.Row row : rows.rows()) {
                        records.row(
                                chunk.file.source().mapping(),
                                row.key(),
                                row.value(),
                                row.partition(),
                                row.contentHash(),
                                row.ordinal());
                    }
                    meter.countRows(rows.rows().size());
                    last = rows.last();
                }
                pause(pace, rows == null ? 0 : rows.bytes());
            }
        }

        private void pause(Pace pace, int bytes) throws SQLException, InterruptedException {
            rethrow();
            if (pace.between(bytes)) {
                chunks.enough();
            }
            meter.log();
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

        void end() {
            threads.forEach(Thread::interrupt);
        }
    }
}
