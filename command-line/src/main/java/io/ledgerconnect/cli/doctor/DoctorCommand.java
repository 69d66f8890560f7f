package io.ledgerconnect.cli.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import io.ledgerconnect.cli.CommandException;
import io.ledgerconnect.cli.connection.ConnectRest;
import io.ledgerconnect.cli.connection.ConnectorSettings;
import io.ledgerconnect.cli.connection.Environment;
import io.ledgerconnect.cli.connection.LedgerOptions;
import io.ledgerconnect.cli.connection.SqlText;
import io.ledgerconnect.cli.connection.StoreOptions;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Looks at everything a pipeline stands on. */
@Command(
        name = "doctor",
        description = {
            "Looks at servers, worker, connectors, slot, publication and topics, and says what is wrong, what it means for"
                    + " the data, and what mends it. Changes nothing.",
            "Exit status: 0 nothing is wrong, 1 something is, 2 not all could be looked at, 3 the pipeline has stopped."
        },
        mixinStandardHelpOptions = true)
public final class DoctorCommand implements Callable<Integer> {
    private static final String SOURCE = "LedgerSourceConnector";
    private static final String SINK = "ReportingSinkConnector";

    private final Environment environment;
    private final Diagnosis diagnosis = new Diagnosis();

    @Mixin
    private StoreOptions storeOptions;

    @Mixin
    private LedgerOptions ledgerOptions;

    @Option(
            names = "--kafka",
            paramLabel = "HOST:PORT",
            description = "Kafka's brokers, to look at topics; Connect's REST API does not show them.")
    private String kafka;

    @Option(
            names = "--kafka-config",
            paramLabel = "FILE",
            description = "Client settings for --kafka, such as how to log in.")
    private Path kafkaConfig;

    @Option(
            names = "--worker-config",
            paramLabel = "FILE",
            description = "The worker's own settings, which its REST API does not show.")
    private Path workerConfig;

    @Option(names = "--json", description = "For programs.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    public DoctorCommand(Environment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() {
        ConnectRest rest =
                storeOptions.rest(environment).orElseThrow(() -> new CommandException("Which worker? Give --connect."));
        new WorkerChecks(rest, diagnosis).look();
        boolean transactions = worker();
        storeOptions.useConnector(() -> find(rest, SINK, "--connector"));
        ledgerOptions.useConnector(() -> find(rest, SOURCE, "--source-connector"));
        Optional<ConnectorSettings> source = ledgerOptions.connectorSettings(environment, Optional.of(rest));
        Optional<ConnectorSettings> sink = storeOptions.connectorSettings(environment, Optional.of(rest));
        source.ifPresent(settings -> new ConnectorChecks(rest, settings, diagnosis).look());
        sink.ifPresent(settings -> new ConnectorChecks(rest, settings, diagnosis).look());
        new SettingChecks(source, sink, diagnosis).look(transactions);
        attempt("ledger", () -> ledger(rest, source));
        source.ifPresent(settings -> attempt("topics", () -> topics(settings)));
        attempt("reporting store", () -> new StoreChecks(storeOptions.resolve(environment), diagnosis).look());
        print(spec.commandLine().getOut());
        return diagnosis.exitStatus();
    }

    private void print(PrintWriter out) {
        if (json) {
            out.println(DoctorJson.of(diagnosis).toPrettyString());
        } else {
            DoctorText.print(diagnosis, out);
        }
    }

    private boolean worker() {
        if (workerConfig == null) {
            diagnosis.didNotLook(
                    "worker settings", "--worker-config names no file, and the REST API does not show them");
            return false;
        }
        WorkerFileChecks checks = new WorkerFileChecks(workerConfig, diagnosis);
        checks.look();
        return checks.sendsTransactions();
    }

    /** The only connector of a class; null where there is none. */
    private String find(ConnectRest rest, String kind, String option) {
        List<String> names = new ArrayList<>();
        for (JsonNode name : rest.get("/connectors").orElseThrow()) {
            String found = rest.config(name.asText()).getOrDefault("connector.class", "");
            if (found.substring(found.lastIndexOf('.') + 1).equals(kind)) {
                names.add(name.asText());
            }
        }
        if (names.size() > 1) {
            throw new CommandException(
                    "The worker has several connectors of the class " + kind + ", " + names + ": give " + option + '.');
        }
        if (names.isEmpty()) {
            diagnosis.problem(
                    "worker " + rest.worker(),
                    "No connector there is a " + kind + '.',
                    "Start one, as README.md says under Configuring.");
            return null;
        }
        return names.get(0);
    }

    private void ledger(ConnectRest rest, Optional<ConnectorSettings> source) throws SQLException {
        LedgerOptions.Ledger ledger = ledgerOptions.resolve(environment, Optional.of(rest));
        try (Connection connection = ledger.address().connect()) {
            new LedgerChecks(connection, diagnosis).look(source);
        }
    }

    private void topics(ConnectorSettings source) {
        if (kafka == null) {
            diagnosis.didNotLook("topics", "--kafka names no brokers, and the REST API does not show them");
            return;
        }
        TopicChecks checks = new TopicChecks(source, diagnosis);
        checks.look(KafkaTopics.read(kafka, kafkaConfig, checks::isOurs));
    }

    private interface Look {
        void look() throws SQLException;
    }

    private void attempt(String subject, Look look) {
        try {
            look.look();
        } catch (CommandException e) {
            diagnosis.couldNotSee(subject, e.getMessage());
        } catch (SQLException e) {
            diagnosis.couldNotSee(subject, "It cannot be asked " + SqlText.describe(e));
        }
    }
}
