package io.ledgerconnect.cli.connection;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which Connect worker is asked, and as whom. */
public final class RestOptions {
    public static final String PASSWORD_VARIABLE = "LEDGER_CONNECT_REST_PASSWORD";
    public static final String KEYSTORE_PASSWORD_VARIABLE = "LEDGER_CONNECT_REST_KEYSTORE_PASSWORD";

    @Option(
            names = "--connect",
            paramLabel = "URL",
            description = "A Connect worker's REST API. What is not given otherwise is taken from its connectors'"
                    + " settings.")
    private URI worker;

    @Option(names = "--connect-user", paramLabel = "NAME", description = "Who logs in there by basic authentication.")
    private String user;

    @Option(
            names = "--connect-password-file",
            paramLabel = "FILE",
            description = "File whose first line is the password; or " + PASSWORD_VARIABLE + ".")
    private Path passwordFile;

    @Option(
            names = "--connect-ca",
            paramLabel = "FILE",
            description =
                    "Certificates (PEM) that vouch for a worker at https; those of the Java installation by default.")
    private Path authorities;

    @Option(
            names = "--connect-keystore",
            paramLabel = "FILE",
            description = "PKCS#12 file with the client's key and certificate, where the worker wants one; its password"
                    + " in " + KEYSTORE_PASSWORD_VARIABLE + ".")
    private Path keystore;

    /** The worker's REST API, where one is named. */
    Optional<ConnectRest> resolve(Environment environment) {
        return Optional.ofNullable(worker).map(address -> new ConnectRest(address, access(environment)));
    }

    private RestAccess access(Environment environment) {
        String password = Optional.ofNullable(PasswordFile.read(passwordFile))
                .orElseGet(() -> environment.get(PASSWORD_VARIABLE));
        return new RestAccess(
                Optional.ofNullable(user),
                Optional.ofNullable(password),
                Optional.ofNullable(authorities),
                Optional.ofNullable(keystore),
                Optional.ofNullable(environment.get(KEYSTORE_PASSWORD_VARIABLE)));
    }
}
