package io.ledgerconnect.cli.audit;

import io.ledgerconnect.cli.CommandException;
import io.ledgerconnect.cli.connection.ConnectorSettings;
import io.ledgerconnect.cli.connection.ConnectorState;
import io.ledgerconnect.cli.connection.Environment;
import io.ledgerconnect.cli.connection.LedgerOptions;
import io.ledgerconnect.cli.connection.PasswordFile;
import io.ledgerconnect.cli.connection.Store;
import io.ledgerconnect.cli.wait.TimeLimit;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** What is compared, and how much of the databases that may take. */
final class AuditOptions {
    static final String HMAC_VARIABLE = "LEDGER_CONNECT_HMAC_KEY";
    private static final String HMAC_KEY = "column.mask.hmac.key";
    private static final int LEAF_ROWS = 500;

    @Option(
            names = "--tables",
            paramLabel = "REGEX",
            defaultValue = ".*",
            description = "Ledger tables, schema.table; all of the pipeline by default.")
    private Pattern tables;

    @Option(
            names = "--ignore-column",
            paramLabel = "REGEX",
            description = "Columns that are not compared, schema.table.column; may be given several times.")
    private List<String> ignored = List.of();

    @Option(
            names = "--rename-column",
            paramLabel = "COLUMN=NAME",
            description = "A column, schema.table.column, and its name in the reporting table; may be given several"
                    + " times.")
    private List<String> renamed = List.of();

    @Option(
            names = "--hmac-key-file",
            paramLabel = "FILE",
            description = "File whose first line is the source connector's " + HMAC_KEY + "; or " + HMAC_VARIABLE
                    + ". Without it, columns that it hashes are not compared.")
    private Path hmacKeyFile;

    @Option(
            names = "--sums",
            paramLabel = "REGEX",
            description = "Columns, schema.table.column, whose sums are told; none by default.")
    private Pattern summed;

    @Option(
            names = "--sums-by",
            paramLabel = "COLUMN",
            defaultValue = "currency",
            description =
                    "Column by whose values sums are told apart, where a table has it; ${DEFAULT-VALUE} by default.")
    private String sumGroup;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            defaultValue = "10m",
            converter = TimeLimit.class,
            description =
                    "Longest wait until the reporting store is complete through the position, or the ledger's open"
                            + " transactions have ended; ${DEFAULT-VALUE} by default.")
    private Duration timeout;

    @Option(
            names = {"--threads", "--parallel"},
            paramLabel = "N",
            defaultValue = "2",
            description = "Statements that run at once in each database; ${DEFAULT-VALUE} by default.")
    private int parallel;

    @Option(
            names = "--pace",
            paramLabel = "ROWS",
            defaultValue = "0",
            description = "Rows of the ledger that are read in a second, at most; no limit by default.")
    private int pace;

    @Option(
            names = "--range-rows",
            paramLabel = "N",
            defaultValue = "100000",
            description = "Rows in one digest; ${DEFAULT-VALUE} by default.")
    private int rangeRows;

    @Option(
            names = "--rechecks",
            paramLabel = "N",
            defaultValue = "10",
            description = "How often rows that have changed are looked at again, each time at a later position;"
                    + " ${DEFAULT-VALUE} by default.")
    private int rounds;

    @Option(
            names = "--max-differences",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Differences that are named of a table; ${DEFAULT-VALUE} by default.")
    private int mostDifferences;

    @Option(
            names = "--show-values",
            description = "Shows the values of columns that differ. They are not stored in ledger_connect.audit.")
    private boolean showsValues;

    Duration timeout() {
        return timeout;
    }

    Pattern tables() {
        return tables;
    }

    boolean showsValues() {
        return showsValues;
    }

    private AuditSettings settings(Environment environment, Optional<ConnectorSettings> source, boolean keepsDeleted) {
        requireAtLeast("--threads", parallel, 1);
        requireAtLeast("--range-rows", rangeRows, 1);
        requireAtLeast("--max-differences", mostDifferences, 1);
        requireAtLeast("--pace", pace, 0);
        return new AuditSettings(
                timeout,
                parallel,
                rangeRows,
                Math.min(LEAF_ROWS, rangeRows),
                rounds,
                mostDifferences,
                keepsDeleted,
                showsValues,
                pace,
                new SumSettings(Optional.ofNullable(summed), sumGroup),
                hmacKey(environment, source));
    }

    /** An audit of what is given. */
    Audit audit(
            Environment environment,
            LedgerOptions.Ledger ledger,
            Store store,
            Supplier<Optional<ConnectorState>> connector,
            AuditProgress progress) {
        boolean keepsDeleted = store.connector()
                .flatMap(sink -> sink.get("delete.enabled"))
                .map("false"::equalsIgnoreCase)
                .orElse(false);
        AuditSettings settings = settings(environment, ledger.connector(), keepsDeleted);
        return new Audit(ledger.address(), store, connector, columns(ledger.connector(), settings), settings, progress);
    }

    private CapturedColumns columns(Optional<ConnectorSettings> source, AuditSettings settings) {
        return new CapturedColumns(source, ignored, renamed, settings.hmacKey());
    }

    /** Empty where nobody says it; a placeholder that cannot be filled in says nothing. */
    private Optional<HmacKey> hmacKey(Environment environment, Optional<ConnectorSettings> source) {
        return Optional.ofNullable(PasswordFile.read(hmacKeyFile))
                .or(() -> Optional.ofNullable(environment.get(HMAC_VARIABLE)))
                .or(() -> source.flatMap(settings -> settings.resolvedIfKnown(HMAC_KEY)))
                .map(HmacKey::new);
    }

    private static void requireAtLeast(String option, int value, int least) {
        if (value < least) {
            throw new CommandException(option + " must be " + least + " or more.");
        }
    }
}
