package io.ledgerconnect.cli.audit;

import java.util.Set;

/**
 * What the source connector makes of a column's text before it sends it, as SQL on the ledger's side.
 *
 * @param setting that names the column
 * @param template with {@code %s} in the place of the text
 */
record ColumnRule(String setting, String template) {
    /** Types whose records have the text that the server writes. */
    private static final Set<String> TEXTS =
            Set.of("text", "varchar", "bpchar", "name", "citext", "json", "jsonb", "xml", "uuid");

    static ColumnRule mask(String setting, int length) {
        return new ColumnRule(setting, "CASE WHEN %s IS NOT NULL THEN repeat('*', " + length + ") END");
    }

    static ColumnRule truncate(String setting, int length) {
        return new ColumnRule(setting, "left(%s, " + length + ")");
    }

    static ColumnRule hmac(String setting) {
        return new ColumnRule(setting, HmacKey.SQL);
    }

    static boolean fits(Column column) {
        return TEXTS.contains(column.base());
    }

    /** The text that is sent of a column's value. {@code concat} keeps the blanks at the end of a {@code character}. */
    String sql(Column column) {
        String value = column.sql();
        return template.formatted(
                column.base().equals("bpchar")
                        ? "CASE WHEN " + value + " IS NOT NULL THEN concat(" + value + ") END"
                        : value + "::text");
    }
}
