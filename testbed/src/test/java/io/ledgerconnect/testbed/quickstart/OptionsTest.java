package io.ledgerconnect.testbed.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class OptionsTest {
    @Test
    void runsUntilInterruptedByDefault() {
        assertThat(Options.parse(List.of()).length()).isEmpty();
    }

    @Test
    void onceTakesHalfAMinuteOrWhatIsSaidBesides() {
        assertThat(Options.parse(List.of("--once")).length()).contains(Duration.ofSeconds(30));
        assertThat(Options.parse(List.of("--seconds", "5", "--once")).length()).contains(Duration.ofSeconds(5));
        assertThat(Options.parse(List.of("--once", "--seconds", "5")).length()).contains(Duration.ofSeconds(5));
    }

    @Test
    void explainsAnOptionThatItDoesNotKnow() {
        assertThatThrownBy(() -> Options.parse(List.of("--twice")))
                .hasMessageContaining("--twice")
                .hasMessageContaining("Usage");
    }

    @Test
    void explainsANumberThatIsMissingOrWrong() {
        assertThatThrownBy(() -> Options.parse(List.of("--seconds"))).hasMessageContaining("--seconds 60");
        assertThatThrownBy(() -> Options.parse(List.of("--rate", "-1"))).hasMessageContaining("--rate needs");
    }
}
