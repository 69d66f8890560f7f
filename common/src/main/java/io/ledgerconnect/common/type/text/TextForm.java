package io.ledgerconnect.common.type.text;

import java.nio.ByteBuffer;

/**
 * Turns one PostgreSQL type's binary wire format into the text that the server itself would write for it, with
 * {@code DateStyle} ISO, {@code IntervalStyle} postgres and {@code TimeZone} UTC; such text can be read back by any
 * server. Thread-safe.
 */
public interface TextForm {
    /**
     * Appends the text of the value of {@code length} bytes at the buffer's position, and moves the buffer, which an
     * array backs, past it.
     *
     * @throws io.ledgerconnect.common.type.TypeLookupException when the type of a row's field cannot be found
     * @throws RuntimeException another one, when the bytes are not of the type's format
     */
    void append(ByteBuffer in, int length, StringBuilder out);

    /** The text alone. */
    default String text(ByteBuffer in, int length) {
        StringBuilder out = new StringBuilder();
        append(in, length, out);
        return out.toString();
    }
}
