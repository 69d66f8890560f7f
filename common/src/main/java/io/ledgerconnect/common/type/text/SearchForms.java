package io.ledgerconnect.common.type.text;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

/** Full text search. */
enum SearchForms implements TextForm {
    /** int32 number of lexemes; each is a text, a zero byte, and uint16 positions after their uint16 number. */
    VECTOR {
        @Override
        public void append(ByteBuffer in, int length, StringBuilder out) {
            int count = in.getInt();
            for (int i = 0; i < count; i++) {
                appendLexeme(untilZero(in), i == 0 ? out : out.append(' '));
                int positions = in.getShort() & 0xFFFF;
                for (int j = 0; j < positions; j++) {
                    int position = in.getShort();
                    out.append(j == 0 ? ':' : ',').append(position & POSITION_MASK);
                    out.append(WEIGHTS[position >> WEIGHT_SHIFT & 3]);
                }
            }
        }
    },
    /** int32 number of items, operators before their operands: a byte 1 for a lexeme, 2 for an operator. */
    QUERY {
        @Override
        public void append(ByteBuffer in, int length, StringBuilder out) {
            if (in.getInt() > 0) {
                out.append(item(in).text);
            }
        }
    };

    private static final int POSITION_MASK = 0x3FFF;
    private static final int WEIGHT_SHIFT = 14;
    private static final String[] WEIGHTS = {"", "C", "B", "A"};
    private static final int LEXEME = 1;
    private static final int NOT = 1;
    private static final int AND = 2;
    private static final int OR = 3;
    private static final int PHRASE = 4;

    /** A part of a query, and how tightly its outermost operator binds. */
    private record Item(String text, int binding) {
        String within(int other, boolean alsoEqual) {
            boolean loose = binding < other || (alsoEqual && binding == other);
            return loose ? "( " + text + " )" : text;
        }
    }

    private static Item item(ByteBuffer in) {
        if (in.get() == LEXEME) {
            int weights = in.get();
            boolean prefix = in.get() != 0;
            StringBuilder text = new StringBuilder();
            appendLexeme(untilZero(in), text);
            appendRestriction(weights, prefix, text);
            return new Item(text.toString(), Integer.MAX_VALUE);
        }
        int operator = in.get();
        return switch (operator) {
            case NOT -> new Item("!" + item(in).within(binding(NOT), false), binding(NOT));
            case AND -> binary(in, " & ", binding(AND), false);
            case OR -> binary(in, " | ", binding(OR), false);
            case PHRASE -> {
                int distance = in.getShort();
                yield binary(in, distance == 1 ? " <-> " : " <" + distance + "> ", binding(PHRASE), true);
            }
            default -> throw new IllegalArgumentException("operator " + operator);
        };
    }

    /** The right operand comes first. */
    private static Item binary(ByteBuffer in, String operator, int binding, boolean rightGroups) {
        Deque<Item> operands = new ArrayDeque<>();
        operands.push(item(in));
        operands.push(item(in));
        String left = operands.pop().within(binding, false);
        String right = operands.pop().within(binding, rightGroups);
        return new Item(left + operator + right, binding);
    }

    /** Not binds tightest, then phrases, then and, then or. */
    private static int binding(int operator) {
        return switch (operator) {
            case OR -> 1;
            case AND -> 2;
            case PHRASE -> 3;
            default -> 4;
        };
    }

    private static void appendRestriction(int weights, boolean prefix, StringBuilder out) {
        if (weights == 0 && !prefix) {
            return;
        }
        out.append(':').append(prefix ? "*" : "");
        for (int weight = WEIGHTS.length - 1; weight >= 0; weight--) {
            if ((weights & 1 << weight) != 0) {
                out.append(weight == 0 ? "D" : WEIGHTS[weight]);
            }
        }
    }

    private static void appendLexeme(String lexeme, StringBuilder out) {
        out.append('\'').append(lexeme.replace("\\", "\\\\").replace("'", "''")).append('\'');
    }

    private static String untilZero(ByteBuffer in) {
        int length = 0;
        while (in.get(in.position() + length) != 0) {
            length++;
        }
        String text = PlainForms.utf8(in, length);
        in.get();
        return text;
    }
}
