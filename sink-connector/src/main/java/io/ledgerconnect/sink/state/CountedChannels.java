package io.ledgerconnect.sink.state;

import io.ledgerconnect.common.watermark.Watermark;
import io.ledgerconnect.common.watermark.Watermark.ChannelEnd;
import io.ledgerconnect.sink.config.SubscribedTopics;
import java.util.List;

/**
 * Which channels of a watermark must be applied before it is complete: those whose topics the sink reads.
 *
 * <p>A watermark names topics as the source did. Where a transform in the source connector renamed them, that does not
 * tell which of them are read here; then all count. Completeness may be told too late, and never too early.
 */
final class CountedChannels {
    private CountedChannels() {}

    /** @param topic in which the watermark stood in Kafka */
    static List<ChannelEnd> of(Watermark watermark, String topic, SubscribedTopics topics) {
        List<ChannelEnd> ends = watermark.channels();
        if (!ends.stream().allMatch(end -> isBeside(topic, end))) {
            return ends;
        }
        List<ChannelEnd> read =
                ends.stream().filter(end -> topics.contains(end.topic())).toList();
        return read.isEmpty() ? ends : read;
    }

    /** Whether the source named the watermark's topic and the channel's with one prefix. */
    private static boolean isBeside(String topic, ChannelEnd end) {
        return topic.endsWith(Watermark.TOPIC_SUFFIX)
                && end.topic().startsWith(topic.substring(0, topic.length() - Watermark.TOPIC_SUFFIX.length()) + '.');
    }
}
