package io.ledgerconnect.source.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ledgerconnect.source.record.BatchExtent;
import io.ledgerconnect.source.record.RecordBatch;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchQueueTest {
    private static final Duration AT_ONCE = Duration.ZERO;

    private final BatchQueue queue = new BatchQueue();

    private static RecordBatch batch() {
        return new RecordBatch(List.of(), null, new BatchExtent(0, 0, 0, 0, false));
    }

    @Test
    void givesEverythingBeforeTheFailure() throws InterruptedException {
        RecordBatch first = batch();
        RecordBatch second = batch();
        queue.offer(first, AT_ONCE);
        queue.offer(second, AT_ONCE);
        queue.fail(new IllegalStateException("broken"));
        assertThat(queue.take(AT_ONCE)).isSameAs(first);
        assertThat(queue.take(AT_ONCE)).isSameAs(second);
        assertThatThrownBy(() -> queue.take(Duration.ofHours(1))).hasMessage("broken");
        assertThatThrownBy(() -> queue.take(Duration.ofHours(1))).hasMessage("broken");
    }

    @Test
    void holdsAFewBatchesOnly() throws InterruptedException {
        for (int i = 0; i < 4; i++) {
            assertThat(queue.offer(batch(), AT_ONCE)).isTrue();
        }
        assertThat(queue.offer(batch(), AT_ONCE)).isFalse();
        queue.take(AT_ONCE);
        assertThat(queue.offer(batch(), AT_ONCE)).isTrue();
    }

    @Test
    void hasNothingWhenNothingCame() throws InterruptedException {
        assertThat(queue.take(AT_ONCE)).isNull();
    }
}
