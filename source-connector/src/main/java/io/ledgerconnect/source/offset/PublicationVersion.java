package io.ledgerconnect.source.offset;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeMap;

/**
 * Which version of a publication changes were read through. PostgreSQL marks every version of a catalogue row with the
 * transaction that wrote it ({@code xmin}), so what was altered and altered back is another version.
 *
 * @param publication version of the publication itself: what it publishes of all its tables; empty when unknown
 * @param tables by the table's OID, the version of what makes it a member; empty for a publication of all tables
 */
public record PublicationVersion(String publication, Map<Integer, String> tables) {
    public static final PublicationVersion UNKNOWN = new PublicationVersion("", Map.of());

    public boolean isKnown() {
        return !publication.isEmpty();
    }

    /** The tables that are not published as they were in {@code before}; those that came in addition are not meant. */
    public Set<Integer> changedSince(PublicationVersion before) {
        Set<Integer> changed = new HashSet<>(before.tables.keySet());
        changed.removeIf(oid -> before.tables.get(oid).equals(tables.get(oid)));
        return changed;
    }

    /** The same of some tables only. */
    public PublicationVersion of(Set<Integer> oids) {
        Map<Integer, String> some = new HashMap<>(tables);
        some.keySet().retainAll(oids);
        return new PublicationVersion(publication, Map.copyOf(some));
    }

    /** {@code 16400.742/16385:16401.743,16390:16402.743}. */
    String encode() {
        StringJoiner text = new StringJoiner(",", publication + '/', "");
        new TreeMap<>(tables).forEach((oid, version) -> text.add(Integer.toUnsignedString(oid) + ':' + version));
        return isKnown() ? text.toString() : "";
    }

    /** @throws IllegalArgumentException when the text is not such a version */
    static PublicationVersion decode(String text) {
        if (text.isEmpty()) {
            return UNKNOWN;
        }
        String[] fields = text.split("/", -1);
        if (fields.length != 2) {
            throw new IllegalArgumentException("its field 'publication' is malformed");
        }
        Map<Integer, String> tables = new HashMap<>();
        for (String member : fields[1].isEmpty() ? new String[0] : fields[1].split(",", -1)) {
            String[] parts = member.split(":", -1);
            if (parts.length != 2) {
                throw new IllegalArgumentException("its field 'publication' is malformed");
            }
            tables.put(Integer.parseUnsignedInt(parts[0]), parts[1]);
        }
        return new PublicationVersion(fields[0], Map.copyOf(tables));
    }
}
