package io.ledgerconnect.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Columns for a terminal, as wide as their longest value. */
public final class TextTable {
    private static final String GAP = "  ";
    private final List<List<String>> rows = new ArrayList<>();

    public TextTable(String... titles) {
        rows.add(List.of(titles));
    }

    public void add(String... values) {
        rows.add(List.of(values));
    }

    public void print(PrintWriter out) {
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.size(); i++) {
                line.append(row.get(i))
                        .append(" ".repeat(width(i) - row.get(i).length()))
                        .append(GAP);
            }
            out.println(line.toString().stripTrailing());
        }
    }

    private int width(int column) {
        return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    }
}
