package io.ledgerconnect.cli.wait;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ledgerconnect.cli.ExitStatus;
import io.ledgerconnect.cli.connection.Environment;
import io.ledgerconnect.cli.connection.StoreOptions;
import io.ledgerconnect.cli.status.StatusJson;
import io.ledgerconnect.cli.wait.Completion.Result;
import java.sql.SQLException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Waits until everything through a position or a time is in the reporting store. */
@Command(
        name = "wait",
        description = {
            "Waits until everything through a position or a time is in the reporting store.",
            "Exit status: 0 reached, 1 the time is up, 2 not understood or not reachable, 3 a gap lies before it, or the"
                    + " connector has stopped."
        },
        mixinStandardHelpOptions = true)
public final class WaitCommand implements Callable<Integer> {
    private final Environment environment;

    @Mixin
    private StoreOptions options;

    @Option(
            names = "--through",
            required = true,
            paramLabel = "LSN|TIME",
            description = "A position such as 0/16B3748, a time with its offset, or a date or time in --zone. A date"
                    + " means its first moment.")
    private String through;

    @Option(names = "--zone", paramLabel = "ZONE", description = "Time zone, such as Asia/Seoul.")
    private ZoneId zone;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            defaultValue = "1h",
            converter = TimeLimit.class,
            description = "Longest wait, such as 30s, 5m or 2h; ${DEFAULT-VALUE} by default.")
    private Duration timeout;

    @Option(
            names = "--source",
            paramLabel = "LEDGER",
            description = "One ledger, by its database or as SYSTEM_ID/DATABASE; all that the pipeline has by default.")
    private String source;

    @Option(names = "--json", description = "For programs.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    public WaitCommand(Environment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws SQLException, InterruptedException {
        Through target = Through.parse(through, zone);
        CompletionWait wait = new CompletionWait(options.resolve(environment), source, options::connectorState);
        Completion completion = wait.until(target, timeout);
        print(target, completion);
        return switch (completion.result()) {
            case REACHED -> ExitStatus.OK;
            case TIMED_OUT -> ExitStatus.NOT_SO;
            case STOPPED -> ExitStatus.STOPPED;
        };
    }

    private void print(Through target, Completion completion) {
        boolean reached = completion.result() == Result.REACHED;
        if (json) {
            ObjectNode answer = StatusJson.of(completion.statuses(), Optional.empty())
                    .put("through", target.toString())
                    .put("result", completion.result().name().toLowerCase(Locale.ROOT))
                    .put("waited_seconds", completion.waited().toMillis() / 1000.0)
                    .put("stop", completion.stop().orElse(null));
            spec.commandLine().getOut().println(answer.toPrettyString());
        } else if (reached) {
            completion
                    .statuses()
                    .forEach(status -> spec.commandLine()
                            .getOut()
                            .println("Pipeline " + status.pipeline() + " is complete through "
                                    + status.lsn().orElseThrow()
                                    + status.time().map(time -> ", " + time).orElse("") + " of ledger "
                                    + status.source() + '.'));
        } else {
            spec.commandLine().getErr().println(completion.describe(target));
        }
    }
}
