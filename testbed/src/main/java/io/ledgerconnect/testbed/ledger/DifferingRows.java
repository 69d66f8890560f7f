package io.ledgerconnect.testbed.ledger;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Finds rows that differ, by walking along both sides in the order of their keys. */
final class DifferingRows {
    /** Enough to see what they have in common. */
    private static final int SHOWN = 5;

    private DifferingRows() {}

    /** The keys of the first rows that differ or are on one side only, and on which. */
    static List<String> find(TableReader ledger, Extract source, TableReader reporting, Extract target)
            throws SQLException {
        try (Statement left = ledger.connection().createStatement();
                Statement right = reporting.connection().createStatement()) {
            return walk(new Cursor(ledger.hashes(left, source)), new Cursor(reporting.hashes(right, target)));
        }
    }

    private static List<String> walk(Cursor left, Cursor right) throws SQLException {
        List<String> differing = new ArrayList<>();
        while (differing.size() < SHOWN && (left.key != null || right.key != null)) {
            int order = left.compareTo(right);
            if (order < 0) {
                differing.add(left.key + " (in the ledger only)");
                left.advance();
            } else if (order > 0) {
                differing.add(right.key + " (in the reporting store only, or there once more)");
                right.advance();
            } else {
                if (left.hash.compareTo(right.hash) != 0) {
                    differing.add(left.key + " (other values)");
                }
                left.advance();
                right.advance();
            }
        }
        return differing;
    }

    /** The row at which one side is; the key is null behind the last one. */
    private static final class Cursor {
        private final ResultSet rows;
        private String key;
        private BigDecimal hash;

        Cursor(ResultSet rows) throws SQLException {
            this.rows = rows;
            advance();
        }

        void advance() throws SQLException {
            boolean atRow = rows.next();
            key = atRow ? rows.getString(1) : null;
            hash = atRow ? rows.getBigDecimal(2) : null;
        }

        int compareTo(Cursor other) {
            if (key == null || other.key == null) {
                return Boolean.compare(key == null, other.key == null);
            }
            return key.compareTo(other.key);
        }
    }
}
