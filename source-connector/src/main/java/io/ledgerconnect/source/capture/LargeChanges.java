package io.ledgerconnect.source.capture;

import io.ledgerconnect.common.position.Lsn;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Says which change is larger than Kafka takes, once a topic: when it is refused, the task's failure names its size and
 * not where it comes from. Used by one thread only.
 */
final class LargeChanges {
    private final long limitBytes;
    private final Set<String> told = new HashSet<>();

    /** @param limitBytes the producer's {@code max.request.size} */
    LargeChanges(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    /** A record is larger than the message that it is made from. */
    boolean isLarge(int messageBytes) {
        return messageBytes > limitBytes;
    }

    /** What to say of a change that is large; empty when it was said of another one of the topic. */
    Optional<String> warning(String topic, long lsn, int messageBytes) {
        if (!told.add(topic)) {
            return Optional.empty();
        }
        return Optional.of("The change at " + Lsn.format(lsn) + " makes a record of more than "
                + String.format(Locale.ROOT, "%.1f", messageBytes / (double) (1 << 20)) + " MB for topic " + topic
                + ", and the producer takes " + limitBytes + " bytes, if the worker does not say otherwise. If the task"
                + " fails with RecordTooLargeException, raise producer.override.max.request.size of this connector and"
                + " max.message.bytes of the topic, and restart it: nothing is lost");
    }
}
