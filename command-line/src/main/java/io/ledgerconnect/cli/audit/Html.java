package io.ledgerconnect.cli.audit;

import java.util.List;

/** Writes HTML piece by piece; every text that is given is escaped. Not thread-safe. */
final class Html {
    private final StringBuilder out = new StringBuilder();

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    /** Markup, as it is. */
    Html raw(String markup) {
        out.append(markup);
        return this;
    }

    Html element(String name, String text) {
        return raw("<" + name + '>').raw(escape(text)).raw("</" + name + ">\n");
    }

    /** One line of a list of terms. */
    Html term(String name, String text) {
        return raw("<dt>").raw(escape(name)).raw("</dt><dd>").raw(escape(text)).raw("</dd>\n");
    }

    /** A table's beginning; columns whose names end with {@code #} hold numbers. */
    Html table(String... columns) {
        raw("<div class=\"wide\"><table><thead><tr>");
        for (String column : columns) {
            boolean isNumber = column.endsWith("#");
            raw(isNumber ? "<th scope=\"col\" class=\"number\">" : "<th scope=\"col\">")
                    .raw(escape(isNumber ? column.substring(0, column.length() - 1) : column))
                    .raw("</th>");
        }
        return raw("</tr></thead><tbody>\n");
    }

    /**
     * A line of a table.
     *
     * @param kind {@code good}, {@code bad} or {@code open}
     * @param numbers from which cell on they are numbers; the cell before says the kind
     */
    Html row(String kind, int numbers, List<String> cells) {
        raw("<tr class=\"" + kind + "\">");
        for (int i = 0; i < cells.size(); i++) {
            raw(i >= numbers ? "<td class=\"number\">" : i == numbers - 1 ? "<td class=\"kind\">" : "<td>")
                    .raw(escape(cells.get(i)))
                    .raw("</td>");
        }
        return raw("</tr>\n");
    }

    Html endTable() {
        return raw("</tbody></table></div>\n");
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
