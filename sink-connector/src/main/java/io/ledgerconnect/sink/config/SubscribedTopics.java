package io.ledgerconnect.sink.config;

import io.ledgerconnect.common.watermark.Watermark;
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

    /**
     * Whether watermarks come with the records of a topic.
     *
     * @param topic {@code prefix.schema.table}, if the source named it; with a pattern nothing else tells
     */
    public boolean haveWatermarks(String topic) {
        if (pattern == null) {
            return names.stream().anyMatch(name -> name.endsWith(Watermark.TOPIC_SUFFIX));
        }
        int table = topic.lastIndexOf('.');
        int schema = table < 0 ? -1 : topic.lastIndexOf('.', table - 1);
        return schema > 0 && contains(topic.substring(0, schema) + Watermark.TOPIC_SUFFIX);
    }

    /** The topics that are named one by one; empty with a pattern. */
    public Set<String> names() {
        return names;
    }
}
