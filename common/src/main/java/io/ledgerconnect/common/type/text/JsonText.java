package io.ledgerconnect.common.type.text;

/** Strings of JSON (RFC 8259, section 7). */
public final class JsonText {
    private static final char FIRST_PLAIN = 0x20;

    private JsonText() {}

    /** Appends a string in quotes. */
    public static void append(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < FIRST_PLAIN) {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }
}
