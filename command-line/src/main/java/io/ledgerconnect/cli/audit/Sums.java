package io.ledgerconnect.cli.audit;

import io.ledgerconnect.cli.audit.AuditedTable.Pair;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Sums of a table's columns, for each value of one column, such as the currency. Not thread-safe. */
final class Sums {
    private final Map<String, List<BigDecimal>> groups = new TreeMap<>();

    /**
     * What is summed.
     *
     * @param group by whose values; empty for one sum of all rows
     */
    record Columns(Optional<Pair> group, List<Pair> columns) {
        static final Columns NONE = new Columns(Optional.empty(), List.of());

        Columns {
            columns = List.copyOf(columns);
        }

        boolean isEmpty() {
            return columns.isEmpty();
        }
    }

    Map<String, List<BigDecimal>> groups() {
        return groups;
    }

    /** Reads one group: its name, and a sum of each column after it, null where it has no number. */
    void read(ResultSet row, int first, int count) throws SQLException {
        List<BigDecimal> sums = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            BigDecimal sum = row.getBigDecimal(first + i);
            sums.add(sum == null ? BigDecimal.ZERO : sum);
        }
        String group = row.getString(first);
        add(group == null ? "" : group, sums);
    }

    void add(Sums other) {
        other.groups.forEach(this::add);
    }

    private void add(String group, List<BigDecimal> sums) {
        groups.merge(group, sums, (one, more) -> {
            List<BigDecimal> both = new ArrayList<>();
            for (int i = 0; i < one.size(); i++) {
                both.add(one.get(i).add(more.get(i)));
            }
            return both;
        });
    }

    /** The sum of a column in a group; 0 where there is none. */
    BigDecimal of(String group, int column) {
        List<BigDecimal> sums = groups.get(group);
        return sums == null ? BigDecimal.ZERO : sums.get(column);
    }
}
