package io.ledgerconnect.cli.audit;

import io.ledgerconnect.cli.CommandException;
import io.ledgerconnect.cli.audit.AuditResult.Server;
import io.ledgerconnect.cli.audit.AuditResult.Verdict;
import io.ledgerconnect.cli.audit.AuditedTable.Pair;
import io.ledgerconnect.cli.audit.Difference.Kind;
import io.ledgerconnect.cli.wait.Completion;
import io.ledgerconnect.cli.wait.Through;
import io.ledgerconnect.common.Version;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/** An audit's result with its evidence as one HTML page, which loads nothing. */
final class AuditPage {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final AuditResult result;
    private final Html html = new Html();

    private AuditPage(AuditResult result) {
        this.result = result;
    }

    /** Fails before an audit is done that could not be written. */
    static void requireWritable(Path file) {
        if (file == null) {
            return;
        }
        Path directory = file.toAbsolutePath().getParent();
        if (directory == null
                || !Files.isDirectory(directory)
                || !Files.isWritable(directory)
                || Files.isDirectory(file)) {
            throw new CommandException("--html " + file + " cannot be written: it needs a directory that is there.");
        }
    }

    static void write(Path file, AuditResult result) {
        try {
            Files.writeString(file, of(result));
        } catch (IOException e) {
            throw new CommandException("--html " + file + " could not be written: " + e.getMessage(), e);
        }
    }

    static String of(AuditResult result) {
        return new AuditPage(result).page();
    }

    private String page() {
        html.raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
                .raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
                .raw("<meta name=\"color-scheme\" content=\"light dark\">\n")
                .raw("<meta http-equiv=\"Content-Security-Policy\"")
                .raw(" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n")
                .element("title", "Audit: " + headline())
                .raw("<style>\n" + style() + "</style>\n</head>\n<body>\n<main>\n");
        head();
        if (result.completion().result() == Completion.Result.REACHED) {
            tables();
            sums();
            differences();
            columns();
            meaning();
        }
        html.raw("<footer>")
                .element("p", "Written by ledger-connect " + Version.VERSION + " audit. " + values())
                .raw("</footer>\n</main>\n</body>\n</html>\n");
        return html.toString();
    }

    private String headline() {
        return result.verdict() + " as of " + result.position();
    }

    private void head() {
        html.raw("<header class=\"" + kind(result.verdict()) + "\">\n")
                .element("h1", headline())
                .element("p", sentence())
                .raw("</header>\n<dl>\n")
                .term("Pipeline", result.pipeline())
                .term("Ledger", result.source() + ", " + describe(result.ledger()))
                .term("Reporting store", describe(result.store()))
                .term("Position", result.position() + " in the ledger's WAL: everything that was committed before it")
                .term("Complete through", completeThrough())
                .term("Begun", TIME.format(result.begun()) + " UTC")
                .term(
                        "Took",
                        seconds(result.duration().toMillis() / 1000.0) + ", of which "
                                + seconds(result.completion().waited().toMillis() / 1000.0)
                                + " until the reporting store was complete through the position")
                .raw("</dl>\n");
    }

    private String sentence() {
        if (result.completion().result() != Completion.Result.REACHED) {
            return "Nothing was compared. " + result.completion().describe(new Through.Position(result.position()));
        }
        String rows = count(result.rows()) + " rows of " + result.tables().size() + " tables were compared";
        return switch (result.verdict()) {
            case EQUAL -> rows + ": the reporting store has exactly what the ledger had.";
            case DIFFERENT -> rows + ". " + count(result.differences()) + " differences are named below.";
            case UNDECIDED ->
                rows + ". No difference was found, but " + count(result.undecided()) + " rows could not be decided.";
        };
    }

    private static String describe(Server server) {
        return server.address() + ", PostgreSQL " + server.version();
    }

    private String completeThrough() {
        return result.completion().statuses().stream()
                .findFirst()
                .map(status -> status.lsn().orElse("nothing")
                        + status.time()
                                .map(time -> ", " + TIME.format(time) + " UTC")
                                .orElse(""))
                .orElse("unknown");
    }

    private void tables() {
        html.element("h2", "Tables")
                .table(
                        "Table",
                        "Reporting table",
                        "",
                        "Ledger rows#",
                        "Reporting rows#",
                        "Missing#",
                        "Extra#",
                        "Different#",
                        "Undecided#",
                        "Digest, ledger#",
                        "Digest, reporting store#",
                        "Time, ledger#",
                        "Time, reporting store#");
        result.tables().forEach(this::table);
        result.absent().forEach(name -> html.row("bad", 3, List.of(name, "none", "different")));
        result.gone().forEach(name -> html.row("open", 3, List.of(name, "not in the ledger any more", "not compared")));
        html.endTable();
    }

    private void table(TableFindings findings) {
        boolean open = !findings.undecided().isEmpty();
        String more = findings.isFull() ? "+" : "";
        html.row(
                kind(findings),
                3,
                List.of(
                        findings.table().name(),
                        findings.table().target().replace("\"", ""),
                        !findings.isEqual() ? "different" : open ? "undecided" : "equal",
                        count(findings.ledgerRows()),
                        count(findings.reportingRows()),
                        count(findings.count(Kind.MISSING)) + more,
                        count(findings.count(Kind.EXTRA) + findings.count(Kind.DOUBLED)) + more,
                        count(findings.count(Kind.DIFFERENT)) + more,
                        count(findings.undecided().size()),
                        digest(findings.ledgerDigest()),
                        digest(findings.reportingDigest()),
                        seconds(findings.ledgerSeconds()),
                        seconds(findings.reportingSeconds())));
    }

