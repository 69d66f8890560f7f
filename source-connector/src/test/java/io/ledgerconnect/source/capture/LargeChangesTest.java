package io.ledgerconnect.source.capture;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LargeChangesTest {
    private final LargeChanges changes = new LargeChanges(1 << 20);

    @Test
    void tellsOfTheFirstOfEachTopic() {
        assertThat(changes.isLarge(1 << 20)).isFalse();
        assertThat(changes.isLarge((1 << 20) + 1)).isTrue();
        assertThat(changes.warning("t.public.notes", 0x16B3748, 3_355_443))
                .get()
                .asString()
                .contains(
                        "change at 0/16B3748",
                        "3.2 MB for topic t.public.notes",
                        "1048576 bytes",
                        "producer.override.max.request.size",
                        "max.message.bytes");
        assertThat(changes.warning("t.public.notes", 0x16B3749, 3_355_443)).isEmpty();
        assertThat(changes.warning("t.public.others", 0x16B374A, 3_355_443)).isPresent();
    }
}
