package io.ledgerconnect.testbed.ledger;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The queries of an audit over one table, by the columns that both sides have.
 *
 * @param rows what stands after FROM, see {@link ValidRows}
 */
record Extract(String rows, List<String> key, List<String> columns, Optional<AuditedTable.Sum> sum) {

    Extract {
        key = List.copyOf(key);
        columns = List.copyOf(columns);
    }

    /** One row: number of rows, digest. */
    String digest() {
        return "SELECT count(*), coalesce(sum(" + hash() + "), 0) FROM " + rows + " t";
    }

    /** A row for each currency: currency, sum. */
    String sums(AuditedTable.Sum summed) {
        return "SELECT " + quoted(List.of(summed.currency()), "::text") + ", trim_scale(sum((" + summed.amount()
                + ")::numeric)) FROM " + rows + " t GROUP BY 1";
    }

    /** A row for each row, in the order of the keys: key, hash. */
    String hashes() {
        return "SELECT concat_ws('/', " + quoted(key, "::text") + ") COLLATE \"C\", " + hash() + " FROM " + rows + " t"
                + " ORDER BY 1, 2";
    }

    /** A row's text has its values quoted where needed, and tells null from an empty text. */
    private String hash() {
        return "hashtextextended(ROW(" + quoted(columns, "::text") + ")::text, 0)::numeric";
    }

    private static String quoted(Collection<String> columns, String suffix) {
        return columns.stream()
                .map(column -> '"' + column.replace("\"", "\"\"") + '"' + suffix)
                .collect(Collectors.joining(", "));
    }
}
