package io.ledgerconnect.source.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.ledgerconnect.source.TestServer;
import io.ledgerconnect.source.replication.SlotHealth;
import io.ledgerconnect.source.replication.SlotHealth.Danger;
import io.ledgerconnect.source.replication.StandbySlots;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SlotWatchTest {
    private static TestServer server;

    private final CaptureProgress progress = new CaptureProgress(Clock.systemUTC(), System::nanoTime, new BatchQueue());

    @BeforeAll
    static void startServer() {
        server = TestServer.temporary(Map.of("max_slot_wal_keep_size", "128MB"));
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    private static void write(Statement statement, int megabytes) throws SQLException {
        statement.execute("SELECT pg_logical_emit_message(true, '', repeat('x', 1048576))" + " FROM generate_series(1, "
                + megabytes + ")");
    }

    private static SlotHealth health(Connection connection) throws SQLException {
        return SlotHealth.find(connection, "watched").orElseThrow();
    }

    @Test
    void seesDangerBeforeTheServerGivesTheSlotUp() throws Exception {
        try (Connection connection = server.connect("postgres");
                Statement statement = connection.createStatement()) {
            assertThat(SlotHealth.find(connection, "watched")).isEmpty();
            statement.execute("SELECT pg_create_logical_replication_slot('watched', 'pgoutput')");
            SlotHealth healthy = health(connection);
            assertThat(healthy.danger()).isEqualTo(Danger.NONE);
            assertThat(healthy.limit()).hasValue(128L << 20);
            write(statement, 112);
            assertThat(health(connection).danger()).isEqualTo(Danger.NEAR);
            assertThat(health(connection).retained().orElseThrow()).isGreaterThan(112L << 20);
            assertThat(health(connection).walLsn() - healthy.walLsn()).isGreaterThan(112L << 20);
            write(statement, 64);
            assertThat(health(connection).danger()).isEqualTo(Danger.PASSED);
            statement.execute("CHECKPOINT");
            assertThat(health(connection).danger()).isEqualTo(Danger.LOST);
        }
    }

    @Test
    void doesNotFailWhenTheServerDoesNotAnswer() throws Exception {
        Connection connection = server.connect("postgres");
        connection.close();
        new SlotWatch("watched", false, progress).look(connection);
        assertThat(progress.slot()).isEmpty();
        assertThat(progress.secondsSinceSlot()).isNaN();
    }

    @Test
    void asksAtIntervals() throws Exception {
        try (Connection connection = server.connect("postgres");
                Statement statement = connection.createStatement()) {
            SlotWatch watch = new SlotWatch("new", false, progress);
            watch.look(connection);
            assertThat(progress.secondsSinceSlot()).isNotNaN();
            statement.execute("SELECT pg_create_logical_replication_slot('new', 'pgoutput')");
            watch.look(connection);
            assertThat(progress.slot()).isEmpty();
            new SlotWatch("new", false, progress).look(connection);
            assertThat(progress.slot()).isPresent();
            assertThat(StandbySlots.find(connection, "new")).hasValue(new StandbySlots(false, "", "", ""));
        }
    }
}
