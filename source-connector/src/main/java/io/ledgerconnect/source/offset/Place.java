package io.ledgerconnect.source.offset;

/**
 * How far a snapshot has come: every row before it was sent.
 *
 * @param file number of the table file (a table, or a leaf of a partitioned one) in the order of reading, from 0
 * @param block in that file
 */
public record Place(int file, long block) implements Comparable<Place> {
    public static final Place BEGIN = new Place(0, 0);

    /** After everything, however many files there are. */
    public static final Place END = new Place(Integer.MAX_VALUE, 0);

    @Override
    public int compareTo(Place other) {
        return file == other.file ? Long.compare(block, other.block) : Integer.compare(file, other.file);
    }
}
