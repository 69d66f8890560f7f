package io.ledgerconnect.source.check;

import io.ledgerconnect.source.catalog.LedgerCatalog;
import io.ledgerconnect.source.config.SourceConfig;
import io.ledgerconnect.source.replication.LedgerDatabase;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.errors.ConnectException;
import org.postgresql.util.PSQLException;

/** Validation over REST, and a part of it at start: what can be found stands at the setting that mends it. */
public final class Validation {
    /** The driver's own: the server asks for a password and there is none, or in a way that it does not know. */
    private static final String LOGON_REJECTED = "08004";

    /** In the driver's words, whatever its language: there is a server, but none of the kind that was asked for. */
    private static final String NO_PRIMARY = "targetServerType";

    private static final String WRONG_PASSWORD = "28P01";
    private static final String NETWORK_CLASS = "08";
    private static final String LOGON_CLASS = "28";
    private static final String NO_DATABASE = "3D000";
    private static final String NO_PRIVILEGE = "42501";

    private Validation() {}

    /** Adds the ledger's findings to those of the single settings. */
    public static Config complete(Config parsed, Map<String, String> given) {
        List<ConfigValue> values = new ArrayList<>(parsed.configValues());
        List<Finding> findings = new ArrayList<>(SettingChecks.findings(given));
        findings.addAll(ConverterChecks.findings(given));
        List<Finding> misspelt = SettingChecks.misspelt(given);
        findings.addAll(misspelt);
        List<Finding> unresolved = Placeholders.findings(given);
        findings.addAll(unresolved);
        unresolved.forEach(finding -> forget(values, finding.setting()));
        // Without the setting that was meant, the ledger would be examined for something else.
        boolean settingsAreValid = misspelt.isEmpty()
                && unresolved.isEmpty()
                && values.stream().allMatch(value -> value.errorMessages().isEmpty());
        if (settingsAreValid) {
            findings.addAll(askLedger(new SourceConfig(given)));
        }
        findings.forEach(finding -> add(values, finding));
        return new Config(values);
    }

    /**
     * Repeats at start what needs no ledger: Connect may have kept the settings since before this version.
     *
     * @throws ConnectException with all that is found
     */
    public static void requireSettings(Map<String, String> given) {
        List<Finding> findings = SettingChecks.findings(given);
        if (!findings.isEmpty()) {
            throw new ConnectException(findings.stream().map(Finding::sentence).collect(Collectors.joining(" ")));
        }
    }

    /** A placeholder is no number either; that says nothing more. */
    private static void forget(List<ConfigValue> values, String setting) {
        values.replaceAll(value -> value.name().equals(setting)
                ? new ConfigValue(setting, value.value(), value.recommendedValues(), new ArrayList<>())
                : value);
    }

    private static void add(List<ConfigValue> values, Finding finding) {
        ConfigValue value = values.stream()
                .filter(candidate -> candidate.name().equals(finding.setting()))
                .findFirst()
                .orElseGet(() -> {
                    ConfigValue added = new ConfigValue(finding.setting());
                    values.add(added);
                    return added;
                });
        value.addErrorMessage(finding.sentence());
    }

    private static List<Finding> askLedger(SourceConfig config) {
        LedgerDatabase database = new LedgerDatabase(config.connection(), config.connectorName());
        try (Connection connection = database.connect()) {
            return CaptureChecks.findings(
                    config, connection, new LedgerCatalog(connection), database.applicationName());
        } catch (SQLException e) {
            return List.of(unreachable(config, database, e));
        }
    }

    private static Finding unreachable(SourceConfig config, LedgerDatabase database, SQLException cause) {
        String state = String.valueOf(cause.getSQLState());
        String user = config.connection().user();
        if (isOfEncryption(state, cause)) {
            return new Finding(
                    "database.sslmode",
                    "The " + database + " cannot be reached with database.sslmode="
                            + config.connection().driver().get("sslmode") + ": " + cause.getMessage()
                            + " Choose another mode, mend the server's ssl or the database.ssl… files, or look whether"
                            + " database.hostname and database.port are PostgreSQL's.");
        }
        if (state.startsWith(LOGON_CLASS) || state.equals(LOGON_REJECTED)) {
            boolean password =
                    state.equals(WRONG_PASSWORD) || !config.connection().hasPassword();
            return new Finding(
                    password ? "database.password" : "database.user",
                    "The " + database + " refuses role " + user + " with the given database.password: "
                            + cause.getMessage());
        }
        if (state.equals(NO_DATABASE)) {
            return new Finding("database.dbname", "The server has no " + database + '.');
        }
        if (state.equals(NO_PRIVILEGE)) {
            String name = config.connection().database();
            return new Finding(
                    "database.user",
                    "Role " + user + " may not connect to the " + database + ". Run GRANT CONNECT ON DATABASE "
                            + PublicationSetup.quote(name) + " TO " + PublicationSetup.quote(user) + ';');
        }
        if (String.valueOf(cause.getMessage()).contains(NO_PRIMARY)) {
            return new Finding(
                    "database.hostname",
                    "The " + database
                            + " is on a standby: a capture reads from the primary. Put the primary's host there,"
                            + " or all hosts of the cluster, divided by commas; the primary among them is found after a"
                            + " failover too.");
        }
        if (state.startsWith(NETWORK_CLASS)) {
            return new Finding(
                    "database.hostname",
                    "The " + database + " cannot be reached from this worker: " + cause.getMessage() + reason(cause));
        }
        return new Finding(
                "database.hostname",
                "The " + database + " cannot be examined: " + cause.getMessage() + " (SQLSTATE " + state + ").");
    }

    /** What the driver itself says of it has no state of its own. */
    private static boolean isOfEncryption(String state, SQLException cause) {
        boolean byDriver = cause instanceof PSQLException failed && failed.getServerErrorMessage() == null;
        return byDriver
                && state.startsWith(NETWORK_CLASS)
                && (String.valueOf(cause.getMessage()).contains("SSL") || cause.getCause() instanceof SSLException);
    }

    /** What the driver's message leaves out where it says only that the attempt failed. */
    private static String reason(SQLException failed) {
        Throwable cause = failed;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof UnknownHostException) {
            return " The host name " + cause.getMessage() + " is unknown.";
        }
        if (cause instanceof SocketTimeoutException) {
            return " It does not answer: the attempt timed out.";
        }
        return cause instanceof IOException
                        && !String.valueOf(failed.getMessage()).contains("refused")
                ? " " + cause.getMessage() + '.'
                : "";
    }
}
