package io.ledgerconnect.cli.audit;

import io.ledgerconnect.cli.audit.Difference.Kind;
import io.ledgerconnect.cli.audit.SideReader.Counted;
import io.ledgerconnect.cli.audit.SideReader.Digest;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Finds the rows that only one side of a table without a key has, or has more often: rows that are equal in all columns
 * are counted. By buckets of their hashes, so that only those are fetched that differ.
 */
final class UnkeyedRows {
    /**
     * So many rows share a bucket that fetching a few of them is cheap; so many differ at once only where much does.
     */
    private static final int MOST_BUCKETS = 64;

    private final TableFindings findings;
    private final SideReader ledger;
    private final SideReader reporting;
    private final String position;

    UnkeyedRows(TableFindings findings, SideReader ledger, SideReader reporting, String position) {
        this.findings = findings;
        this.ledger = ledger;
        this.reporting = reporting;
        this.position = position;
    }

    void compare() throws SQLException {
        Map<Integer, Digest> left = ledger.buckets();
        Map<Integer, Digest> right = reporting.buckets();
        List<Integer> differing = left.keySet().stream()
                .filter(bucket -> !left.get(bucket).isOfSameRows(right.getOrDefault(bucket, Digest.NONE)))
                .toList();
        List<Integer> extra = right.keySet().stream()
                .filter(bucket -> !left.containsKey(bucket))
                .toList();
        List<Integer> all = Stream.concat(differing.stream(), extra.stream())
                .limit(MOST_BUCKETS)
                .toList();
        compare(ledger.counted(all), reporting.counted(all));
    }

    private void compare(Map<Long, Counted> left, Map<Long, Counted> right) {
        left.forEach((hash, row) -> {
            Counted other = right.get(hash);
            add(Kind.MISSING, row, row.rows() - (other == null ? 0 : other.rows()));
        });
        right.forEach((hash, row) -> {
            Counted other = left.get(hash);
            add(Kind.EXTRA, row, row.rows() - (other == null ? 0 : other.rows()));
        });
    }

    private void add(Kind kind, Counted row, long surplus) {
        for (long i = 0; i < surplus && !findings.isFull(); i++) {
            findings.add(Difference.of(kind, new Key(List.of(row.name())), position));
        }
    }
}
