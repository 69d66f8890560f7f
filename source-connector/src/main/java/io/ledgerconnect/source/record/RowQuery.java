package io.ledgerconnect.source.record;

import io.ledgerconnect.common.type.PgType;
import io.ledgerconnect.common.type.text.TextForm;
import io.ledgerconnect.common.type.text.TextForms;
import io.ledgerconnect.source.decode.Relation;
import io.ledgerconnect.source.decode.Tuple;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The statement that reads a row of a relation by its key, as it is in the ledger now. It names no more than it needs:
 * what else the relation had may be gone by now.
 */
final class RowQuery {
    private record KeyColumn(int column, String name, TextForm form, String declaration) {
        /** Has the key's value in both rows where it is out of line and did not change. */
        String condition(Tuple row, Tuple oldIdentity) {
            Tuple known = row.kind(column) == Tuple.UNCHANGED_TOAST && oldIdentity != null ? oldIdentity : row;
            return name + " = '"
                    + form.text(known.at(column), known.length(column)).replace("'", "''") + "'::" + declaration;
        }
    }

    private final String table;
    private final List<String> expressions;
    private final List<KeyColumn> key;

    private RowQuery(String table, List<String> expressions, List<KeyColumn> key) {
        this.table = table;
        this.expressions = expressions;
        this.key = key;
    }

    /** Empty when there is no key, or when a key column's type has no text that is known here. */
    static Optional<RowQuery> of(
            Relation relation,
            List<String> keyNames,
            List<PgType> types,
            List<String> declarations,
            Set<String> sentAsText) {
        if (keyNames.isEmpty()) {
            return Optional.empty();
        }
        List<KeyColumn> key = new ArrayList<>();
        List<String> expressions = new ArrayList<>();
        for (int i = 0; i < relation.columns().size(); i++) {
            String name = relation.columns().get(i).name();
            expressions.add(quote(name) + (sentAsText.contains(name) ? "::text" : ""));
            if (keyNames.contains(name)) {
                Optional<TextForm> form = TextForms.find(types.get(i));
                if (form.isEmpty()) {
                    return Optional.empty();
                }
                key.add(new KeyColumn(i, quote(name), form.get(), declarations.get(i)));
            }
        }
        return Optional.of(new RowQuery(
                quote(relation.schema()) + '.' + quote(relation.table()), List.copyOf(expressions), List.copyOf(key)));
    }

    /**
     * A COPY in binary form of the row with the same key as {@code row}, with its key and the columns at the places
     * {@code wanted}; the others are null.
     *
     * @param oldIdentity has key columns that are stored out of line and did not change
     * @throws io.ledgerconnect.common.type.TypeLookupException when a type that the key is made of cannot be found
     */
    String copyOf(Tuple row, Tuple oldIdentity, Set<Integer> wanted) {
        Set<Integer> selected = new HashSet<>(wanted);
        key.forEach(column -> selected.add(column.column));
        String columns = IntStream.range(0, expressions.size())
                .mapToObj(i -> selected.contains(i) ? expressions.get(i) : "NULL")
                .collect(Collectors.joining(", "));
        String conditions =
                key.stream().map(column -> column.condition(row, oldIdentity)).collect(Collectors.joining(" AND "));
        return "COPY (SELECT " + columns + " FROM " + table + " WHERE " + conditions + ") TO STDOUT (FORMAT binary)";
    }

    private static String quote(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
