package io.ledgerconnect.source.check;

import io.ledgerconnect.source.catalog.LedgerTable;
import io.ledgerconnect.source.config.SourceConfig;
import io.ledgerconnect.source.config.TopicCreation;
import io.ledgerconnect.source.record.TableMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What must hold of the topics that Connect will create: they have the partitions that records are sent to. */
final class TopicChecks {
    private TopicChecks() {}

    /** One for every setting that is wrong. */
    static List<Finding> findings(SourceConfig config, List<LedgerTable> tables) {
        Map<String, Finding> findings = new LinkedHashMap<>();
        for (LedgerTable table : tables) {
            String topic = TableMapper.topic(config.topicPrefix(), table.name());
            config.topicCreation()
                    .group(topic)
                    .filter(group -> group.partitions() < config.partitions())
                    .ifPresent(
                            group -> findings.putIfAbsent(group.setting(), tooFew(topic, group, config.partitions())));
        }
        return List.copyOf(findings.values());
    }

    private static Finding tooFew(String topic, TopicCreation.Group group, int needed) {
        String number = group.partitions() < 0 ? "as many as the brokers choose" : Integer.toString(group.partitions());
        return new Finding(
                group.setting(),
                "Partitions of topic " + topic + ": " + group.setting() + " says " + number
                        + ", but topic.creation.default.partitions, by which records are divided, " + needed
                        + ". Records for a partition that is not there would wait for ever, and all others behind them."
                        + " Set " + group.setting() + "=" + needed + ", or leave the topic out of the group with"
                        + " topic.creation." + group.name() + ".exclude.");
    }
}
