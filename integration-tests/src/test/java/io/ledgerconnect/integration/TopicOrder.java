package io.ledgerconnect.integration;

import io.ledgerconnect.common.position.Channel;
import io.ledgerconnect.common.position.PositionHeader;
import io.ledgerconnect.common.position.SourcePosition;
import io.ledgerconnect.testbed.pipeline.Pipeline;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Reads the topics and holds the records against what they promise: the sequences of each channel are 1, 2, 3, …, where
 * a replay may repeat a stretch, as it was; positions rise with them; a channel's records are in its partition.
 */
public final class TopicOrder {
    private static final int MOST_VIOLATIONS = 10;

    private final PositionHeader.Reader headers = new PositionHeader.Reader();
    private final Map<Channel, List<SourcePosition>> positions = new HashMap<>();
    private final List<String> violations = new ArrayList<>();
    private long records;
    private long repeated;

    private TopicOrder() {}

    /** Reads the topics of the connectors of {@code config/}. */
    public static TopicOrder read(Pipeline pipeline) {
        TopicOrder order = new TopicOrder();
        try (Kafka kafka = new Kafka(pipeline.kafka())) {
            List<String> topics = kafka.topics("ledger.").stream()
                    .filter(topic -> !topic.endsWith(".watermarks"))
                    .toList();
            kafka.forEach(topics, order::add);
        }
        return order;
    }

    private void add(ConsumerRecord<byte[], byte[]> message) {
        records++;
        String text =
                new String(message.headers().lastHeader(PositionHeader.NAME).value(), StandardCharsets.UTF_8);
        PositionHeader header = headers.read(text);
        List<SourcePosition> seen = positions.computeIfAbsent(header.channel(), channel -> new ArrayList<>());
        if (header.channel().partition() != message.partition()) {
            violation(message, text, "is not in the partition it names");
        }
        if (header.sequence() <= seen.size()) {
            repeat(message, text, header, seen);
        } else if (header.sequence() > seen.size() + 1) {
            violation(message, text, "comes after sequence " + seen.size());
        } else {
            next(message, text, header, seen);
        }
    }

    private void repeat(
            ConsumerRecord<byte[], byte[]> message, String text, PositionHeader header, List<SourcePosition> seen) {
        // A tombstone repeats the header of its delete; it is no repetition.
        if (message.value() != null) {
            repeated++;
        }
        SourcePosition before = seen.get((int) header.sequence() - 1);
        if (!before.equals(header.position())) {
            violation(message, text, "repeats a sequence that had position " + before);
        }
    }

    private void next(
            ConsumerRecord<byte[], byte[]> message, String text, PositionHeader header, List<SourcePosition> seen) {
        if (!seen.isEmpty() && seen.get(seen.size() - 1).compareTo(header.position()) >= 0) {
            violation(message, text, "comes after position " + seen.get(seen.size() - 1));
        }
        seen.add(header.position());
    }

    private void violation(ConsumerRecord<byte[], byte[]> message, String header, String what) {
        if (violations.size() < MOST_VIOLATIONS) {
            violations.add(message.topic() + "-" + message.partition() + " offset " + message.offset() + ": " + header
                    + " " + what);
        }
    }

    /** All records but the watermarks. */
    public long records() {
        return records;
    }

    /** Records that a restarted source sent again. */
    public long repeated() {
        return repeated;
    }

    public List<String> violations() {
        return violations;
    }
}
