package io.ledgerconnect.common.position;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SourcePositionTest {
    private static final List<SourcePosition> ASCENDING = List.of(
            SourcePosition.BEGINNING,
            new SourcePosition(1, 1),
            new SourcePosition(1, 2),
            new SourcePosition(2, 1),
            new SourcePosition(Long.MAX_VALUE, 1),
            new SourcePosition(Long.MIN_VALUE, 1), // 0x8000…: addresses are unsigned
            new SourcePosition(-1, 1),
            new SourcePosition(-1, Long.MAX_VALUE));

    @Test
    void ordersByUnsignedAddressThenOrdinal() {
        List<SourcePosition> shuffled = new ArrayList<>(ASCENDING);
        Collections.reverse(shuffled);
        Collections.sort(shuffled);
        assertThat(shuffled).isEqualTo(ASCENDING);
    }

    @Test
    void isAfterOnlyWhatPrecedesIt() {
        for (int i = 0; i < ASCENDING.size(); i++) {
            for (int j = 0; j < ASCENDING.size(); j++) {
                assertThat(ASCENDING.get(i).isAfter(ASCENDING.get(j))).isEqualTo(i > j);
            }
        }
    }

    @Test
    void printsAsOperatorsReadIt() {
        assertThat(new SourcePosition(0x1_016B_3748L, 2)).hasToString("1/16B3748 #2");
    }
}
