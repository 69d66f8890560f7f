package io.ledgerconnect.source.record;

import io.ledgerconnect.common.type.TypeCodec;
import io.ledgerconnect.source.decode.Tuple;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;

/**
 * The partition of a key. Computed from the key's wire bytes and not by a converter, so that every cluster has the same
 * one. It decides where a row's history lies: it must never change.
 *
 * <p>Definition: CRC-32C over the key columns in key order, each followed by a zero byte: integers and {@code numeric},
 * whose bytes differ between equal values, as their decimal digits without trailing zeros, so that a column that is
 * widened keeps its rows' partitions; everything else as its bytes in PostgreSQL's binary format. The checksum's upper
 * 31 bits modulo the number of partitions.
 */
final class KeyHash {
    /** A bigint's digits and sign. */
    private static final int LONGEST_INTEGER = 20;

    private final Checksum checksum;
    private final byte[] digits = new byte[LONGEST_INTEGER];

    /** How a key column enters the hash: decided once per relation. */
    interface Part {
        Part BYTES = KeyHash::addBytes;
        Part INTEGER = (hash, row, column) -> hash.addInteger(row.integer(column));

        /** {@code asText} reads the column's values as text. */
        static Part number(TypeCodec asText) {
            return (hash, row, column) -> hash.addNumber((String) asText.read(row.at(column), row.length(column)));
        }

        void addTo(KeyHash hash, Tuple row, int column);
    }

    KeyHash() {
        this(new CRC32C());
    }

    /** Over the same bytes, another checksum. */
    KeyHash(Checksum checksum) {
        this.checksum = checksum;
    }

    void begin() {
        checksum.reset();
    }

    /** Adds a column of a row; what is null has no bytes. */
    void add(Part part, Tuple row, int column) {
        if (row.kind(column) == Tuple.BINARY) {
            part.addTo(this, row, column);
        } else {
            addBytes(row, column);
        }
    }

    private void addBytes(Tuple row, int column) {
        row.checksum(column, checksum);
        checksum.update(0);
    }

    void addInteger(long value) {
        int start = digits.length;
        long rest = value;
        do {
            digits[--start] = (byte) ('0' + Math.abs(rest % 10));
            rest /= 10;
        } while (rest != 0);
        if (value < 0) {
            digits[--start] = '-';
        }
        checksum.update(digits, start, digits.length - start);
        checksum.update(0);
    }

    /** Adds a number in the form that all equal numbers share; NaN and the infinities are their own. */
    void addNumber(String number) {
        String canonical = Character.isLetter(number.charAt(number.length() - 1))
                ? number
                : new BigDecimal(number).stripTrailingZeros().toPlainString();
        checksum.update(canonical.getBytes(StandardCharsets.US_ASCII));
        checksum.update(0);
    }

    int partition(int partitions) {
        return (int) ((checksum.getValue() >>> 1) % partitions);
    }

    long value() {
        return checksum.getValue();
    }
}
