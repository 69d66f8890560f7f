package io.ledgerconnect.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Validation of the publication: what it must have, and what it holds back. */
class PublicationValidationTest extends ValidationFixture {

    @Test
    void namesTablesThatAPublicationOfAllTablesWouldHarm() throws SQLException {
        LedgerServer.execute(database, "CREATE TABLE other.notes (note text)");
        settings.put("table.include.list", "public.accounts");
        settings.put("publication.autocreate.mode", "all_tables");
        expect("publication.autocreate.mode", "other.notes", "UPDATE and DELETE");
    }

    @Test
    void namesTablesThatThePublicationLacks() throws SQLException {
        LedgerServer.execute(database, "CREATE TABLE other.\"Big Book\" (id int PRIMARY KEY)");
        publish("FOR TABLE accounts");
        expect("publication.name", "lacks other.Big Book", "ADD TABLE other.\"Big Book\";", "table.exclude.list");
        settings.put("table.include.list", ".*");
        expect("publication.name", "lacks other.Big Book", "take them out of table.include.list");
    }

    @Test
    void namesOperationsThatThePublicationLeavesOut() throws SQLException {
        publish("FOR ALL TABLES WITH (publish = 'insert, update, truncate')");
        expect("publication.name", "does not publish delete");
        LedgerServer.execute(database, "ALTER PUBLICATION ledger_connect SET (publish = 'insert')");
        expect("publication.name", "does not publish update, delete, truncate");
        settings.put("skipped.operations", "u,d,t");
        expectNothing();
    }

    @Test
    void warnsOnceAStartOfWhatThePublicationHoldsBack() throws Exception {
        LedgerServer.requireVersion(15);
        LedgerServer.execute(database, "CREATE TABLE pairs (a int PRIMARY KEY, b int, c int)");
        publish("FOR TABLE accounts WHERE (id > 7), pairs (a, b)");
        String errors = Logged.during(() -> {
            expectNothing();
            Map<Map<String, ?>, Map<String, Object>> offsets = new HashMap<>();
            try (RunningTask task = new RunningTask(settings, offsets)) {
                task.store(task.pollUntil(RunningTask::isWatermark));
                LedgerServer.execute(database, "SELECT pg_terminate_backend(" + LedgerServer.walsender(database) + ")");
                task.pollThroughNow(database);
            }
            try (RunningTask task = new RunningTask(settings, offsets)) {
                task.pollUntil(RunningTask::isWatermark);
            }
        });
        String warning = "ledger_connect holds back part of the ledger, which will not arrive: public.accounts has rows"
                + " WHERE (id > 7) only; public.pairs lacks columns [c]";
        assertThat(errors.split(Pattern.quote(warning), -1)).as(errors).hasSize(1 + 2);
    }

    @Test
    void namesAPublicationThatShowsPartitions() throws SQLException {
        LedgerServer.execute(
                database,
                "CREATE TABLE entries (id int PRIMARY KEY) PARTITION BY RANGE (id)",
                "CREATE TABLE entries1 PARTITION OF entries DEFAULT");
        publish("FOR TABLE accounts, entries");
        expect("publication.name", "SET (publish_via_partition_root = true);");
    }

    @Test
    void namesAPublicationThatIsNotThereAndNotToBeCreated() {
        settings.put("publication.autocreate.mode", "disabled");
        expect("publication.name", "CREATE PUBLICATION ledger_connect FOR TABLE public.accounts");
    }

    @Test
    void namesAPublicationThatTheRoleMayNotCreate() throws SQLException {
        captureAs("modest", "GRANT SELECT ON accounts TO ?");
        expect("publication.autocreate.mode", "CREATE PUBLICATION ledger_connect", "modest_" + database);
    }
}
