package io.ledgerconnect.source.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.ledgerconnect.source.TestServer;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SlotWaitTest {
    @Test
    void namesTheOldestTransactionAlsoAPreparedOne() throws Exception {
        try (TestServer server = TestServer.temporary(Map.of("max_prepared_transactions", "2"));
                Connection connection = server.connect("postgres")) {
            assertThat(SlotWait.oldest(connection)).startsWith("none");
            try (Connection open = server.connect("postgres");
                    Statement statement = open.createStatement()) {
                statement.execute("SET application_name = 'forgotten'");
                statement.execute("CREATE TABLE t (id int)");
                open.setAutoCommit(false);
                statement.execute("INSERT INTO t VALUES (1)");
                assertThat(SlotWait.oldest(connection)).startsWith("process ").contains("(forgotten), since 20");
                statement.execute("PREPARE TRANSACTION 'left over'");
                assertThat(SlotWait.oldest(connection)).startsWith("prepared transaction 'left over', since 20");
                open.setAutoCommit(true);
                statement.execute("ROLLBACK PREPARED 'left over'");
            }
        }
    }
}
