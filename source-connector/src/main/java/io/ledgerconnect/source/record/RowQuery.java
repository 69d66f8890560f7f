package io.ledgerconnect.source.record;

import io.ledgerconnect.common.type.PgType;
import io.ledgerconnect.common.type.text.TextForm;
import io.ledgerconnect.common.type.text.TextForms;
import io.ledgerconnect.source.decode.Relation;
import io.ledgerconnect.source.decode.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The statement that reads a row of a relation by its key, as it is in the ledger now. */
final class RowQuery {
    private record KeyColumn(int column, String name, TextForm form, String declaration) {}

    private final String copy;
    private final List<KeyColumn> key;

    private RowQuery(String copy, List<KeyColumn> key) {
        this.copy = copy;
        this.key = key;
    }

    /** Empty when a key column's type has no text that is known here. */
    static Optional<RowQuery> of(
            Relation relation,
            List<String> keyNames,
            List<PgType> types,
            List<String> declarations,
            Set<String> sentAsText) {
        List<KeyColumn> key = new ArrayList<>();
        for (int i = 0; i < relation.columns().size(); i++) {
            String name = relation.columns().get(i).name();
            if (keyNames.contains(name)) {
                Optional<TextForm> form = TextForms.find(types.get(i));
                if (form.isEmpty()) {
                    return Optional.empty();
                }
                key.add(new KeyColumn(i, quote(name), form.get(), declarations.get(i)));
            }
        }
        String columns = relation.columns().stream()
                .map(column -> quote(column.name()) + (sentAsText.contains(column.name()) ? "::text" : ""))
                .collect(Collectors.joining(", "));
        return Optional.of(new RowQuery(
                "COPY (SELECT " + columns + " FROM " + quote(relation.schema()) + '.' + quote(relation.table())
                        + " WHERE ",
                List.copyOf(key)));
    }

    /** For the row with the same key as {@code row}, which has all of its key's columns. */
    String copyOf(Tuple row) {
        return copy
                + key.stream()
                        .map(column -> column.name + " = '"
                                + column.form
                                        .text(row.at(column.column), row.length(column.column))
                                        .replace("'", "''")
                                + "'::" + column.declaration)
                        .collect(Collectors.joining(" AND "))
                + ") TO STDOUT (FORMAT binary)";
    }

    private static String quote(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
