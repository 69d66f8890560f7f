package io.ledgerconnect.common.type;

import java.nio.ByteBuffer;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;

/**
 * One PostgreSQL type in one representation: its binary wire format (as {@code typsend} writes and {@code typreceive}
 * reads it) ↔ a Connect value. Serves binary pgoutput, COPY BINARY out and COPY BINARY in. Immutable, resolved once per
 * column; null never reaches it.
 */
public interface TypeCodec {
    /** A new, required schema of this representation. */
    SchemaBuilder schema();

    /**
     * The codec for a column whose schema was made from {@link #schema}, such as an optional one: Connect refuses a
     * struct in a field unless both have equal schemas, so a codec that reads structs must know the field's.
     */
    default TypeCodec of(Schema column) {
        return this;
    }

    /**
     * Reads {@code length} bytes and moves the buffer, which an array backs, past them. Call it on what {@link #of}
     * gives.
     *
     * @throws org.apache.kafka.connect.errors.DataException when the representation has no form for the value
     * @throws TypeLookupException when the type of a composite's field cannot be found
     * @throws RuntimeException another one, when the bytes are not of the type's format
     */
    Object read(ByteBuffer in, int length);

    /** Whether values of {@code schema} can be written to a column of this type without loss. */
    boolean accepts(Schema schema);

    /**
     * Whether {@link #write} appends the value's text, to a column of the type text or an array of it, which the server
     * then has to cast to the type.
     */
    default boolean writesText() {
        return false;
    }

    /**
     * Appends the binary form, without a length. May have appended a part of it when it throws.
     *
     * @throws UnwritableValueException when this value does not fit the type
     */
    void write(Object value, BinaryWriter out);
}
