package io.ledgerconnect.sink.read;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.connect.header.Header;

/** Header values as text, whichever converter made them. */
final class Headers {
    private Headers() {}

    static String text(Header header) {
        Object value = header.value();
        return value instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : String.valueOf(value);
    }
}
