package io.ledgerconnect.common.type.text;

import java.nio.ByteBuffer;

/**
 * {@code inet} and {@code cidr}: a byte each for family (2: IPv4, 3: IPv6), length of the network's prefix in bits,
 * whether it is a cidr, and number of address bytes; then those. {@code macaddr} and {@code macaddr8}: bytes.
 */
enum NetworkForms implements TextForm {
    INET {
        @Override
        public void append(ByteBuffer in, int length, StringBuilder out) {
            in.get();
            int bits = in.get() & 0xFF;
            boolean isCidr = in.get() != 0;
            byte[] address = new byte[in.get()];
            in.get(address);
            if (address.length == V4_BYTES) {
                appendV4(address, 0, out);
            } else {
                appendV6(address, out);
            }
            if (isCidr || bits != address.length * Byte.SIZE) {
                out.append('/').append(bits);
            }
        }
    },
    MAC {
        @Override
        public void append(ByteBuffer in, int length, StringBuilder out) {
            for (int i = 0; i < length; i++) {
                int part = in.get() & 0xFF;
                out.append(i == 0 ? "" : ":").append(part < 16 ? "0" : "").append(Integer.toHexString(part));
            }
        }
    };

    private static final int V4_BYTES = 4;
    private static final int WORDS = 8;

    private static void appendV4(byte[] address, int begin, StringBuilder out) {
        for (int i = 0; i < V4_BYTES; i++) {
            out.append(i == 0 ? "" : ".").append(address[begin + i] & 0xFF);
        }
    }

    /** The longest run of two or more zero words is "::"; an embedded IPv4 address is written as one. */
    private static void appendV6(byte[] address, StringBuilder out) {
        int[] words = new int[WORDS];
        for (int i = 0; i < WORDS; i++) {
            words[i] = (address[2 * i] & 0xFF) << Byte.SIZE | (address[2 * i + 1] & 0xFF);
        }
        int runBegin = -1;
        int runLength = 1;
        for (int i = 0; i < WORDS; i++) {
            int end = i;
            while (end < WORDS && words[end] == 0) {
                end++;
            }
            if (end - i > runLength) {
                runBegin = i;
                runLength = end - i;
            }
        }
        for (int i = 0; i < WORDS; i++) {
            if (runBegin >= 0 && i >= runBegin && i < runBegin + runLength) {
                out.append(i == runBegin ? ":" : "");
                continue;
            }
            out.append(i == 0 ? "" : ":");
            if (i == 6 && runBegin == 0 && embedsV4(words, runLength)) {
                appendV4(address, 2 * i, out);
                return;
            }
            out.append(Integer.toHexString(words[i]));
        }
        if (runBegin >= 0 && runBegin + runLength == WORDS) {
            out.append(':');
        }
    }

    private static boolean embedsV4(int[] words, int zeros) {
        return zeros == 6 || (zeros == 7 && words[7] != 1) || (zeros == 5 && words[5] == 0xFFFF);
    }
}
