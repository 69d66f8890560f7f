package io.ledgerconnect.common.type.text;

import java.nio.ByteBuffer;

/** Types that are made of others. */
final class NestedForms {
    private static final int RANGE_EMPTY = 0x01;
    private static final int LOWER_INCLUSIVE = 0x02;
    private static final int UPPER_INCLUSIVE = 0x04;
    private static final int LOWER_INFINITE = 0x08;
    private static final int UPPER_INFINITE = 0x10;

    private NestedForms() {}

    /**
     * Any number of dimensions: int32 dimensions, int32 has-nulls flag, int32 element type, per dimension int32 length
     * and int32 lower bound, then int32 length and bytes of each element.
     */
    record Array(TextForm element, char delimiter) implements TextForm {
        @Override
        public void append(ByteBuffer in, int length, StringBuilder out) {
            int dimensions = in.getInt();
            in.getInt();
            in.getInt();
            if (dimensions == 0) {
                out.append("{}");
                return;
            }
            int[] lengths = new int[dimensions];
            StringBuilder bounds = new StringBuilder();
            boolean unusual = false;
            for (int i = 0; i < dimensions; i++) {
                lengths[i] = in.getInt();
                int lower = in.getInt();
                unusual |= lower != 1;
                bounds.append('[')
                        .append(lower)
                        .append(':')
                        .append(lower + lengths[i] - 1)
                        .append(']');
            }
            if (unusual) {
                out.append(bounds).append('=');
            }
            append(in, lengths, 0, out);
        }

        private void append(ByteBuffer in, int[] lengths, int dimension, StringBuilder out) {
            out.append('{');
            for (int i = 0; i < lengths[dimension]; i++) {
                if (i > 0) {
                    out.append(delimiter);
                }
                if (dimension + 1 < lengths.length) {
                    append(in, lengths, dimension + 1, out);
                } else {
                    appendElement(in, out);
                }
            }
            out.append('}');
        }

        private void appendElement(ByteBuffer in, StringBuilder out) {
            int size = in.getInt();
            if (size < 0) {
                out.append("NULL");
            } else {
                Quotes.appendElement(element.text(in, size), delimiter, out);
            }
        }
    }

    /**
     * A row: int32 number of fields, then int32 type, int32 length and bytes of each. They are those that the row's
     * type had when the change was written; it may have been altered since.
     */
    record Row(FieldForms fields) implements TextForm {
        @Override
        public void append(ByteBuffer in, int length, StringBuilder out) {
            int count = in.getInt();
            out.append('(');
            for (int i = 0; i < count; i++) {
                out.append(i == 0 ? "" : ",");
                int type = in.getInt();
                int size = in.getInt();
                if (size >= 0) {
                    Quotes.appendField(fields.of(type).text(in, size), out);
                }
            }
            out.append(')');
        }
    }

    /** A byte of flags, then int32 length and bytes of each bound that there is. */
    record Range(TextForm bound) implements TextForm {
        @Override
        public void append(ByteBuffer in, int length, StringBuilder out) {
            int flags = in.get();
            if ((flags & RANGE_EMPTY) != 0) {
                out.append("empty");
                return;
            }
            out.append((flags & LOWER_INCLUSIVE) == 0 ? '(' : '[');
            if ((flags & LOWER_INFINITE) == 0) {
                Quotes.appendBound(bound.text(in, in.getInt()), out);
            }
            out.append(',');
            if ((flags & UPPER_INFINITE) == 0) {
                Quotes.appendBound(bound.text(in, in.getInt()), out);
            }
            out.append((flags & UPPER_INCLUSIVE) == 0 ? ')' : ']');
        }
    }

    /** int32 number of ranges, then int32 length and bytes of each. */
    record Multirange(TextForm range) implements TextForm {
        @Override
        public void append(ByteBuffer in, int length, StringBuilder out) {
            int count = in.getInt();
            out.append('{');
            for (int i = 0; i < count; i++) {
                range.append(in, in.getInt(), i == 0 ? out : out.append(','));
            }
            out.append('}');
        }
    }
}
