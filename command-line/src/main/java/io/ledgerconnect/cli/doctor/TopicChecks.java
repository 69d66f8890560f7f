package io.ledgerconnect.cli.doctor;

import io.ledgerconnect.cli.connection.ConnectorSettings;
import java.time.Duration;
import java.util.List;

/** Topics of a source: partitions, and what could take records away before they are read. */
final class TopicChecks {
    private static final long A_DAY_MILLIS = Duration.ofDays(1).toMillis();
    private static final String PARTITIONS = "topic.creation.default.partitions";

    private final String prefix;
    private final int partitions;
    private final Diagnosis diagnosis;

    TopicChecks(ConnectorSettings source, Diagnosis diagnosis) {
        this.prefix = source.get("topic.prefix").orElse("") + '.';
        this.partitions = source.get(PARTITIONS)
                .filter(number -> number.matches("\\d{1,5}"))
                .map(Integer::parseInt)
                .orElse(1);
        this.diagnosis = diagnosis;
    }

    boolean isOurs(String topic) {
        return topic.startsWith(prefix);
    }

    void look(List<Topic> topics) {
        diagnosis.saw("topics " + prefix + "*", topics.size() + " topics");
        if (topics.stream().noneMatch(topic -> isWatermarks(topic.name()))) {
            diagnosis.warning(
                    "topic " + prefix + "watermarks",
                    "It is not there: the source has not sent a watermark yet, so how far anything is complete is not known.",
                    "See whether the source connector runs.");
        }
        topics.forEach(this::look);
    }

    private boolean isWatermarks(String topic) {
        return topic.equals(prefix + "watermarks");
    }

    private void look(Topic topic) {
        String subject = "topic " + topic.name();
        partitions(subject, topic);
        removal(subject, topic);
        copies(subject, topic);
    }

    private void partitions(String subject, Topic topic) {
        if (isWatermarks(topic.name())) {
            if (topic.partitions() != 1) {
                diagnosis.problem(
                        subject,
                        "It has " + topic.partitions()
                                + " partitions; the source sends watermarks to the first only, in order.",
                        "Give it one partition by a topic.creation group, as config/source.json does.");
            }
        } else if (topic.partitions() < partitions) {
            diagnosis.problem(
                    subject,
                    "It has " + topic.partitions() + " partitions, the source computes " + partitions
                            + ": records for those that are missing wait, and with them everything after.",
                    alter(topic, "--alter --partitions " + partitions, "kafka-topics.sh"));
        } else if (topic.partitions() > partitions) {
            diagnosis.warning(
                    subject,
                    "It has " + topic.partitions() + " partitions, the source uses " + partitions + " (" + PARTITIONS
                            + "): the others stay empty. Do not raise the setting now, or keys change their partitions.",
                    "");
        }
    }

    private void removal(String subject, Topic topic) {
        if (topic.setting("cleanup.policy", "delete").contains("compact") && !isWatermarks(topic.name())) {
            diagnosis.problem(
                    subject,
                    "cleanup.policy=" + topic.setting("cleanup.policy", "")
                            + " removes a record once a later one has its key:"
                            + " a sink that has not read it finds a hole and stops, and append and history tables cannot be"
                            + " made anew from it.",
                    config(topic, "cleanup.policy=delete"));
        }
        long retention = topic.number("retention.ms", -1);
        if (topic.setting("cleanup.policy", "delete").contains("delete")
                && retention >= 0
                && retention < A_DAY_MILLIS) {
            diagnosis.warning(
                    subject,
                    "retention.ms=" + retention
                            + " is less than a day: a sink that is down for longer has lost records, and"
                            + " stops before the hole.",
                    config(topic, "retention.ms=604800000"));
        }
        if (topic.number("retention.bytes", -1) >= 0) {
            diagnosis.warning(
                    subject,
                    "retention.bytes=" + topic.number("retention.bytes", -1)
                            + " removes records by size: in a burst, before the sink has read them.",
                    config(topic, "retention.bytes=-1"));
        }
    }

    private void copies(String subject, Topic topic) {
        if (topic.setting("unclean.leader.election.enable", "false").equals("true")) {
            diagnosis.problem(
                    subject,
                    "unclean.leader.election.enable=true lets a broker that lacks records lead: records that were"
                            + " acknowledged are lost.",
                    config(topic, "unclean.leader.election.enable=false"));
        }
        if (topic.replicas() < 2) {
            diagnosis.warning(
                    subject,
                    "There is one copy of it: with its broker's disk, records are gone that the ledger has let go.",
                    "kafka-reassign-partitions.sh, to three copies");
        } else if (topic.number("min.insync.replicas", 1) < 2) {
            diagnosis.warning(
                    subject,
                    "min.insync.replicas=1: a record counts as sent while one copy has it, and may be lost with that broker.",
                    config(topic, "min.insync.replicas=2"));
        }
    }

    private static String config(Topic topic, String setting) {
        return alter(topic, "--alter --entity-type topics --add-config " + setting, "kafka-configs.sh")
                .replace("--topic", "--entity-name");
    }

    private static String alter(Topic topic, String what, String command) {
        return command + " --bootstrap-server … --topic " + topic.name() + ' ' + what;
    }
}
