package io.ledgerconnect.cli;

import io.ledgerconnect.cli.audit.AuditCommand;
import io.ledgerconnect.cli.audit.RepairCommand;
import io.ledgerconnect.cli.connection.Environment;
import io.ledgerconnect.cli.connection.SqlText;
import io.ledgerconnect.cli.doctor.DoctorCommand;
import io.ledgerconnect.cli.status.StatusCommand;
import io.ledgerconnect.cli.wait.WaitCommand;
import io.ledgerconnect.common.Version;
import java.sql.SQLException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.ParameterException;

/** {@code ledger-connect}, which has subcommands only. */
@Command(
        name = "ledger-connect",
        description =
                "Tells and proves what a reporting store has of a ledger, and mends what differs, through the pipeline.",
        mixinStandardHelpOptions = true,
        versionProvider = LedgerConnect.Versions.class,
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Exit status: 0 it is so, 1 it is not (timed out, different), 2 not understood or not reachable,"
                    + " 3 undecided: the pipeline stands before a gap or has stopped."
        })
public final class LedgerConnect {
    private LedgerConnect() {}

    static final class Versions implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"ledger-connect " + Version.VERSION};
        }
    }

    /** The command and its subcommands, which read variables of {@code environment} only. */
    public static CommandLine commandLine(Environment environment) {
        return new CommandLine(new LedgerConnect())
                .addSubcommand(new StatusCommand(environment))
                .addSubcommand(new WaitCommand(environment))
                .addSubcommand(new AuditCommand(environment))
                .addSubcommand(new RepairCommand(environment))
                .addSubcommand(new DoctorCommand(environment))
                .addSubcommand(new HelpCommand())
                .setParameterExceptionHandler(LedgerConnect::misunderstood)
                .setExecutionExceptionHandler((failure, command, parsed) -> failed(failure, command));
    }

    private static int misunderstood(ParameterException failure, String[] arguments) {
        CommandLine command = failure.getCommandLine();
        command.getErr().println(failure.getMessage());
        command.getErr().println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        return ExitStatus.ERROR;
    }

    private static int failed(Exception failure, CommandLine command) {
        command.getErr().println("ledger-connect: " + told(failure));
        return ExitStatus.ERROR;
    }

    private static String told(Exception failure) {
        if (failure instanceof CommandException) {
            return failure.getMessage();
        }
        if (failure instanceof SQLException sql) {
            return "A statement failed " + SqlText.describe(sql);
        }
        return "This should not have happened: " + failure;
    }
}
