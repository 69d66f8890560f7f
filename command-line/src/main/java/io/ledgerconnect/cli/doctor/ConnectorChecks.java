package io.ledgerconnect.cli.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import io.ledgerconnect.cli.CommandException;
import io.ledgerconnect.cli.connection.ConnectRest;
import io.ledgerconnect.cli.connection.ConnectorSettings;
import io.ledgerconnect.cli.connection.ConnectorState;
import java.util.Optional;

/** A connector's state, and what its plugin says of its configuration. */
final class ConnectorChecks {
    private final ConnectRest rest;
    private final ConnectorSettings settings;
    private final Diagnosis diagnosis;
    private final String subject;

    ConnectorChecks(ConnectRest rest, ConnectorSettings settings, Diagnosis diagnosis) {
        this.rest = rest;
        this.settings = settings;
        this.diagnosis = diagnosis;
        this.subject = "connector " + settings.connector();
    }

    void look() {
        state();
        validation();
    }

    private void state() {
        ConnectorState state = rest.state(settings.connector());
        diagnosis.saw(subject, state.describe());
        if (state.isFailed()) {
            diagnosis.stopped(
                    subject,
                    "It has failed, so nothing goes on: " + state.failure().orElse("without a sentence") + '.',
                    "Mend that first; then " + curl("POST", "restart?includeTasks=true&onlyFailed=true"));
        } else if (state.hasStopped()) {
            diagnosis.stopped(
                    subject,
                    "It is paused or stopped (" + state.describe()
                            + "): nothing goes on, and the ledger keeps its WAL.",
                    curl("PUT", "resume"));
        } else if (state.tasks().isEmpty()) {
            diagnosis.stopped(
                    subject, "It has no task, so nothing goes on.", curl("POST", "restart?includeTasks=true"));
        } else if (!state.isRunning()) {
            diagnosis.warning(
                    subject, "Not all of it is running: " + state.describe() + ". After a rebalance it should be.", "");
        }
    }

    private String curl(String method, String what) {
        return "curl -X " + method + " '" + rest.worker().resolve(ConnectRest.path(settings.connector(), what)) + "'";
    }

    /** The plugin asks databases, with the passwords that only the worker knows. */
    private void validation() {
        String plugin = settings.get("connector.class").orElse("");
        String name = plugin.substring(plugin.lastIndexOf('.') + 1);
        try {
            Optional<JsonNode> answer = rest.validate(name, settings.all());
            if (answer.isEmpty()) {
                diagnosis.couldNotSee(subject + ", configuration", "The worker has no plugin " + name + '.');
                return;
            }
            answer.get().path("configs").forEach(config -> errors(config.path("value")));
        } catch (CommandException e) {
            diagnosis.couldNotSee(subject + ", configuration", e.getMessage());
        }
    }

    private void errors(JsonNode value) {
        value.path("errors")
                .forEach(error -> diagnosis.problem(
                        subject + ", setting " + value.path("name").asText(), error.asText(), ""));
    }
}
