package io.ledgerconnect.source.replication;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TimelineHistoryTest {
    @Test
    void tellsWhereEachAncestorEnds() {
        TimelineHistory history = TimelineHistory.parse("""
                1\t0/16B3748\tno recovery target specified

                # a comment
                2\tA/FF\tbefore 2026-01-01 00:00:00+00
                """);
        assertThat(history.endOf(1)).isEqualTo(0x16B3748);
        assertThat(history.endOf(2)).isEqualTo(0xA000000FFL);
        assertThat(history.endOf(3)).isZero();
    }

    @Test
    void ofTheFirstTimelineIsEmpty() {
        assertThat(TimelineHistory.parse("").endOf(1)).isZero();
    }
}
