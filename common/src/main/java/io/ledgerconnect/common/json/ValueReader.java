package io.ledgerconnect.common.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/** Reads values of one schema; null never reaches it. Made once per schema by {@link ValueReaders}. */
@FunctionalInterface
interface ValueReader {
    /**
     * Reads the value that begins with the parser's current token, and leaves the parser at its last.
     *
     * @throws UnusualException when it is not written as the schema's values are
     */
    Object read(JsonParser in) throws IOException;

    static void require(JsonToken token, JsonParser in) {
        if (in.currentToken() != token) {
            throw new UnusualException("another token than expected");
        }
    }
}
