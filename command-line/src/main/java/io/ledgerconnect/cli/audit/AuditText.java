package io.ledgerconnect.cli.audit;

import io.ledgerconnect.cli.TextTable;
import io.ledgerconnect.cli.audit.AuditedTable.Pair;
import io.ledgerconnect.cli.audit.Difference.Kind;
import io.ledgerconnect.cli.wait.Completion;
import io.ledgerconnect.cli.wait.Through;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** An audit's result for people. */
final class AuditText {
    private AuditText() {}

    static void print(AuditResult result, PrintWriter out) {
        if (result.completion().result() != Completion.Result.REACHED) {
            out.println("UNDECIDED: " + result.completion().describe(new Through.Position(result.position())));
            return;
        }
        TextTable table = new TextTable("table", "rows", "missing", "extra", "different", "undecided", "");
        result.tables().forEach(findings -> addTo(table, findings));
        table.print(out);
        result.absent()
                .forEach(name -> out.println(name + " has rows in the ledger, and no reporting table has them."));
        result.gone().forEach(name -> out.println(name + " is not in the ledger any more, so it was not compared."));
        result.tables().forEach(findings -> printDetails(findings, out));
        out.println();
        out.println(sentence(result));
    }

    private static void addTo(TextTable table, TableFindings findings) {
        String more = findings.isFull() ? "+" : "";
        table.add(
                findings.table().name(),
                String.format(Locale.ROOT, "%,d", findings.ledgerRows()),
                findings.count(Kind.MISSING) + more,
                findings.count(Kind.EXTRA) + findings.count(Kind.DOUBLED) + more,
                findings.count(Kind.DIFFERENT) + more,
                String.valueOf(findings.undecided().size()),
                findings.isEqual() ? "equal" : "DIFFERENT");
    }

    private static void printDetails(TableFindings findings, PrintWriter out) {
        AuditedTable table = findings.table();
        if (!table.missing().isEmpty()) {
            out.println(table.name() + ": " + table.target() + " lacks " + table.missing()
                    + ". If the source leaves these out, give --source-connector, or --ignore-column.");
        }
        table.leftOut()
                .forEach(column ->
                        out.println(table.name() + ": not compared: " + column.column() + " (" + column.why() + ')'));
        table.columns()
                .forEach(pair -> pair.rule()
                        .ifPresent(rule -> out.println(table.name() + ": compared by what " + rule.setting()
                                + " makes of it: " + pair.name())));
        SumLine.of(findings).forEach(line -> out.println(table.name() + ": " + line.describe()));
        if (findings.kept() > 0) {
            out.println(
                    table.name() + ": " + findings.kept() + " rows that the ledger has deleted, which the sink keeps.");
        }
        if (!table.canBeRebuilt()) {
            out.println(table.name() + " was not compared: it has no key, and rows were updated or deleted, so that the"
                    + " lines of " + table.target() + " do not tell which rows there are.");
        } else if (!table.hasKey() && !findings.undecided().isEmpty()) {
            out.println(table.name() + " has other rows than " + table.target() + ", which may be because rows were"
                    + " changed meanwhile: without its key they cannot be looked at again.");
        }
        findings.differences().forEach(difference -> out.println(line(table, difference)));
        if (findings.isFull()) {
            out.println(table.name() + ": there are more differences; --max-differences names more of them.");
        }
    }

    private static String line(AuditedTable table, Difference difference) {
        if (!table.hasKey()) {
            return table.name() + ", compared without a key: row " + difference.key()
                    + (difference.kind() == Kind.MISSING ? " is missing in " : " is in excess in ") + table.target()
                    + " as of " + difference.position();
        }
        String names = table.key().stream().map(Pair::name).collect(Collectors.joining("/"));
        return table.name() + " " + names + " " + difference.key() + ": "
                + switch (difference.kind()) {
                    case MISSING -> "missing in " + table.target();
                    case EXTRA -> "only in " + table.target();
                    case DOUBLED -> "more than once in " + table.target();
                    case DIFFERENT -> "differs in " + columns(difference);
                }
                + " as of " + difference.position();
    }

    static String columns(Difference difference) {
        List<String> names = difference.columns();
        if (difference.ledgerTexts().isEmpty()) {
            return String.join(", ", names);
        }
        return IntStream.range(0, names.size())
                .mapToObj(i ->
                        names.get(i) + " (ledger " + difference.ledgerTexts().get(i) + ", reporting "
                                + difference.reportingTexts().get(i) + ")")
                .collect(Collectors.joining(", "));
    }

    private static String sentence(AuditResult result) {
        String where = "as of " + result.position() + " of ledger " + result.source();
        String rows = String.format(
                Locale.ROOT,
                "%,d rows in %.1f s",
                result.rows(),
                result.duration().toMillis() / 1000.0);
        return switch (result.verdict()) {
            case EQUAL -> "EQUAL " + where + ": " + rows + '.';
            case DIFFERENT -> "DIFFERENT " + where + ": " + result.differences() + " differences; " + rows + '.';
            case UNDECIDED ->
                "UNDECIDED " + where + ": no difference was found, but " + result.undecided()
                        + " could not be decided, after " + result.rechecks() + " later looks; " + rows + '.';
        };
    }
}
