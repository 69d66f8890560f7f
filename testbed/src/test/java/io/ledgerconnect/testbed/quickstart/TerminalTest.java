package io.ledgerconnect.testbed.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TerminalTest {
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private long now;

    @Test
    void replacesAStateOnATerminal() {
        Terminal terminal = terminal(true);
        terminal.show("one");
        terminal.show("two");
        terminal.println("end");
        assertThat(printed()).isEqualTo("\r\u001b[Kone\r\u001b[Ktwo\nend\n");
    }

    @Test
    void printsAStateEveryFewSecondsElsewhere() {
        Terminal terminal = terminal(false);
        for (int second = 0; second < 12; second++) {
            terminal.show("state " + second);
            now += TimeUnit.SECONDS.toNanos(1);
        }
        assertThat(printed()).isEqualTo("state 0\nstate 5\nstate 10\n");
    }

    private Terminal terminal(boolean inPlace) {
        return new Terminal(new PrintStream(output, true, StandardCharsets.UTF_8), inPlace, () -> now);
    }

    private String printed() {
        return output.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }
}
