package io.ledgerconnect.source.config;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Connect's own {@code topic.creation} settings: the first group that matches a topic's name decides how Connect
 * creates it. What Connect itself refuses is passed over here.
 */
public final class TopicCreation {
    private static final String PREFIX = "topic.creation.";

    private final Map<String, String> given;

    TopicCreation(Map<String, String> given) {
        this.given = given;
    }

    /** Names a group and says with how many partitions it has its topics created; -1 is the brokers' own number. */
    public record Group(String name, int partitions) {
        /** The setting that decides it. */
        public String setting() {
            return PREFIX + name + ".partitions";
        }
    }

    /** The group that decides over a topic, where it is not the default one. */
    public Optional<Group> group(String topic) {
        return list("groups").stream()
                .filter(group -> matches(group, "include", topic) && !matches(group, "exclude", topic))
                .findFirst()
                .filter(name -> value(name + ".partitions").matches("-?\\d{1,9}"))
                .map(name -> new Group(name, Integer.parseInt(value(name + ".partitions"))));
    }

    private boolean matches(String group, String list, String topic) {
        return list(group + '.' + list).stream().anyMatch(expression -> Pattern.matches(expression, topic));
    }

    private List<String> list(String setting) {
        return Arrays.stream(value(setting).split(","))
                .map(String::trim)
                .filter(entry -> !entry.isEmpty())
                .toList();
    }

    private String value(String setting) {
        String value = given.get(PREFIX + setting);
        return value == null ? "" : value.trim();
    }
}
