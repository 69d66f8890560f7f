package io.ledgerconnect.cli.doctor;

import io.ledgerconnect.cli.connection.ConnectorSettings;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Settings of both connectors that do not fit together, or are for tests only. */
final class SettingChecks {
    private static final List<String> CONVERTERS = List.of(
            "key.converter",
            "key.converter.schemas.enable",
            "value.converter",
            "value.converter.schemas.enable",
            "header.converter");
    private static final String ISOLATION = "consumer.override.isolation.level";
    private static final String RESET = "consumer.override.auto.offset.reset";

    private final Optional<ConnectorSettings> source;
    private final Optional<ConnectorSettings> sink;
    private final Diagnosis diagnosis;

    SettingChecks(Optional<ConnectorSettings> source, Optional<ConnectorSettings> sink, Diagnosis diagnosis) {
        this.source = source;
        this.sink = sink;
        this.diagnosis = diagnosis;
    }

    /** @param transactions whether the worker is known to send in Kafka transactions */
    void look(boolean transactions) {
        source.ifPresent(this::source);
        sink.ifPresent(this::sink);
        if (source.isPresent() && sink.isPresent()) {
            together(source.get(), sink.get(), transactions);
        }
    }

    private void source(ConnectorSettings settings) {
        String subject = "connector " + settings.connector();
        if (isTrue(settings, "slot.drop.on.stop")) {
            diagnosis.problem(
                    subject,
                    "slot.drop.on.stop=true drops the slot whenever the task stops: what is changed until the next start is"
                            + " lost.",
                    "Take slot.drop.on.stop out of its configuration.");
        }
        String mode = settings.get("snapshot.mode").orElse("initial");
        if (mode.equals("always") || mode.equals("when_needed")) {
            diagnosis.warning(
                    subject,
                    "snapshot.mode=" + mode
                            + " lets a fresh snapshot take the place of changes: append and history tables"
                            + " lack those.",
                    "Set snapshot.mode=initial once it runs.");
        }
    }

    private void sink(ConnectorSettings settings) {
        String subject = "connector " + settings.connector();
        settings.get(RESET)
                .filter(value -> !value.equals("earliest"))
                .ifPresent(value -> diagnosis.problem(
                        subject,
                        RESET + '=' + value + " begins behind what is in the topics: the sink finds a hole and stops.",
                        "Set " + RESET + "=earliest."));
        if ("all".equals(settings.get("errors.tolerance").orElse(""))) {
            diagnosis.warning(
                    subject,
                    "errors.tolerance=all puts records that the reporting store refuses into ledger_connect.quarantine and"
                            + " goes on: what is complete lacks them.",
                    "Watch quarantined in ledger_connect.status, or set errors.tolerance=none.");
        }
        if ("replace".equals(settings.get("resnapshot.mode").orElse(""))) {
            diagnosis.warning(
                    subject,
                    "resnapshot.mode=replace lets any fresh snapshot of the source replace everything in the reporting"
                            + " tables, also one that was begun by mistake.",
                    "Set resnapshot.mode=stop once the replacement is there.");
        }
    }

    private void together(ConnectorSettings from, ConnectorSettings to, boolean transactions) {
        String subject = "connector " + to.connector();
        boolean sends = transactions
                || "required".equals(from.get("exactly.once.support").orElse(""));
        if (sends && !"read_committed".equals(to.get(ISOLATION).orElse(""))) {
            diagnosis.problem(
                    subject,
                    "The source sends in Kafka transactions, and the sink also reads what was not committed: records of an"
                            + " aborted transaction are applied before they are sent again. Positions keep rows from being"
                            + " doubled, but the store may be ahead of what other readers of the topics see.",
                    "Set " + ISOLATION + "=read_committed.");
        }
        for (String converter : CONVERTERS) {
            Optional<String> sent = from.get(converter);
            Optional<String> read = to.get(converter);
            if (!sent.equals(read)) {
                diagnosis.problem(
                        subject,
                        converter + " is " + describe(read) + " at the sink and " + describe(sent) + " at the source "
                                + from.connector() + ": records cannot be read, or not as they were sent.",
                        "Give both the same, as config/source.json and config/sink.json do.");
            }
        }
        watermarks(from, to, subject);
    }

    private static String describe(Optional<String> value) {
        return value.orElse("the worker's");
    }

    private void watermarks(ConnectorSettings from, ConnectorSettings to, String subject) {
        String topic = from.get("topic.prefix").orElse("") + ".watermarks";
        boolean listed = to.get("topics")
                .map(topics ->
                        Arrays.stream(topics.split(",")).map(String::strip).anyMatch(topic::equals))
                .orElse(false);
        boolean matched =
                to.get("topics.regex").map(regex -> matches(regex, topic)).orElse(false);
        if (!listed && !matched) {
            diagnosis.problem(
                    subject,
                    "It does not read " + topic
                            + ": how far the reporting store is complete is not known, and records that"
                            + " are lost at the end of a partition are not noticed.",
                    "Add " + topic + " to topics.");
        }
    }

    private static boolean matches(String regex, String topic) {
        try {
            return Pattern.matches(regex, topic);
        } catch (PatternSyntaxException e) {
            return false;
        }
    }

    private static boolean isTrue(ConnectorSettings settings, String name) {
        return settings.get(name).map("true"::equalsIgnoreCase).orElse(false);
    }
}
