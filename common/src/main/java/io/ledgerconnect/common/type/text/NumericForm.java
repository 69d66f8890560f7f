package io.ledgerconnect.common.type.text;

import io.ledgerconnect.common.type.Numerics;
import java.nio.ByteBuffer;

/** {@code numeric}: every digit, none rounded. */
enum NumericForm implements TextForm {
    NUMERIC {
        @Override
        public void append(ByteBuffer in, int length, StringBuilder out) {
            int sign = Numerics.sign(in);
            if (Numerics.isSpecial(sign)) {
                Numerics.skipSpecial(in);
                out.append(special(sign));
            } else {
                out.append(Numerics.read(in).toPlainString());
            }
        }
    };

    private static String special(int sign) {
        return switch (sign) {
            case Numerics.NAN -> "NaN";
            case Numerics.POSITIVE_INFINITY -> "Infinity";
            default -> "-Infinity";
        };
    }
}
