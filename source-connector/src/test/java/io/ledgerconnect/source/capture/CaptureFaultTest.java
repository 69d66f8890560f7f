package io.ledgerconnect.source.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.ledgerconnect.source.config.SourceConfig;
import io.ledgerconnect.source.replication.LedgerDatabase;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CaptureFaultTest {
    private static final SourceConfig CONFIG = new SourceConfig(Map.of(
            "name", "t",
            "topic.prefix", "t",
            "database.hostname", "ledger",
            "database.user", "capture",
            "database.dbname", "payments"));

    private static String sentence(String sqlState) {
        LedgerDatabase database = new LedgerDatabase(CONFIG.connection(), "t");
        return CaptureFault.of(new SQLException("the server's words", sqlState), database, CONFIG)
                .getMessage();
    }

    /** WAL that was removed, a slot that is gone or was invalidated: something may be lost. */
    @ParameterizedTest
    @ValueSource(strings = {"58P01", "42704", "55000"})
    void doesNotSayThatNothingIsLostWhereItMayBe(String sqlState) {
        assertThat(sentence(sqlState))
                .contains("the server's words", sqlState, "restart the task")
                .doesNotContain("Nothing is lost");
    }

    @Test
    void saysWhatToGiveBack() {
        assertThat(sentence("42501"))
                .contains(
                        "Nothing is lost", "ALTER ROLE capture LOGIN", "GRANT CONNECT ON DATABASE payments TO capture");
    }
}
