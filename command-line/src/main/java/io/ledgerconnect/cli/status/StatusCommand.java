package io.ledgerconnect.cli.status;

import io.ledgerconnect.cli.CommandException;
import io.ledgerconnect.cli.ExitStatus;
import io.ledgerconnect.cli.connection.ConnectorState;
import io.ledgerconnect.cli.connection.Environment;
import io.ledgerconnect.cli.connection.Store;
import io.ledgerconnect.cli.connection.StoreOptions;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints how far each pipeline is. Exit status 3 where one stands before a gap, or its connector has stopped. */
@Command(
        name = "status",
        description = {
            "Tells through which ledger position and time each pipeline has everything, the lag, what was refused below"
                    + " it, the first gap, and what each channel waits for.",
            "Exit status: 0 no gap, 2 not understood or not reachable, 3 a gap, or the connector has stopped."
        },
        mixinStandardHelpOptions = true)
public final class StatusCommand implements Callable<Integer> {
    private final Environment environment;

    @Mixin
    private StoreOptions options;

    @Option(names = "--json", description = "For programs.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    public StatusCommand(Environment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws SQLException {
        Store store = options.resolve(environment);
        Optional<ConnectorState> connector = options.connectorState();
        List<PipelineStatus> statuses = read(store);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(StatusJson.of(statuses, connector).toPrettyString());
        } else {
            StatusText.print(statuses, connector, out);
        }
        boolean stopped = statuses.stream().anyMatch(status -> status.firstGap().isPresent())
                || connector.map(ConnectorState::hasStopped).orElse(false);
        return stopped ? ExitStatus.STOPPED : ExitStatus.OK;
    }

    private static List<PipelineStatus> read(Store store) throws SQLException {
        try (Connection connection = store.connect()) {
            List<PipelineStatus> statuses =
                    new StatusReader(connection).read(store.pipeline().orElse(null));
            if (statuses.isEmpty()) {
                throw new CommandException(store.pipeline()
                        .map(name -> "No pipeline '" + name + "' has written to the " + store.address() + " yet.")
                        .orElse("No pipeline has written to the " + store.address() + " yet."));
            }
            return statuses;
        }
    }
}
