package io.ledgerconnect.common.type;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.connect.data.Schema;

/**
 * Writes text to a column whose type would silently keep something else: {@code varchar(n)} cuts off blanks that do not
 * fit, {@code char(n)} does not tell blanks at the end from none. Such a text is refused. What else does not fit is the
 * server's to refuse.
 */
record WholeText(TypeCodec codec, Limit limit) implements CheckedCodec {
    private static final int NAME_BYTES = 63;
    private static final int MOST_UTF8_BYTES = 3;
    private static final int MODIFIER_OFFSET = 4;

    /** What a column would not keep as it is. */
    private interface Limit {
        /** @throws UnwritableValueException when the text is no such */
        void check(String text);
    }

    /** {@code codec} itself where the column keeps every text that it takes. */
    static TypeCodec of(TypeCodec codec, PgType type, int typeModifier, Schema schema) {
        int length = typeModifier - MODIFIER_OFFSET;
        if (type.name().equals("name")) {
            return new WholeText(codec, WholeText::checkName);
        }
        if (typeModifier < 0) {
            return codec; // without a length nothing is cut and nothing padded
        }
        return switch (type.name()) {
            case "varchar" -> new WholeText(codec, text -> checkBlanks(text, length));
            case "bpchar" -> padded(codec, length, DefaultColumnTypes.declaration(schema));
            default -> codec;
        };
    }

    private static TypeCodec padded(TypeCodec codec, int length, String declaration) {
        if (declaration.startsWith("character(") || declaration.equals("bpchar")) {
            return codec; // blanks at the end mean nothing in the ledger either
        }
        boolean blanksCount = declaration.equals("text") || declaration.startsWith("character varying");
        int exempt = blanksCount ? -1 : length;
        return new WholeText(codec, text -> checkPadding(text, exempt));
    }

    private static void checkBlanks(String text, int length) {
        if (text.length() > length && text.endsWith(" ") && text.codePointCount(0, text.length()) > length) {
            throw new UnwritableValueException("the text is longer than the " + length
                    + " characters that the column keeps, and ends with blanks, which the server would cut off");
        }
    }

    /** @param exempt a length that needs no padding and so comes out as it went in; -1 for none */
    private static void checkPadding(String text, int exempt) {
        if (text.endsWith(" ") && text.codePointCount(0, text.length()) != exempt) {
            throw new UnwritableValueException(
                    "the text ends with blanks, which a column of the type char does not tell from its padding");
        }
    }

    private static void checkName(String text) {
        if (text.length() * MOST_UTF8_BYTES > NAME_BYTES && text.getBytes(StandardCharsets.UTF_8).length > NAME_BYTES) {
            throw new UnwritableValueException("the text is longer than the " + NAME_BYTES + " bytes of a name");
        }
    }

    @Override
    public void write(Object value, BinaryWriter out) {
        limit.check((String) value);
        codec.write(value, out);
    }
}
