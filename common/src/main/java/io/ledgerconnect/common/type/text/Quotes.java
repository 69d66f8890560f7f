package io.ledgerconnect.common.type.text;

/** Quoting of the parts of a text: elements of arrays, fields of rows, bounds of ranges, lexemes. */
final class Quotes {
    private Quotes() {}

    /** An element of an array, as {@code array_out} quotes it. */
    static void appendElement(String text, char delimiter, StringBuilder out) {
        boolean plain = !text.isEmpty() && !text.equalsIgnoreCase("NULL") && isPlain(text, "\"\\{}" + delimiter);
        if (plain) {
            out.append(text);
        } else {
            appendQuoted(text, '\\', '\\', out);
        }
    }

    /** A field of a row, as {@code record_out} quotes it. */
    static void appendField(String text, StringBuilder out) {
        appendDoubling(text, "\"\\(),", out);
    }

    /** A bound of a range, as {@code range_out} quotes it. */
    static void appendBound(String text, StringBuilder out) {
        appendDoubling(text, "\"\\()[],", out);
    }

    private static void appendDoubling(String text, String special, StringBuilder out) {
        if (!text.isEmpty() && isPlain(text, special)) {
            out.append(text);
        } else {
            appendQuoted(text, '"', '\\', out);
        }
    }

    /** In double quotes; a quote in it follows {@code beforeQuote}, a backslash {@code beforeBackslash}. */
    private static void appendQuoted(String text, char beforeQuote, char beforeBackslash, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                out.append(beforeQuote);
            } else if (c == '\\') {
                out.append(beforeBackslash);
            }
            out.append(c);
        }
        out.append('"');
    }

    private static boolean isPlain(String text, String special) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (special.indexOf(c) >= 0 || isSpace(c)) {
                return false;
            }
        }
        return true;
    }

    /** As the server's scanner sees it: Unicode's other spaces are letters to it. */
    private static boolean isSpace(char c) {
        return c == ' ' || (c >= '\t' && c <= '\r');
    }
}
