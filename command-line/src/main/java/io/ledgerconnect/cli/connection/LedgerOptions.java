package io.ledgerconnect.cli.connection;

import io.ledgerconnect.cli.CommandException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine.Option;

/** Which ledger is read: given here, or by the source connector's configuration. */
public final class LedgerOptions {
    public static final String URL_VARIABLE = "LEDGER_CONNECT_LEDGER";
    public static final String USER_VARIABLE = "LEDGER_CONNECT_LEDGER_USER";
    public static final String PASSWORD_VARIABLE = "LEDGER_CONNECT_LEDGER_PASSWORD";

    @Option(
            names = "--ledger",
            paramLabel = "JDBC_URL",
            description = "Ledger, such as jdbc:postgresql://host:5432/ledger; or " + URL_VARIABLE + ".")
    private String url;

    @Option(
            names = "--ledger-user",
            paramLabel = "ROLE",
            description = "Who logs in there, with REPLICATION and SELECT; or " + USER_VARIABLE + ".")
    private String user;

    @Option(
            names = "--ledger-password-file",
            paramLabel = "FILE",
            description = "File whose first line is the role's password; or " + PASSWORD_VARIABLE + ", or ~/.pgpass.")
    private Path passwordFile;

    @Option(
            names = "--source-connector",
            paramLabel = "NAME",
            description = "The source connector at --connect: what is not given above is taken from its settings, and"
                    + " which columns it leaves out or hides.")
    private String connector;

    /**
     * A ledger, and the source connector's configuration where it is known.
     *
     * @param connector empty where only the address was given
     */
    public record Ledger(DatabaseAddress address, Optional<ConnectorSettings> connector) {}

    public Ledger resolve(Environment environment, Optional<ConnectRest> worker) {
        Optional<ConnectorSettings> settings = connectorSettings(environment, worker);
        Given given = new Given(environment, settings);
        String found = given.value(url, "--ledger", URL_VARIABLE, "")
                .or(() -> settings.map(LedgerOptions::url))
                .orElseThrow(() -> new CommandException("Which ledger? Give --ledger, or " + URL_VARIABLE
                        + ", or --connect and --source-connector to take it from the source connector."));
        return new Ledger(
                new DatabaseAddress(
                        "ledger",
                        StoreOptions.checked(found, "--ledger", PASSWORD_VARIABLE),
                        given.value(user, "--ledger-user", USER_VARIABLE, "database.user")
                                .orElse(null),
                        given.value(
                                        PasswordFile.read(passwordFile),
                                        "--ledger-password-file",
                                        PASSWORD_VARIABLE,
                                        "database.password")
                                .orElse(null)),
                settings);
    }

    private static String url(ConnectorSettings settings) {
        String instead = "--ledger or " + URL_VARIABLE;
        return "jdbc:postgresql://"
                + settings.resolved("database.hostname", instead).orElse("localhost") + ':'
                + settings.resolved("database.port", instead).orElse("5432") + '/'
                + settings.resolved("database.dbname", instead).orElse("")
                + settings.resolved("database.sslmode", instead)
                        .map(mode -> "?sslmode=" + mode)
                        .orElse("");
    }

    /** Takes this connector unless one was named; null for none. */
    public void useConnector(Supplier<String> name) {
        connector = connector == null ? name.get() : connector;
    }

    /** The source connector's configuration, where one is named. */
    public Optional<ConnectorSettings> connectorSettings(Environment environment, Optional<ConnectRest> worker) {
        if (connector == null) {
            return Optional.empty();
        }
        ConnectRest rest = worker.orElseThrow(
                () -> new CommandException("--source-connector needs --connect: the worker that knows it."));
        ConnectorSettings settings = new ConnectorSettings(connector, rest.config(connector), environment);
        settings.requireClass("LedgerSourceConnector", "source of Ledger Connect");
        return Optional.of(settings);
    }
}
