package io.ledgerconnect.source.offset;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/**
 * A captured table and what tells its rows apart. It decides in which partition a row's history lies, so a stream keeps
 * to it, whatever the catalogue says later.
 *
 * @param oid of the table: another table may come under its name, and it may go under another
 * @param width number of columns that the ledger sends
 * @param parts in key order; empty when the table has no key
 */
public record TableKey(int oid, int width, List<Part> parts) {
    /**
     * A column of a key.
     *
     * @param place among the columns that the ledger sends, from 0
     * @param kind how it enters the hash; equal kinds give equal values the same hash
     */
    public record Part(String column, int place, String kind) {}

    public List<String> columns() {
        return parts.stream().map(Part::column).toList();
    }

    /** {@code 16385/7/book:2:number,line:0:uuid}, names and kinds percent-encoded. */
    String encode() {
        StringJoiner text = new StringJoiner(",", Integer.toUnsignedString(oid) + '/' + width + '/', "");
        for (Part part : parts) {
            text.add(URLEncoder.encode(part.column, StandardCharsets.UTF_8)
                    + ':'
                    + part.place
                    + ':'
                    + URLEncoder.encode(part.kind, StandardCharsets.UTF_8));
        }
        return text.toString();
    }

    /** @throws IllegalArgumentException when the text is not such a key */
    static TableKey decode(String text) {
        String[] fields = text.split("/", -1);
        if (fields.length != 3) {
            throw new IllegalArgumentException("its field 'keys' is malformed");
        }
        List<Part> parts = new ArrayList<>();
        for (String part : fields[2].isEmpty() ? new String[0] : fields[2].split(",", -1)) {
            String[] column = part.split(":", -1);
            if (column.length != 3) {
                throw new IllegalArgumentException("its field 'keys' is malformed");
            }
            parts.add(new Part(
                    URLDecoder.decode(column[0], StandardCharsets.UTF_8),
                    Integer.parseInt(column[1]),
                    URLDecoder.decode(column[2], StandardCharsets.UTF_8)));
        }
        return new TableKey(Integer.parseUnsignedInt(fields[0]), Integer.parseInt(fields[1]), List.copyOf(parts));
    }
}
