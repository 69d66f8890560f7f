package io.ledgerconnect.testbed.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LedgerPositionTest {
    @ParameterizedTest
    @CsvSource({
        "0/10, 0/10, true",
        "0/10, 0/F, false",
        "0/10, 1/0, true",
        "1/0, 0/FFFFFFFF, false",
        "9/A, 10/A, true",
        "7FFFFFFF/0, 80000000/0, true",
        "0/10, , false"
    })
    void isReachedByTheSamePositionAndLaterOnes(String position, String reached, boolean expected) {
        assertThat(new LedgerPosition("1/ledger", position).isReachedBy(reached))
                .isEqualTo(expected);
    }
}
