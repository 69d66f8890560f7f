package io.ledgerconnect.source.snapshot;

import io.ledgerconnect.source.offset.Place;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Gives the chunks of a snapshot out to the threads that read them, and to the one that takes their rows, in one order.
 * A few are under way at a time. Thread-safe.
 */
final class ChunkQueue {
    /** 512 KiB: some thousand rows, which is what an interrupted snapshot reads again. */
    private static final long BLOCKS = 64;

    private static final int PER_THREAD = 2;

    private final List<ReadFile> files;
    private final Semaphore free;
    private final BlockingQueue<Chunk> underWay = new LinkedBlockingQueue<>();
    private Place next;
    private boolean enough;

    /** Of what is at {@code from} or after it. */
    ChunkQueue(List<ReadFile> files, Place from, int threads) {
        this.files = files;
        this.free = new Semaphore(threads * PER_THREAD);
        this.next = from;
    }

    /** The next chunk to read, once there is room for its rows; null when there is none. */
    Chunk nextToRead() throws InterruptedException {
        free.acquire();
        synchronized (this) {
            if (enough || next.file() >= files.size()) {
                enough = true;
                free.release();
                return null;
            }
            Chunk chunk = chunk();
            underWay.add(chunk);
            return chunk;
        }
    }

    private Chunk chunk() {
        ReadFile file = files.get(next.file());
        long pages = file.file().pages();
        long toBlock = file.file().hasPlaces() ? Math.min(pages, next.block() + BLOCKS) : pages;
        Chunk chunk = new Chunk(file, next, toBlock);
        next = toBlock < pages ? new Place(next.file(), toBlock) : new Place(next.file() + 1, 0);
        return chunk;
    }

    /** The next chunk whose rows are to be taken; null when none comes in time. */
    Chunk nextToTake(long patienceMillis) throws InterruptedException {
        return underWay.poll(patienceMillis, TimeUnit.MILLISECONDS);
    }

    /** All rows of a chunk were taken. */
    void taken() {
        free.release();
    }

    /** Gives out no more. */
    synchronized void enough() {
        enough = true;
    }

    /** Whether all rows that will be read were taken. */
    synchronized boolean isEmpty() {
        return enough && underWay.isEmpty();
    }

    /** Up to where chunks were given out. */
    synchronized Place reached() {
        return next;
    }
}
