package io.ledgerconnect.source.record;

import io.ledgerconnect.common.type.PgType;
import io.ledgerconnect.common.type.Representation;
import io.ledgerconnect.common.type.TypeCodecs;
import io.ledgerconnect.common.type.UnsupportedTypeException;
import java.util.Optional;
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

    /**
     * A type that the server says it can send in binary form, and cannot, as it is made of one that has none: the
     * stream would end with an error at its first value.
     */
    public static Optional<PgType> withoutBinary(PgType type) {
        return partsOf(type)
                .flatMap(part -> Stream.concat(
                        part.hasBinary() ? Stream.empty() : Stream.of(part), withoutBinary(part).stream()))
                .filter(part -> type.hasBinary())
                .findFirst();
    }

    private static Stream<PgType> partsOf(PgType type) {
        return switch (type.kind()) {
            case 'c', 'r', 'm' -> type.parts().stream();
            case 'd' -> Stream.of(type.base());
            default -> type.isArray() ? Stream.of(type.element()) : Stream.empty();
        };
    }
}
