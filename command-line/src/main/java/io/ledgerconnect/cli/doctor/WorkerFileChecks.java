package io.ledgerconnect.cli.doctor;

import io.ledgerconnect.cli.CommandException;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/** The worker's own settings, which its REST API does not show. */
final class WorkerFileChecks {
    private static final long LONG_FLUSH_MILLIS = 10_000;
    private static final long LONG_DELAY_MILLIS = 60_000;
    private static final String TRANSACTIONS = "exactly.once.source.support";

    private final Properties settings = new Properties();
    private final String subject;
    private final Diagnosis diagnosis;

    /** @param file such as {@code config/worker.properties} */
    WorkerFileChecks(Path file, Diagnosis diagnosis) {
        this.subject = "worker settings " + file.getFileName();
        this.diagnosis = diagnosis;
        try (Reader in = Files.newBufferedReader(file)) {
            settings.load(in);
        } catch (IOException | IllegalArgumentException e) {
            throw new CommandException("--worker-config " + file + " cannot be read.", e);
        }
    }

    /** Whether its source connectors send in Kafka transactions. */
    boolean sendsTransactions() {
        return "enabled".equals(settings.getProperty(TRANSACTIONS));
    }

    void look() {
        diagnosis.saw(subject, settings.size() + " settings");
        atMost(
                "offset.flush.interval.ms",
                60_000,
                LONG_FLUSH_MILLIS,
                "until an offset is stored the ledger keeps its WAL, and after a kill all of it is read again",
                "5000");
        atMost(
                "scheduled.rebalance.max.delay.ms",
                300_000,
                LONG_DELAY_MILLIS,
                "the tasks of a lost worker stay down that long, and nothing goes on",
                "10000");
        producer();
        String policy = settings.getProperty("connector.client.config.override.policy", "All");
        if (!policy.equals("All")) {
            diagnosis.warning(
                    subject,
                    "connector.client.config.override.policy=" + policy
                            + " refuses connectors that bring client settings of"
                            + " their own, as config/source.json and config/sink.json do.",
                    "Set connector.client.config.override.policy=All, or put these settings into the worker's.");
        }
        for (String topic : List.of("config", "offset", "status")) {
            if ("1".equals(settings.getProperty(topic + ".storage.replication.factor"))) {
                diagnosis.warning(
                        subject,
                        topic
                                + ".storage.replication.factor=1 keeps one copy of that topic: with its broker the connectors'"
                                + " configuration or offsets are gone.",
                        "Set it to 3 before the topic is made; an existing topic needs kafka-reassign-partitions.sh.");
            }
        }
    }

    private void producer() {
        String acks = settings.getProperty("producer.acks", "all");
        if (!acks.equals("all") && !acks.equals("-1")) {
            diagnosis.problem(
                    subject,
                    "producer.acks=" + acks + " lets a broker lose records that it has acknowledged: a loss, unless the"
                            + " connector overrides it.",
                    "Set producer.acks=all.");
        }
        Optional.ofNullable(settings.getProperty("producer.max.in.flight.requests.per.connection"))
                .filter(number -> !number.strip().equals("1"))
                .ifPresent(number -> diagnosis.problem(
                        subject,
                        "producer.max.in.flight.requests.per.connection=" + number
                                + ": records that are sent again can come"
                                + " after later ones, so that a row's changes are out of order.",
                        "Set it to 1, or leave it out."));
    }

    private void atMost(String setting, long byDefault, long most, String meaning, String better) {
        try {
            long millis = Long.parseLong(
                    settings.getProperty(setting, Long.toString(byDefault)).strip());
            if (millis > most) {
                diagnosis.warning(
                        subject,
                        setting + " is " + millis + (settings.containsKey(setting) ? "" : " (the default)") + ": "
                                + meaning + '.',
                        "Set " + setting + '=' + better + '.');
            }
        } catch (NumberFormatException e) {
            diagnosis.problem(subject, setting + " is no number: the worker does not start.", "Correct it.");
        }
    }
}
