package io.ledgerconnect.common.type.text;

import java.nio.ByteBuffer;

/**
 * Geometric types: float8 coordinates; paths and polygons after an int32 number of points, paths after a closed flag.
 */
enum GeometryForms implements TextForm {
    POINT {
        @Override
        public void append(ByteBuffer in, int length, StringBuilder out) {
            appendPoint(in, out);
        }
    },
    SEGMENT {
        @Override
        public void append(ByteBuffer in, int length, StringBuilder out) {
            appendPoints(in, 2, out.append('['));
            out.append(']');
        }
    },
    BOX {
        @Override
        public void append(ByteBuffer in, int length, StringBuilder out) {
            appendPoints(in, 2, out);
        }
    },
    LINE {
        @Override
        public void append(ByteBuffer in, int length, StringBuilder out) {
            FloatText.append(in.getDouble(), out.append('{'));
            FloatText.append(in.getDouble(), out.append(','));
            FloatText.append(in.getDouble(), out.append(','));
            out.append('}');
        }
    },
    PATH {
        @Override
        public void append(ByteBuffer in, int length, StringBuilder out) {
            boolean closed = in.get() != 0;
            appendPoints(in, in.getInt(), out.append(closed ? '(' : '['));
            out.append(closed ? ')' : ']');
        }
    },
    POLYGON {
        @Override
        public void append(ByteBuffer in, int length, StringBuilder out) {
            appendPoints(in, in.getInt(), out.append('('));
            out.append(')');
        }
    },
    CIRCLE {
        @Override
        public void append(ByteBuffer in, int length, StringBuilder out) {
            appendPoint(in, out.append('<'));
            FloatText.append(in.getDouble(), out.append(','));
            out.append('>');
        }
    };

    private static void appendPoints(ByteBuffer in, int count, StringBuilder out) {
        for (int i = 0; i < count; i++) {
            appendPoint(in, i == 0 ? out : out.append(','));
        }
    }

    private static void appendPoint(ByteBuffer in, StringBuilder out) {
        FloatText.append(in.getDouble(), out.append('('));
        FloatText.append(in.getDouble(), out.append(','));
        out.append(')');
    }
}
