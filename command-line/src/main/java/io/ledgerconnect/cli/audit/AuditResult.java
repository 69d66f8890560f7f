package io.ledgerconnect.cli.audit;

import io.ledgerconnect.cli.wait.Completion;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What an audit has found.
 *
 * @param ledger and {@code store}: where both are
 * @param position as of which both sides were compared
 * @param completion how the wait for it ended
 * @param absent ledger tables that have rows and no reporting table
 * @param gone tables that the ledger has no more, which were not compared
 * @param rechecks at how many later positions rows were looked at again
 */
record AuditResult(
        String pipeline,
        String source,
        Server ledger,
        Server store,
        String position,
        Instant begun,
        Completion completion,
        List<TableFindings> tables,
        List<String> absent,
        List<String> gone,
        int rechecks,
        Duration duration) {

    /**
     * A database server.
     *
     * @param address without what stands behind it in a JDBC URL
     * @param version such as {@code 18.1}
     */
    record Server(String address, String version) {}

    /** What it says of the reporting store. */
    enum Verdict {
        EQUAL,
        DIFFERENT,
        /** It is not complete through the position, or rows kept changing. */
        UNDECIDED
    }

    AuditResult {
        tables = List.copyOf(tables);
        absent = List.copyOf(absent);
        gone = List.copyOf(gone);
    }

    Verdict verdict() {
        if (!absent.isEmpty() || tables.stream().anyMatch(table -> !table.isEqual())) {
            return Verdict.DIFFERENT;
        }
        return completion.result() == Completion.Result.REACHED && undecided() == 0 ? Verdict.EQUAL : Verdict.UNDECIDED;
    }

    long undecided() {
        return tables.stream().mapToLong(table -> table.undecided().size()).sum();
    }

    long rows() {
        return tables.stream().mapToLong(TableFindings::ledgerRows).sum();
    }

    long differences() {
        return absent.size()
                + tables.stream()
                        .mapToLong(table -> table.differences().size()
                                + (table.table().missing().isEmpty() ? 0 : 1))
                        .sum();
    }
}
