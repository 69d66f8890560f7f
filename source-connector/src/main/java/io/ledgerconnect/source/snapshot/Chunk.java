package io.ledgerconnect.source.snapshot;

import io.ledgerconnect.source.offset.Place;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * A range of a file's blocks, read by one COPY. Its rows are taken in the order of the chunks, whichever thread read
 * them: a bounded number of them waits here. Thread-safe.
 */
final class Chunk {
    /** 500 rows each: a chunk of narrow rows waits whole, wider ones hold their reader back. */
    private static final int HANDOVERS = 8;

    final ReadFile file;
    final Place place;
    final long toBlock;

    /** Rows that were read and not taken yet. */
    final BlockingQueue<SnapshotRows> rows = new ArrayBlockingQueue<>(HANDOVERS);

    Chunk(ReadFile file, Place place, long toBlock) {
        this.file = file;
        this.place = place;
        this.toBlock = toBlock;
    }

    /** Blocks, for progress. */
    long pages() {
        return toBlock - place.block();
    }

    String copyStatement(boolean withWriter) {
        return file.copyStatement(place.block(), toBlock, withWriter);
    }
}
