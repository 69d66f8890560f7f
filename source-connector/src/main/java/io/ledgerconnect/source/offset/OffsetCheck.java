package io.ledgerconnect.source.offset;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * Tells whether an offset's fields are still those that were stored together. Its position under other sequences would
 * leave changes out, or number them twice, and nothing later would show it.
 */
public final class OffsetCheck {
    static final String FIELD = "check";

    /** An operator may empty it, to vouch for what an altered publication left out. */
    private static final String MAY_CHANGE = "publication";

    private OffsetCheck() {}

    /** Eight hexadecimal digits: CRC-32C of lines {@code name=value} in UTF-8, in the order of the names. */
    static String of(Map<String, ?> fields) {
        CRC32C sum = new CRC32C();
        new TreeMap<>(fields).forEach((name, value) -> {
            if (!name.equals(FIELD) && !name.equals(MAY_CHANGE)) {
                sum.update((name + '=' + value + '\n').getBytes(StandardCharsets.UTF_8));
            }
        });
        return String.format("%08x", sum.getValue());
    }

    /** False only when it is certain: versions before this one stored no check. */
    public static boolean isEdited(Map<String, ?> offset) {
        Object check = offset.get(FIELD);
        return check != null && !check.equals(of(offset));
    }
}
