package io.ledgerconnect.cli.doctor;

import io.ledgerconnect.cli.connection.ConnectorSettings;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;

/** The ledger's server, and what its publication sends. */
final class LedgerChecks {
    private static final String SERVER = """
            SELECT current_setting('server_version') AS version, current_setting('wal_level') AS wal_level,
                   current_setting('fsync') AS fsync, current_setting('full_page_writes') AS full_page_writes,
                   pg_is_in_recovery() AS standby,
                   current_setting('max_replication_slots')::int
                       - (SELECT count(*) FROM pg_replication_slots) AS free_slots,
                   current_setting('max_wal_senders')::int
                       - (SELECT count(*) FROM pg_stat_replication) AS free_senders""";
    private static final String PREPARED = """
            SELECT gid, round(extract(epoch FROM now() - prepared) / 60)::text AS minutes
            FROM pg_prepared_xacts WHERE prepared < now() - interval '10 minutes' ORDER BY prepared LIMIT 1""";
    /** Only those that the role may see. */
    private static final String OPEN = """
            SELECT pid::text, round(extract(epoch FROM now() - xact_start) / 60)::text AS minutes
            FROM pg_stat_activity
            WHERE backend_xid IS NOT NULL AND xact_start < now() - interval '10 minutes' ORDER BY xact_start LIMIT 1""";

    private static final String PUBLICATION = """
            SELECT pubinsert AND pubupdate AND pubdelete AND pubtruncate AS whole FROM pg_publication WHERE pubname = ?""";
    /** Row filters and column lists came with PostgreSQL 15. */
    private static final String TABLES = """
            SELECT t.schemaname || '.' || t.tablename AS name, format('%I.%I', t.schemaname, t.tablename) AS quoted,
                   c.relreplident AS identity, to_jsonb(t) ->> 'rowfilter' AS filter,
                   EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary) AS keyed
            FROM pg_publication_tables t
            JOIN pg_namespace n ON n.nspname = t.schemaname
            JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = t.tablename
            WHERE t.pubname = ? ORDER BY 1""";

    private final Answers ledger;
    private final Connection connection;
    private final Diagnosis diagnosis;

    LedgerChecks(Connection connection, Diagnosis diagnosis) {
        this.connection = connection;
        this.ledger = new Answers(connection);
        this.diagnosis = diagnosis;
    }

    /** @param source the capture's settings, where they are known */
    void look(Optional<ConnectorSettings> source) throws SQLException {
        server();
        transactions();
        if (source.isPresent()) {
            publication(source.get().get("publication.name").orElse("ledger_connect"));
            new SlotChecks(connection, diagnosis).look(source.get());
        }
    }

    private void server() throws SQLException {
        Map<String, String> server = ledger.row(SERVER).orElseThrow();
        diagnosis.saw("ledger", "PostgreSQL " + server.get("version") + ", wal_level=" + server.get("wal_level"));
        ServerChecks.durable("ledger", server, diagnosis);
        if (!server.get("wal_level").equals("logical")) {
            diagnosis.stopped(
                    "ledger",
                    "wal_level=" + server.get("wal_level")
                            + ": the WAL does not say which rows have changed, so nothing can be" + " captured.",
                    "ALTER SYSTEM SET wal_level = 'logical';  -- and restart the server");
        }
        if (Integer.parseInt(server.get("free_slots")) < 1) {
            diagnosis.warning(
                    "ledger",
                    "No replication slot is free: neither an audit nor a fresh snapshot can be taken, and a slot that is lost"
                            + " cannot be replaced.",
                    "ALTER SYSTEM SET max_replication_slots = …;  -- and restart the server; or drop a slot that nobody reads");
        }
        if (Integer.parseInt(server.get("free_senders")) < 1) {
            diagnosis.warning(
                    "ledger",
                    "No WAL sender is free: an audit's snapshot, and a task that connects again while its former connection"
                            + " still hangs, are refused.",
                    "ALTER SYSTEM SET max_wal_senders = …;  -- and restart the server");
        }
    }

    private void transactions() throws SQLException {
        ledger.row(PREPARED)
                .ifPresent(row -> diagnosis.problem(
                        "ledger",
                        "A prepared transaction has been open for " + row.get("minutes")
                                + " minutes: the slot holds all WAL since then, and no snapshot or audit can begin.",
                        "COMMIT PREPARED or ROLLBACK PREPARED '"
                                + row.get("gid").replace("'", "''") + "';"));
        ledger.row(OPEN)
                .ifPresent(row -> diagnosis.warning(
                        "ledger",
                        "A transaction that writes has been open for " + row.get("minutes")
                                + " minutes: the slot holds all WAL since then, and no snapshot or audit can begin.",
                        "SELECT pg_terminate_backend(" + row.get("pid") + ");  -- if nobody needs it"));
    }

    private void publication(String name) throws SQLException {
        String subject = "publication " + name;
        Optional<Map<String, String>> publication = ledger.row(PUBLICATION, name);
        if (publication.isEmpty()) {
            diagnosis.problem(
                    subject,
                    "It is not there: the source cannot start, or has stopped.",
                    "Make it as config/sql/capture.sql does, and begin anew if the source had already captured by it.");
            return;
        }
        if (publication.get().get("whole").equals("f")) {
            diagnosis.problem(
                    subject,
                    "It leaves out some of insert, update, delete and truncate: these changes do not arrive.",
                    "ALTER PUBLICATION " + name
                            + " SET (publish = 'insert, update, delete, truncate');  -- and begin anew");
        }
        var tables = ledger.rows(TABLES, name);
        diagnosis.saw(subject, tables.size() + " tables");
        tables.forEach(table -> table(subject, table));
    }

    private void table(String subject, Map<String, String> table) {
        String alter = "ALTER TABLE " + table.get("quoted") + " REPLICA IDENTITY ";
        boolean isNothing = table.get("identity").equals("n");
        boolean lacksKey =
                table.get("identity").equals("d") && table.get("keyed").equals("f");
        if (isNothing || lacksKey) {
            diagnosis.problem(
                    subject,
                    "Table " + table.get("name") + (isNothing ? " has REPLICA IDENTITY NOTHING" : " has no primary key")
                            + ": the WAL does not say which row was changed, and the server refuses to update or delete its"
                            + " rows while it is published.",
                    isNothing ? alter + "DEFAULT;" : "Add a primary key; or " + alter + "FULL;");
        }
        if (table.get("filter") != null) {
            diagnosis.warning(
                    subject,
                    "A row filter holds back rows of " + table.get("name")
                            + ": they do not arrive, and an audit names them as" + " missing.",
                    "");
        }
    }
}
