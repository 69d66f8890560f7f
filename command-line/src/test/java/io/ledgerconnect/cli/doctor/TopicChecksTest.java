package io.ledgerconnect.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.ledgerconnect.cli.connection.ConnectorSettings;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is said of topics. */
class TopicChecksTest {
    private static final Map<String, String> SOUND =
            Map.of("cleanup.policy", "delete", "retention.ms", "604800000", "min.insync.replicas", "2");

    private final Diagnosis diagnosis = new Diagnosis();

    private List<String> look(Topic... topics) {
        new TopicChecks(
                        new ConnectorSettings(
                                "source",
                                Map.of("topic.prefix", "ledger", "topic.creation.default.partitions", "3"),
                                name -> null),
                        diagnosis)
                .look(List.of(topics));
        return diagnosis.findings().stream()
                .map(finding ->
                        finding.level() + " " + finding.subject() + ": " + finding.sentence() + " " + finding.mend())
                .toList();
    }

    @Test
    void soundTopicsAreNotNamed() {
        assertThat(look(new Topic("ledger.watermarks", 1, 3, SOUND), new Topic("ledger.public.entries", 3, 3, SOUND)))
                .isEmpty();
    }

    @Test
    void partitionsThatTheSourceDoesNotExpectAreNamed() {
        assertThat(look(
                        new Topic("ledger.watermarks", 3, 3, SOUND),
                        new Topic("ledger.public.entries", 1, 3, SOUND),
                        new Topic("ledger.public.accounts", 6, 3, SOUND)))
                .satisfiesExactly(
                        first -> assertThat(first).startsWith("PROBLEM topic ledger.watermarks: It has 3 partitions"),
                        second -> assertThat(second)
                                .startsWith(
                                        "PROBLEM topic ledger.public.entries: It has 1 partitions, the source computes 3")
                                .endsWith("kafka-topics.sh --bootstrap-server … --topic ledger.public.entries --alter"
                                        + " --partitions 3"),
                        third -> assertThat(third)
                                .startsWith("WARNING topic ledger.public.accounts: It has 6 partitions"));
    }

    @Test
    void whatRemovesOrLosesRecordsIsNamed() {
        assertThat(look(
                        new Topic("ledger.watermarks", 1, 1, Map.of("cleanup.policy", "compact")),
                        new Topic(
                                "ledger.public.entries",
                                3,
                                3,
                                Map.of(
                                        "cleanup.policy", "compact,delete",
                                        "retention.ms", "3600000",
                                        "retention.bytes", "1000",
                                        "unclean.leader.election.enable", "true"))))
                .satisfiesExactly(
                        compacted -> assertThat(compacted)
                                .startsWith(
                                        "PROBLEM topic ledger.public.entries: cleanup.policy=compact,delete removes")
                                .endsWith(
                                        "kafka-configs.sh --bootstrap-server … --entity-name ledger.public.entries --alter"
                                                + " --entity-type topics --add-config cleanup.policy=delete"),
                        unclean -> assertThat(unclean).contains("unclean.leader.election.enable=true"),
                        single -> assertThat(single).startsWith("WARNING topic ledger.watermarks: There is one copy"),
                        age -> assertThat(age).contains("retention.ms=3600000 is less than a day"),
                        size -> assertThat(size).contains("retention.bytes=1000"),
                        copies -> assertThat(copies).contains("min.insync.replicas=1"));
    }

    @Test
    void missingWatermarksAreNamed() {
        assertThat(look(new Topic("ledger.public.entries", 3, 3, SOUND)))
                .singleElement()
                .asString()
                .startsWith("WARNING topic ledger.watermarks: It is not there");
    }
}
