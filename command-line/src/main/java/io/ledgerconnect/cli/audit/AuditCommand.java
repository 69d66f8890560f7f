package io.ledgerconnect.cli.audit;

import io.ledgerconnect.cli.ExitStatus;
import io.ledgerconnect.cli.connection.Environment;
import io.ledgerconnect.cli.connection.LedgerOptions;
import io.ledgerconnect.cli.connection.Store;
import io.ledgerconnect.cli.connection.StoreOptions;
import io.ledgerconnect.cli.wait.TimeLimit;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Compares a ledger and its reporting store as of one position. */
@Command(
        name = "audit",
        description = {
            "Compares a ledger and its reporting store as of one position, while both are written, and names every"
                    + " difference by table and key.",
            "Exit status: 0 equal, 1 different, 2 not understood or not reachable, 3 undecided: the reporting store did"
                    + " not become complete through the position, or rows changed too often."
        },
        mixinStandardHelpOptions = true)
public final class AuditCommand implements Callable<Integer> {
    private static final int LEAF_ROWS = 500;

    private final Environment environment;

    @Mixin
    private StoreOptions storeOptions;

    @Mixin
    private LedgerOptions ledgerOptions;

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
            names = "--timeout",
            paramLabel = "DURATION",
            defaultValue = "10m",
            converter = TimeLimit.class,
            description =
                    "Longest wait until the reporting store is complete through the position, or the ledger's open"
                            + " transactions have ended; ${DEFAULT-VALUE} by default.")
    private Duration timeout;

    @Option(
            names = "--parallel",
            paramLabel = "N",
            defaultValue = "2",
            description = "Statements that run at once in each database; ${DEFAULT-VALUE} by default.")
    private int parallel;

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

    @Option(names = "--no-store", description = "Does not store the result in ledger_connect.audit.")
    private boolean isNotStored;

    @Option(names = "--quiet", description = "Says nothing of the progress.")
    private boolean quiet;

    @Option(names = "--json", description = "For programs.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    public AuditCommand(Environment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws SQLException, InterruptedException {
        requirePositive("--parallel", parallel);
        requirePositive("--range-rows", rangeRows);
        requirePositive("--max-differences", mostDifferences);
        Store store = storeOptions.resolve(environment);
        AuditResult result = audit(store).run();
        if (json) {
            spec.commandLine()
                    .getOut()
                    .println(AuditJson.of(result, showsValues).toPrettyString());
        } else {
            AuditText.print(result, spec.commandLine().getOut());
        }
        if (!isNotStored) {
            AuditStore.keep(store, result).ifPresent(spec.commandLine().getErr()::println);
        }
        return switch (result.verdict()) {
            case EQUAL -> ExitStatus.OK;
            case DIFFERENT -> ExitStatus.NOT_SO;
            case UNDECIDED -> ExitStatus.STOPPED;
        };
    }

    private Audit audit(Store store) {
        LedgerOptions.Ledger ledger = ledgerOptions.resolve(environment, storeOptions.rest());
        boolean keepsDeleted = store.connector()
                .flatMap(sink -> sink.get("delete.enabled"))
                .map("false"::equalsIgnoreCase)
                .orElse(false);
        return new Audit(
                ledger.address(),
                store,
                storeOptions::connectorState,
                new CapturedColumns(ledger.connector(), ignored),
                tables,
                new AuditSettings(
                        timeout,
                        parallel,
                        rangeRows,
                        Math.min(LEAF_ROWS, rangeRows),
                        rounds,
                        mostDifferences,
                        keepsDeleted,
                        showsValues),
                new AuditProgress(spec.commandLine().getErr(), quiet || json));
    }

    private void requirePositive(String option, int value) {
        if (value < 1) {
            throw new ParameterException(spec.commandLine(), option + " must be 1 or more");
        }
    }
}
