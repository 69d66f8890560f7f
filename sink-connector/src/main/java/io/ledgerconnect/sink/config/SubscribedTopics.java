package io.ledgerconnect.sink.config;

import java.util.Set;
import java.util.regex.Pattern;

/** The topics that this connector reads: what completeness is measured against. */
public final class SubscribedTopics {
    private final Set<String> names;
    private final Pattern pattern;

    private SubscribedTopics(Set<String> names, Pattern pattern) {
        this.names = names;
        this.pattern = pattern;
    }

    public static SubscribedTopics named(Set<String> names) {
        return new SubscribedTopics(Set.copyOf(names), null);
    }

    public static SubscribedTopics matching(Pattern pattern) {
        return new SubscribedTopics(Set.of(), pattern);
    }

    public boolean contains(String topic) {
        return pattern == null ? names.contains(topic) : pattern.matcher(topic).matches();
    }

    /** The topics that are named one by one; empty with a pattern. */
    public Set<String> names() {
        return names;
    }
}
