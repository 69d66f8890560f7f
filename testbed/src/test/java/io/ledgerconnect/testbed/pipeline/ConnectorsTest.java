package io.ledgerconnect.testbed.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ConnectorsTest {
    @Test
    void keepsTheMessagesOfATrace() {
        String trace = """
                org.apache.kafka.connect.errors.ConnectException: The slot is gone
                \tat io.ledgerconnect.Some.method(Some.java:1)
                Caused by: java.sql.SQLException: no such slot
                \t... 8 more
                """;
        assertThat(Connectors.messages(trace))
                .isEqualTo("org.apache.kafka.connect.errors.ConnectException: The slot is gone\n"
                        + "  Caused by: java.sql.SQLException: no such slot");
    }
}
