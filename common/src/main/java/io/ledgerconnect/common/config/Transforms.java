package io.ledgerconnect.common.config;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;

/** What a connector's {@code transforms} may do to its records, as far as their classes tell. */
public final class Transforms {
    private static final String SETTING = "transforms";
    private static final String KAFKAS = "org.apache.kafka.connect.transforms.";

    /** Those of Kafka that leave key and value as they are. */
    private static final Set<String> KEEPING = Set.of(
            KAFKAS + "RegexRouter",
            KAFKAS + "TimestampRouter",
            KAFKAS + "InsertHeader",
            KAFKAS + "DropHeaders",
            KAFKAS + "Filter");

    private Transforms() {}

    /** Whether keys and values of records pass as they are: nothing is known to alter them, nor might it. */
    public static boolean keepValues(Map<String, String> properties) {
        String names = properties.get(SETTING); // a setting may be null over REST
        return names == null
                || Arrays.stream(names.split(","))
                        .map(String::strip)
                        .filter(name -> !name.isEmpty())
                        .allMatch(
                                name -> KEEPING.contains(properties.getOrDefault(SETTING + '.' + name + ".type", "")));
    }
}
