package io.ledgerconnect.source;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Validation of the slot: that it is ours, and that there is room for it. */
class SlotValidationTest extends ValidationFixture {

    @Test
    void namesAPhysicalSlot() throws SQLException {
        LedgerServer.execute(database, "SELECT pg_create_physical_replication_slot('" + database + "')");
        expect("slot.name", database, "physical", "pgoutput", "Choose another slot.name");
    }

    @Test
    void namesASlotThatSendsPreparedTransactions() throws SQLException {
        LedgerServer.execute(
                database,
                "SELECT pg_create_logical_replication_slot('" + database + "', 'pgoutput', twophase => true)");
        expect("slot.name", database, "two_phase", "Choose another slot.name");
    }

    @Test
    void namesASlotOfAnotherDatabase() throws SQLException {
        LedgerServer.execute("postgres", "SELECT pg_create_logical_replication_slot('" + database + "', 'pgoutput')");
        expect("slot.name", "belongs to database 'postgres'");
    }

    @Test
    void namesASlotThatAnotherApplicationReads() throws Exception {
        Map<String, String> first = new HashMap<>(settings);
        first.put("name", "first"); // the same topic.prefix
        try (RunningTask task = new RunningTask(first)) {
            task.pollUntil(RunningTask::isWatermark);
            expect("slot.name", "is in use by process", "'ledger-connect first'");
        }
    }

    @Test
    void acceptsASlotThatThisConnectorItselfReads() throws Exception {
        settings.put("name", "a-name-that-is-longer-than-names-of-postgresql-may-be-by-default");
        try (RunningTask task = new RunningTask(settings)) {
            task.pollUntil(RunningTask::isWatermark);
            expectNothing();
        }
    }

    @Test
    void namesMissingSlots() throws SQLException {
        String fill = "SELECT pg_create_physical_replication_slot('fill' || i) FROM generate_series(1,"
                + " current_setting('max_replication_slots')::int - 1 - (SELECT count(*) FROM pg_replication_slots)::int) i";
        LedgerServer.execute(database, fill);
        try {
            expect("slot.name", "has 1 free replication slots, needed are 2", "max_replication_slots = 32;");
        } finally {
            LedgerServer.execute(
                    database,
                    "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name LIKE 'fill%'");
        }
    }
}
