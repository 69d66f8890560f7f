package io.ledgerconnect.common.position;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SourceIdTest {
    @Test
    void isReadAsItWasWritten() {
        SourceId source = new SourceId("7345678901234567890", "ledger/of/cards");
        assertThat(source).hasToString("7345678901234567890/ledger/of/cards");
        assertThat(SourceId.parse(source.toString())).isEqualTo(source);
    }

    @Test
    void refusesWhatItDoesNotWrite() {
        assertThatThrownBy(() -> SourceId.parse("7345678901234567890"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("SYSTEM_ID/DATABASE");
    }
}
