package io.ledgerconnect.common.json;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/**
 * Writes values of one schema as JSON; null never reaches it. Made once per schema by {@link ValueWriters}.
 *
 * <p>To the generator, numbers and texts are a row of values that stand alone: braces, commas and names are written
 * raw, names encoded beforehand. Its bookkeeping of where it is would cost more than the writing.
 */
@FunctionalInterface
interface ValueWriter {
    /** May have written a part of the value when it throws, which it does for every value not of its schema. */
    void write(Object value, JsonGenerator out) throws IOException;
}
