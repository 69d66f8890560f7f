package io.ledgerconnect.source.record;

import io.ledgerconnect.source.decode.Tuple;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * The partition of a key. Computed from the key's wire bytes and not by a converter, so that every cluster has the same
 * one. It decides where a row's history lies: it must never change.
 *
 * <p>Definition: CRC-32C over the key columns in key order, each as its bytes in PostgreSQL's binary format followed by
 * a zero byte; {@code numeric}, whose bytes differ between equal values, as its decimal digits without trailing zeros.
 * The checksum's upper 31 bits modulo the number of partitions.
 */
final class KeyHash {
    private final CRC32C checksum = new CRC32C();

    void begin() {
        checksum.reset();
    }

    void add(Tuple row, int column) {
        row.checksum(column, checksum);
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
}
