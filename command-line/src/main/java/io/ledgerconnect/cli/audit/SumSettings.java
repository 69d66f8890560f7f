package io.ledgerconnect.cli.audit;

import io.ledgerconnect.cli.audit.AuditedTable.Pair;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which columns are summed. Nothing is, unless it is asked for: sums are amounts of money.
 *
 * @param columns {@code schema.table.column}; empty for none
 * @param group the name of the column by whose values sums are told apart, where a table has it
 */
record SumSettings(Optional<Pattern> columns, String group) {
    private static final Set<String> NUMBERS = Set.of("int2", "int4", "int8", "numeric");

    /** Those of a table's columns; columns that are no exact numbers are passed over. */
    Sums.Columns of(String table, List<Pair> pairs) {
        List<Pair> summed = pairs.stream()
                .filter(pair -> columns.isPresent()
                        && pair.rule().isEmpty()
                        && NUMBERS.contains(pair.ledger().base())
                        && columns.get().matcher(table + '.' + pair.name()).matches())
                .toList();
        Optional<Pair> by = pairs.stream()
                .filter(pair -> pair.rule().isEmpty() && pair.name().equals(group))
                .findFirst();
        return new Sums.Columns(by, summed);
    }
}
