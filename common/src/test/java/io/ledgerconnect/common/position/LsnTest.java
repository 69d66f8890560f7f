package io.ledgerconnect.common.position;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class LsnTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0/0",
        "16B3748, 0/16B3748",
        "100000000, 1/0",
        "FFFFFFFF00000001, FFFFFFFF/1",
        "FFFFFFFFFFFFFFFF, FFFFFFFF/FFFFFFFF"
    })
    void readsWhatItPrints(String hex, String text) {
        long lsn = Long.parseUnsignedLong(hex, 16);
        assertThat(Lsn.format(lsn)).isEqualTo(text);
        assertThat(Lsn.parse(text)).isEqualTo(lsn);
    }

    @Test
    void readsLowerCaseAndLeadingZeros() {
        assertThat(Lsn.parse("00000000/016b3748")).isEqualTo(0x16B3748L);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "0/",
                "/0",
                "0",
                "0/0/0",
                "-1/0",
                "0/-1",
                "+1/0",
                "0/+1",
                "G/0",
                "0/ 1",
                "100000000/0",
                "0/100000000",
                "٣/0"
            })
    void refusesWhatIsNoAddress(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Lsn.parse(text))
                .withMessageContaining("is not a WAL address");
    }
}
