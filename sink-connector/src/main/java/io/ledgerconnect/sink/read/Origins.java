package io.ledgerconnect.sink.read;

import org.apache.kafka.connect.sink.SinkRecord;

/**
 * Where a record stood in Kafka before transforms renamed its topic. Workers older than 3.6 do not tell; there, what
 * the record says after transforms is taken.
 */
public final class Origins {
    private static final boolean KNOWN = hasOriginalTopic();

    private Origins() {}

    private static boolean hasOriginalTopic() {
        try {
            SinkRecord.class.getMethod("originalTopic");
            return true;
        } catch (NoSuchMethodException e) {
            return false;
        }
    }

    /** As messages name it. */
    public static String place(SinkRecord record) {
        return topic(record) + '-' + partition(record) + " offset " + offset(record);
    }

    public static String topic(SinkRecord record) {
        return KNOWN ? record.originalTopic() : record.topic();
    }

    public static int partition(SinkRecord record) {
        return KNOWN ? record.originalKafkaPartition() : record.kafkaPartition();
    }

    public static long offset(SinkRecord record) {
        return KNOWN ? record.originalKafkaOffset() : record.kafkaOffset();
    }
}
