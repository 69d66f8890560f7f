package io.ledgerconnect.common.config;

import java.util.List;
import java.util.Set;

/** Settings in a connector's configuration that Connect itself reads. */
public final class ConnectSettings {
    private static final Set<String> NAMES =
            Set.of("name", "connector.class", "task.class", "tasks.max", "tasks.max.enforce", "topics", "topics.regex");
    private static final List<String> PREFIXES = List.of(
            "key.converter",
            "value.converter",
            "header.converter",
            "transforms",
            "predicates",
            "topic.creation.",
            "producer.override.",
            "admin.override.",
            "consumer.override.",
            "errors.",
            "transaction.boundary",
            "exactly.once.support",
            "offsets.storage.topic",
            "connector.plugin.version",
            "config.action.reload");

    private ConnectSettings() {}

    /** Whether Connect itself, not the connector, reads a setting. */
    public static boolean contains(String name) {
        return NAMES.contains(name) || PREFIXES.stream().anyMatch(name::startsWith);
    }
}
