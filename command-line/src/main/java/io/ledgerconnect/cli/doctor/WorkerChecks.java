package io.ledgerconnect.cli.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import io.ledgerconnect.cli.CommandException;
import io.ledgerconnect.cli.connection.ConnectRest;
import io.ledgerconnect.common.Version;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The worker that answers, and the plugins that it has. */
final class WorkerChecks {
    private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+).*");
    private static final int OLDEST_MAJOR = 3;
    private static final int OLDEST_MINOR = 6;
    private static final Map<String, String> PLUGINS = Map.of(
            "io.ledgerconnect.source.LedgerSourceConnector", "source",
            "io.ledgerconnect.sink.ReportingSinkConnector", "sink");

    private final ConnectRest rest;
    private final Diagnosis diagnosis;
    private final String subject;

    WorkerChecks(ConnectRest rest, Diagnosis diagnosis) {
        this.rest = rest;
        this.diagnosis = diagnosis;
        this.subject = "worker " + rest.worker();
    }

    void look() {
        JsonNode root = rest.get("/")
                .filter(answer -> answer.has("version"))
                .orElseThrow(() -> new CommandException("What answers at " + rest.worker() + " is no Connect worker."));
        String version = root.path("version").asText();
        diagnosis.saw(subject, "Kafka Connect " + version);
        if (isOld(version)) {
            diagnosis.problem(
                    subject,
                    "Kafka Connect " + version + " is older than " + OLDEST_MAJOR + '.' + OLDEST_MINOR
                            + ", which the connectors need: offsets cannot be changed over its REST API.",
                    "Install a newer Kafka Connect on every worker.");
        }
        plugins();
    }

    private static boolean isOld(String version) {
        Matcher parts = VERSION.matcher(version);
        if (!parts.matches()) {
            return false;
        }
        int major = Integer.parseInt(parts.group(1));
        return major < OLDEST_MAJOR || (major == OLDEST_MAJOR && Integer.parseInt(parts.group(2)) < OLDEST_MINOR);
    }

    private void plugins() {
        Map<String, String> versions = new TreeMap<>();
        for (JsonNode plugin : rest.get("/connector-plugins").orElseThrow()) {
            String name = PLUGINS.get(plugin.path("class").asText());
            if (name != null) {
                versions.merge(name, plugin.path("version").asText(), (one, other) -> one + " and " + other);
            }
        }
        PLUGINS.values().stream()
                .filter(name -> !versions.containsKey(name))
                .sorted()
                .forEach(this::missing);
        versions.forEach((name, version) -> diagnosis.saw("plugin " + name, version));
        versions.forEach(this::version);
    }

    private void missing(String name) {
        diagnosis.problem(
                subject,
                "This worker has no " + name + " plugin of Ledger Connect: tasks that are given to it fail.",
                "Unpack ledger-connect-" + name + "-" + Version.VERSION
                        + ".zip below a directory of plugin.path, and start the worker again.");
    }

    private void version(String name, String version) {
        if (!version.equals(Version.VERSION)) {
            diagnosis.warning(
                    subject,
                    "The " + name + " plugin is " + version + ", this command " + Version.VERSION
                            + ": what one writes the other may not know.",
                    "Install the same release on all workers, and use its command line.");
        }
    }
}
