package io.ledgerconnect.cli.connection;

import io.ledgerconnect.cli.CommandException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which reporting store is asked, and which pipeline: given here, or by the sink connector's configuration. */
public final class StoreOptions {
    public static final String URL_VARIABLE = "LEDGER_CONNECT_STORE";
    public static final String USER_VARIABLE = "LEDGER_CONNECT_STORE_USER";
    public static final String PASSWORD_VARIABLE = "LEDGER_CONNECT_STORE_PASSWORD";
    private static final String SINK_CLASS = "ReportingSinkConnector";

    @Option(
            names = "--store",
            paramLabel = "JDBC_URL",
            description = "Reporting store, such as jdbc:postgresql://host:5432/reporting; or " + URL_VARIABLE + ".")
    private String url;

    @Option(names = "--store-user", paramLabel = "ROLE", description = "Who logs in there; or " + USER_VARIABLE + ".")
    private String user;

    @Option(
            names = "--store-password-file",
            paramLabel = "FILE",
            description = "File whose first line is the role's password; or " + PASSWORD_VARIABLE + ", or ~/.pgpass.")
    private Path passwordFile;

    @Mixin
    private RestOptions restOptions;

    @Option(names = "--connector", paramLabel = "NAME", description = "The sink connector at --connect.")
    private String connector;

    @Option(names = "--pipeline", paramLabel = "NAME", description = "One pipeline; all of the store by default.")
    private String pipeline;

    private Optional<ConnectRest> rest = Optional.empty();

    /** The worker's REST API, where it is named, once this is resolved. */
    public Optional<ConnectRest> rest() {
        return rest;
    }

    /** The connector to ask about its state, where one is named, once this is resolved. */
    public Optional<ConnectorState> connectorState() {
        return connector == null ? Optional.empty() : rest.map(worker -> worker.state(connector));
    }

    /** Puts together what is given. */
    public Store resolve(Environment environment) {
        rest = restOptions.resolve(environment);
        Optional<ConnectorSettings> settings = connectorSettings(environment, rest);
        Given given = new Given(environment, settings);
        String foundUrl = given.value(url, "--store", URL_VARIABLE, "connection.url")
                .orElseThrow(() -> new CommandException("Which reporting store? Give --store, or " + URL_VARIABLE
                        + ", or --connect and --connector to take it from the sink connector."));
        DatabaseAddress address = new DatabaseAddress(
                "reporting store",
                checked(foundUrl, "--store", PASSWORD_VARIABLE),
                given.value(user, "--store-user", USER_VARIABLE, "connection.user")
                        .orElse(null),
                given.value(
                                PasswordFile.read(passwordFile),
                                "--store-password-file",
                                PASSWORD_VARIABLE,
                                "connection.password")
                        .orElse(null));
        return new Store(address, pipeline(settings), settings);
    }

    private Optional<String> pipeline(Optional<ConnectorSettings> settings) {
        return Optional.ofNullable(pipeline)
                .or(() -> settings.map(
                        of -> of.resolved("pipeline.name", "--pipeline").orElse(of.connector())));
    }

    /** The worker's REST API, where it is named. */
    public Optional<ConnectRest> rest(Environment environment) {
        return restOptions.resolve(environment);
    }

    /** Takes this connector unless one was named; null for none. */
    public void useConnector(Supplier<String> name) {
        connector = connector == null ? name.get() : connector;
    }

    /** The sink connector's configuration, where one is named. */
    public Optional<ConnectorSettings> connectorSettings(Environment environment, Optional<ConnectRest> of) {
        return Optional.ofNullable(connector).map(name -> settings(name, environment, of));
    }

    private static ConnectorSettings settings(String name, Environment environment, Optional<ConnectRest> of) {
        ConnectRest worker =
                of.orElseThrow(() -> new CommandException("--connector needs --connect: the worker that knows it."));
        ConnectorSettings settings = new ConnectorSettings(name, worker.config(name), environment);
        settings.requireClass(SINK_CLASS, "sink of Ledger Connect");
        return settings;
    }

    static String checked(String url, String option, String passwordVariable) {
        if (!url.startsWith("jdbc:postgresql:")) {
            throw new CommandException(option + " must be the JDBC URL of a PostgreSQL, such as"
                    + " jdbc:postgresql://localhost:5432/reporting.");
        }
        if (url.toLowerCase(Locale.ROOT).matches(".*[?&](ssl)?password=.*")) {
            throw new CommandException(option + " contains a password, which everybody on this machine could see:"
                    + " put it into a file, or into " + passwordVariable + '.');
        }
        return url;
    }
}
