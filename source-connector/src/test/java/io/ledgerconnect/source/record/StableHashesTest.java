package io.ledgerconnect.source.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.ledgerconnect.source.decode.LogicalMessage;
import io.ledgerconnect.source.decode.PgOutputDecoder;
import io.ledgerconnect.source.decode.Relation;
import io.ledgerconnect.source.decode.Tuple;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Values that decide where rows lie. These never change: a changed expectation here would move every key of every
 * installation.
 */
class StableHashesTest {
    private static KeyHash hash(String... columns) {
        return hash(KeyHash.Part.BYTES, columns);
    }

    private static KeyHash hash(KeyHash.Part part, String... columns) {
        StringBuilder hex = new StringBuilder("49 00000001 4e").append(String.format("%04x", columns.length));
        for (String column : columns) {
            hex.append(String.format("62%08x", column.length() / 2)).append(column);
        }
        byte[] message = HexFormat.of().parseHex(hex.toString().replace(" ", ""));
        KeyHash hash = new KeyHash();
        hash.begin();
        new PgOutputDecoder(new InsertListener(hash, part)).decode(ByteBuffer.wrap(message));
        return hash;
    }

    private static KeyHash integers(String... columns) {
        return hash(KeyHash.Part.INTEGER, columns);
    }

    private static KeyHash number(String... numbers) {
        KeyHash hash = new KeyHash();
        hash.begin();
        for (String number : numbers) {
            hash.addNumber(number);
        }
        return hash;
    }

    @Test
    void partitionsOfIntegers() {
        assertThat(IntStream.range(0, 10)
                        .map(i -> integers(String.format("%016x", i)).partition(12))
                        .toArray())
                .containsExactly(0, 3, 3, 0, 6, 5, 1, 10, 0, 11);
    }

    @Test
    void anIntegerThatIsWidenedKeepsItsPartition() {
        for (short value : new short[] {0, 7, -7, Short.MAX_VALUE, Short.MIN_VALUE}) {
            int partition = number(Short.toString(value)).partition(1000);
            assertThat(integers(String.format("%04x", value)).partition(1000)).isEqualTo(partition);
            assertThat(integers(String.format("%08x", (int) value)).partition(1000))
                    .isEqualTo(partition);
            assertThat(integers(String.format("%016x", (long) value)).partition(1000))
                    .isEqualTo(partition);
        }
        assertThat(integers(String.format("%016x", Long.MIN_VALUE)).partition(1000))
                .isEqualTo(number(Long.toString(Long.MIN_VALUE)).partition(1000));
    }

    @Test
    void partitionsOfUuids() {
        assertThat(IntStream.range(0, 5)
                        .map(i ->
                                hash(String.format("0123456789abcdef%016x", i)).partition(12))
                        .toArray())
                .containsExactly(6, 9, 9, 2, 0);
    }

    @Test
    void partitionsOfTextsAndOfSeveralColumns() {
        assertThat(new int[] {
                    hash("").partition(100),
                    hash("616461").partition(100),
                    hash("6164", "61").partition(100),
                    hash("61", "6461").partition(100),
                    hash("0000000000000007", "00000001").partition(100)
                })
                .containsExactly(20, 70, 15, 55, 27);
    }

    @Test
    void partitionsOfNumbers() {
        assertThat(new int[] {
                    number("0").partition(100),
                    number("1").partition(100),
                    number("-12.5").partition(100),
                    number("NaN").partition(100),
                    number("Infinity").partition(100),
                    number("1", "2").partition(100)
                })
                .containsExactly(80, 87, 35, 72, 49, 42);
    }

    @Test
    void equalNumbersHaveOnePartition() {
        for (String equal : new String[] {"100", "100.0", "100.0000", "1E2"}) {
            assertThat(number(equal).partition(1000)).isEqualTo(number("100").partition(1000));
        }
        assertThat(number("0.000").partition(1000)).isEqualTo(number("0").partition(1000));
    }

    @Test
    void partitionsAreWithinTheirNumber() {
        for (int partitions = 1; partitions < 50; partitions++) {
            int count = partitions;
            assertThat(IntStream.range(0, 200)
                            .map(i -> hash(String.format("%016x", i * 7919L)).partition(count)))
                    .allMatch(partition -> partition >= 0 && partition < count);
        }
    }

    /** Adds all columns of inserted rows to a hash. */
    private record InsertListener(KeyHash hash, KeyHash.Part part) implements PgOutputDecoder.Listener {
        @Override
        public void insert(int relationOid, Tuple row) {
            for (int i = 0; i < row.columns(); i++) {
                hash.add(part, row, i);
            }
        }

        @Override
        public void begin(long commitLsn, long committedAtMicros, int transactionId) {}

        @Override
        public void relation(Relation relation) {}

        @Override
        public void update(int relationOid, Tuple oldRow, boolean identityOnly, Tuple newRow) {}

        @Override
        public void delete(int relationOid, Tuple oldRow, boolean identityOnly) {}

        @Override
        public void truncate(int[] relationOids) {}

        @Override
        public void message(LogicalMessage message) {}

        @Override
        public void commit(long commitLsn, long endLsn) {}
    }
}
