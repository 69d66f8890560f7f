package io.ledgerconnect.source.capture;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.time.Duration;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;

class BusySlotTest {
    private final SQLException inUse = new SQLException("replication slot \"ledger\" is active for PID 7", "55006");
    private final SQLException connection = new SQLException("gone", "08006");

    private final BusySlot slot = new BusySlot("ledger", () -> this.nanos);
    private long nanos = Long.MAX_VALUE - 5;

    private void after(int seconds, SQLException fault) {
        nanos += Duration.ofSeconds(seconds).toNanos();
        slot.waitedFor(fault);
    }

    @Test
    void isWaitedForWhileADyingReaderMayHoldIt() {
        after(0, inUse);
        after(299, inUse);
    }

    @Test
    void isNotWaitedForForEver() {
        after(0, inUse);
        assertThatThrownBy(() -> after(301, inUse))
                .isInstanceOf(ConnectException.class)
                .hasMessageContainingAll("slot ledger has been in use", "5 minutes", "PID 7", "pg_stat_replication");
    }

    @Test
    void isWaitedForAnewOnceItWasFree() {
        after(0, inUse);
        after(200, connection);
        after(200, inUse);
        after(200, inUse);
        slot.isFree();
        after(200, inUse);
    }
}
