package io.ledgerconnect.cli.audit;

import io.ledgerconnect.cli.ExitStatus;
import io.ledgerconnect.cli.connection.Environment;
import io.ledgerconnect.cli.connection.LedgerOptions;
import io.ledgerconnect.cli.connection.Store;
import io.ledgerconnect.cli.connection.StoreOptions;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
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
    private final Environment environment;

    @Mixin
    private StoreOptions storeOptions;

    @Mixin
    private LedgerOptions ledgerOptions;

    @Mixin
    private AuditOptions options;

    @Option(
            names = "--html",
            paramLabel = "FILE",
            description = "Writes the result with its evidence as one page, which needs nothing else.")
    private Path page;

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
        Store store = storeOptions.resolve(environment);
        AuditPage.requireWritable(page);
        LedgerOptions.Ledger ledger = ledgerOptions.resolve(environment, storeOptions.rest());
        AuditProgress progress = new AuditProgress(spec.commandLine().getErr(), quiet || json);
        AuditResult result = options.audit(environment, ledger, store, storeOptions::connectorState, progress)
                .run(options.tables());
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(AuditJson.of(result, options.showsValues()).toPrettyString());
        } else {
            AuditText.print(result, out);
        }
        if (page != null) {
            AuditPage.write(page, result);
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
}
