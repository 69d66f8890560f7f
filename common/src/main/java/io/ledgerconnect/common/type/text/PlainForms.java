package io.ledgerconnect.common.type.text;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.UUID;

/** Types of one value without parts. */
enum PlainForms implements TextForm {
    /** Whatever is text on the wire. */
    TEXT {
        @Override
        public void append(ByteBuffer in, int length, StringBuilder out) {
            out.append(utf8(in, length));
        }
    },
    /** A version byte before the text: jsonb, jsonpath, ltree and its kin. */
    VERSIONED_TEXT {
        @Override
        public void append(ByteBuffer in, int length, StringBuilder out) {
            byte version = in.get();
            if (version != 1) {
                throw new IllegalArgumentException("format version " + version);
            }
            out.append(utf8(in, length - 1));
        }
    },
    BOOL {
        @Override
        public void append(ByteBuffer in, int length, StringBuilder out) {
            out.append(in.get() == 0 ? 'f' : 't');
        }
    },
    /** One byte, written as the server does: printable ASCII as it is, others in octal. */
    CHAR {
        @Override
        public void append(ByteBuffer in, int length, StringBuilder out) {
            int code = in.get() & 0xFF;
            if (code >= 0x80) {
                out.append('\\').append(Integer.toOctalString(code));
            } else if (code != 0) {
                out.append((char) code);
            }
        }
    },
    INTEGER {
        @Override
        public void append(ByteBuffer in, int length, StringBuilder out) {
            switch (length) {
                case Short.BYTES -> out.append(in.getShort());
                case Integer.BYTES -> out.append(in.getInt());
                default -> out.append(in.getLong());
            }
        }
    },
    UNSIGNED {
        @Override
        public void append(ByteBuffer in, int length, StringBuilder out) {
            out.append(
                    length == Integer.BYTES
                            ? Integer.toUnsignedString(in.getInt())
                            : Long.toUnsignedString(in.getLong()));
        }
    },
    /** Hundredths, without the currency, which is a setting of the server. */
    MONEY {
        @Override
        public void append(ByteBuffer in, int length, StringBuilder out) {
            out.append(BigDecimal.valueOf(in.getLong(), 2).toPlainString());
        }
    },
    FLOAT4 {
        @Override
        public void append(ByteBuffer in, int length, StringBuilder out) {
            FloatText.append(in.getFloat(), out);
        }
    },
    FLOAT8 {
        @Override
        public void append(ByteBuffer in, int length, StringBuilder out) {
            FloatText.append(in.getDouble(), out);
        }
    },
    UUID_TEXT {
        @Override
        public void append(ByteBuffer in, int length, StringBuilder out) {
            out.append(new UUID(in.getLong(), in.getLong()));
        }
    },
    BYTEA {
        @Override
        public void append(ByteBuffer in, int length, StringBuilder out) {
            byte[] bytes = new byte[length];
            in.get(bytes);
            out.append("\\x").append(HexFormat.of().formatHex(bytes));
        }
    },
    /** int32 number of bits, then the bits, the first the highest of its byte. */
    BITS {
        @Override
        public void append(ByteBuffer in, int length, StringBuilder out) {
            int bits = in.getInt();
            int begin = in.position();
            for (int i = 0; i < bits; i++) {
                int octet = in.get(begin + i / Byte.SIZE);
                out.append((octet >> (Byte.SIZE - 1 - i % Byte.SIZE) & 1) == 0 ? '0' : '1');
            }
            in.position(begin + length - Integer.BYTES);
        }
    },
    LSN {
        @Override
        public void append(ByteBuffer in, int length, StringBuilder out) {
            String high = Integer.toHexString(in.getInt());
            String low = Integer.toHexString(in.getInt());
            out.append((high + '/' + low).toUpperCase(java.util.Locale.ROOT));
        }
    },
    TUPLE_ID {
        @Override
        public void append(ByteBuffer in, int length, StringBuilder out) {
            out.append('(')
                    .append(Integer.toUnsignedString(in.getInt()))
                    .append(',')
                    .append(in.getShort() & 0xFFFF)
                    .append(')');
        }
    },
    /** int32 number of transactions in progress, int64 xmin, xmax, and those. */
    SNAPSHOT {
        @Override
        public void append(ByteBuffer in, int length, StringBuilder out) {
            int running = in.getInt();
            out.append(in.getLong()).append(':').append(in.getLong()).append(':');
            for (int i = 0; i < running; i++) {
                out.append(i == 0 ? "" : ",").append(in.getLong());
            }
        }
    };

    static String utf8(ByteBuffer in, int length) {
        int begin = in.arrayOffset() + in.position();
        in.position(in.position() + length);
        return new String(in.array(), begin, length, StandardCharsets.UTF_8);
    }
}
