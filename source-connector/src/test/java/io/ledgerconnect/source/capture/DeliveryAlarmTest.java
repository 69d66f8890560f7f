package io.ledgerconnect.source.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.ledgerconnect.source.record.BatchExtent;
import io.ledgerconnect.source.record.RecordBatch;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;

class DeliveryAlarmTest {
    private long nanos = Duration.ofHours(1).toNanos();
    private final DeliveryAlarm alarm = new DeliveryAlarm(3, () -> nanos);

    private static SourceRecord sent(String topic, int partition) {
        return new SourceRecord(Map.of(), Map.of(), topic, partition, null, null, null, null);
    }

    private void take(SourceRecord... records) {
        alarm.asked();
        alarm.taken(new RecordBatch(List.of(records), null, new BatchExtent(1, 1, 1, 1, false)));
    }

    private void pass(int seconds) {
        nanos += Duration.ofSeconds(seconds).toNanos();
    }

    @Test
    void saysNothingWhileConnectAsksForRecords() {
        take(sent("t.public.accounts", 2));
        pass(29);
        assertThat(alarm.warning()).isEmpty();
        alarm.asked();
        pass(29);
        assertThat(alarm.warning()).isEmpty();
    }

    @Test
    void namesTheTopicsThatTheBatchAtHandGoesTo() {
        take(sent("t.public.accounts", 0), sent("t.public.entries", 1), sent("t.public.accounts", 2));
        pass(30);
        assertThat(alarm.warning())
                .get()
                .asString()
                .contains(
                        "taken no records for 30 s",
                        "t.public.accounts (partition 0, 2), t.public.entries (partition 1)",
                        "topic.creation.default.partitions=3",
                        "--alter --topic t.public.accounts --partitions 3",
                        "WAL");
    }

    @Test
    void saysItAgainFromTimeToTime() {
        take(sent("t.public.accounts", 0));
        pass(40);
        assertThat(alarm.warning()).isPresent();
        pass(200);
        assertThat(alarm.warning()).isEmpty();
        pass(100);
        assertThat(alarm.warning()).get().asString().contains("340 s");
        take(sent("t.public.accounts", 0));
        pass(40);
        assertThat(alarm.warning()).as("another wait").isPresent();
    }

    @Test
    void namesSomeOfManyTopics() {
        take(java.util.stream.IntStream.range(0, 100)
                .mapToObj(i -> sent("t.public.table" + i, 0))
                .toArray(SourceRecord[]::new));
        pass(40);
        assertThat(alarm.warning()).get().asString().contains("and 95 more").hasSizeLessThan(1200);
    }
}
