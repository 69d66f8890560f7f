package io.ledgerconnect.source.record;

import io.ledgerconnect.common.type.PgType;
import io.ledgerconnect.common.type.Representation;
import io.ledgerconnect.common.type.TypeCodecs;
import io.ledgerconnect.common.type.UnsupportedTypeException;
import java.util.stream.Stream;

/** Types that no codec is for, such as those of extensions: their values are captured as the server's texts. */
public final class UnknownTypes {
    /** What is captured in their place. */
    public static final PgType TEXT = PgType.base(25, "text");

    private UnknownTypes() {}

    /** Whether a codec reads all values of the type: of a composite one, where it reads all its fields. */
    public static boolean isKnown(PgType type, int typeModifier, Representation representation) {
        try {
            TypeCodecs.forColumn(type, typeModifier, representation);
            return partsOf(type).allMatch(part -> isKnown(part, -1, representation));
        } catch (UnsupportedTypeException e) {
            return false;
        }
    }

    private static Stream<PgType> partsOf(PgType type) {
        return switch (type.kind()) {
            case 'c' -> type.parts().stream();
            case 'd' -> Stream.of(type.base());
            default -> type.isArray() ? Stream.of(type.element()) : Stream.empty();
        };
    }
}
