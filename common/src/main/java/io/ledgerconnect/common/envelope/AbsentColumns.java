package io.ledgerconnect.common.envelope;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The value of the header {@link EnvelopeFields#ABSENT_HEADER}, in both directions: {@code columns/NAME/NAME}, names
 * percent-encoded as in a form.
 *
 * <p>The literal in front keeps header converters from guessing another type: a column may be called {@code null},
 * {@code 01} or {@code 2024-01-01}.
 */
public final class AbsentColumns {
    private static final String PREFIX = "columns/";

    private AbsentColumns() {}

    /** The header's text; there must be a column. */
    public static String encode(Collection<String> columns) {
        if (columns.isEmpty()) {
            throw new IllegalArgumentException("A record without absent columns has no header for them");
        }
        StringBuilder text = new StringBuilder("columns");
        columns.forEach(column -> text.append('/').append(URLEncoder.encode(column, StandardCharsets.UTF_8)));
        return text.toString();
    }

    /**
     * The columns that a header names.
     *
     * @throws IllegalArgumentException when the text is not of this form
     */
    public static Set<String> decode(String text) {
        if (!text.startsWith(PREFIX)) {
            throw malformed(text, null);
        }
        Set<String> columns = new LinkedHashSet<>();
        for (String name : text.substring(PREFIX.length()).split("/", -1)) {
            if (name.isEmpty()) {
                throw malformed(text, null);
            }
            columns.add(decoded(name, text));
        }
        return columns;
    }

    private static String decoded(String name, String text) {
        try {
            return URLDecoder.decode(name, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw malformed(text, e);
        }
    }

    private static IllegalArgumentException malformed(String text, Exception cause) {
        return new IllegalArgumentException(
                "the header " + EnvelopeFields.ABSENT_HEADER + " reads '" + text
                        + "', which is not of the form columns/NAME/NAME: something between source and sink rewrote it",
                cause);
    }
}