    private void sums() {
        List<TableFindings> summed = result.tables().stream()
                .filter(findings -> !findings.table().sums().isEmpty())
                .toList();
        if (summed.isEmpty()) {
            return;
        }
        html.element("h2", "Sums")
                .element(
                        "p",
                        "Of all rows as of the position. Rows that have changed or gone since were looked at one by"
                                + " one; what the ledger had in them stands in a column of its own.")
                .table("Table", "Column", "Of", "", "Ledger#", "Reporting store#", "Changed since#");
        for (TableFindings findings : summed) {
            for (SumLine line : SumLine.of(findings)) {
                html.row(
                        line.isEqual() ? "good" : "bad",
                        4,
                        List.of(
                                findings.table().name(),
                                line.column(),
                                line.group().orElse("all rows"),
                                line.isEqual() ? "equal" : "different",
                                line.ledger().toPlainString(),
                                line.reporting().toPlainString(),
                                line.changed().toPlainString()));
            }
        }
        html.endTable();
    }

    private void differences() {
        if (result.tables().stream().allMatch(findings -> findings.differences().isEmpty())) {
            return;
        }
        html.element("h2", "Differences").table("Table", "Key", "What", "Columns", "As of");
        for (TableFindings findings : result.tables()) {
            String names = String.join(
                    "/", findings.table().key().stream().map(Pair::name).toList());
            findings.differences()
                    .forEach(difference -> html.row(
                            "bad",
                            Integer.MAX_VALUE,
                            List.of(
                                    findings.table().name(),
                                    findings.table().hasKey()
                                            ? names + ' ' + difference.key()
                                            : "no key; row " + difference.key(),
                                    AuditJson.lower(difference.kind()),
                                    AuditText.columns(difference),
                                    difference.position())));
        }
        html.endTable();
    }

    private void columns() {
        html.element("h2", "Columns").raw("<ul>\n");
        for (TableFindings findings : result.tables()) {
            AuditedTable table = findings.table();
            long plain = table.columns().stream()
                    .filter(pair -> pair.rule().isEmpty())
                    .count();
            html.element("li", table.name() + ": " + plain + " columns were compared as they are.");
            table.columns()
                    .forEach(pair -> pair.rule()
                            .ifPresent(rule -> html.element(
                                    "li",
                                    table.name() + '.' + pair.name() + " was compared by what " + rule.setting()
                                            + " makes of it.")));
            table.columns().stream()
                    .filter(Pair::isRenamed)
                    .forEach(pair -> html.element(
                            "li",
                            table.name() + '.' + pair.name() + " was compared with "
                                    + pair.reporting().name() + '.'));
            table.leftOut()
                    .forEach(column -> html.element(
                            "li", table.name() + '.' + column.column() + " was not compared: " + column.why() + '.'));
            table.missing()
                    .forEach(column -> html.element(
                            "li",
                            table.name() + '.' + column + " is not in "
                                    + table.target().replace("\"", "") + '.'));
            if (findings.kept() > 0) {
                html.element(
                        "li",
                        table.name() + ": " + count(findings.kept())
                                + " rows that the ledger has deleted, which the sink keeps.");
            }
        }
        html.raw("</ul>\n");
    }

    private void meaning() {
        html.element("h2", "How it was done")
                .element(
                        "p",
                        "The ledger was read in one snapshot whose position is known: what was committed before the"
                                + " position is in it, and nothing else. The reporting store was read once it was complete through"
                                + " there; each of its rows says which change wrote it. A digest is the number and the sum of the"
                                + " hashes of rows that no later change has written; where digests of a range of keys differ, it is"
                                + " halved until rows are compared one by one.")
                .element(
                        "p",
                        (result.rechecks() == 0
                                        ? "No row had changed since."
                                        : "Rows that had changed since were looked at again at " + result.rechecks()
                                                + (result.rechecks() == 1 ? " later position." : " later positions."))
                                + " Neither side was stopped or locked.");
    }

    private String values() {
        boolean shown = result.tables().stream()
                .flatMap(findings -> findings.differences().stream())
                .anyMatch(difference -> !difference.ledgerTexts().isEmpty());
        return shown
                ? "It shows values of columns that differ, because that was asked for."
                : "It shows keys of rows that differ, and no other value of a row.";
    }

    private static String kind(Verdict verdict) {
        return switch (verdict) {
            case EQUAL -> "good";
            case DIFFERENT -> "bad";
            case UNDECIDED -> "open";
        };
    }

    private static String kind(TableFindings findings) {
        return !findings.isEqual() ? "bad" : findings.undecided().isEmpty() ? "good" : "open";
    }

    private static String digest(BigInteger sum) {
        return sum.toString(16);
    }

    private static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static String seconds(double seconds) {
        return String.format(Locale.ROOT, seconds < 10 ? "%.2f s" : "%,.1f s", seconds);
    }

    private static String style() {
        try (InputStream in = AuditPage.class.getResourceAsStream("audit.css")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
