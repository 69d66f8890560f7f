package io.ledgerconnect.common.json;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Generators of the kind that Kafka's converter uses, which decides what is escaped and how. */
final class JsonText {
    /** Nothing stands between one value and the next. */
    private static final JsonFactory JSON = new JsonFactory().setRootValueSeparator(null);

    private JsonText() {}

    static JsonGenerator generator(OutputStream out) {
        try {
            return JSON.createGenerator(out, JsonEncoding.UTF8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @throws UncheckedIOException when UTF-8 has no form for the text, which has half of a surrogate pair */
    static String quoted(String text) {
        ByteArrayOutputStream quoted = new ByteArrayOutputStream();
        try (JsonGenerator out = generator(quoted)) {
            out.writeString(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return quoted.toString(StandardCharsets.UTF_8);
    }
}
