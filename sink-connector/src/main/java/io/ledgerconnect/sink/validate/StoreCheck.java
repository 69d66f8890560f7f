package io.ledgerconnect.sink.validate;

import io.ledgerconnect.sink.config.SinkConfig;
import io.ledgerconnect.sink.config.SinkSettings;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Whether a configuration's reporting store can be written, asked before anything starts. Changes nothing there. */
public final class StoreCheck {
    private static final int OLDEST_VERSION = 14;
    private static final String STATE_TABLES =
            "('applied', 'target', 'truncation', 'stream', 'channel', 'watermark', 'quarantine', 'gap', 'rollup')";

    private StoreCheck() {}

    /** Everything that is wrong; empty when nothing is. */
    public static List<Finding> findings(SinkConfig config) {
        if (!StoreConnection.namesRole(config.connection())) {
            return List.of(StoreConnection.MISSING_ROLE);
        }
        List<Finding> findings = new ArrayList<>();
        try (Connection connection = StoreConnection.open(config.connection())) {
            checkVersion(connection, findings);
            WritableCheck.finding(connection, config.connection()).ifPresent(findings::add);
            checkState(connection, findings);
            TargetCheck.check(connection, config, findings);
            if (findings.isEmpty()) {
                EnrichmentCheck.check(connection, config, findings);
            }
        } catch (SQLException e) {
            findings.add(StoreConnection.finding(config.connection(), e));
        }
        return findings;
    }

    private static void checkVersion(Connection connection, List<Finding> findings) throws SQLException {
        int version = connection.getMetaData().getDatabaseMajorVersion();
        if (version < OLDEST_VERSION) {
            findings.add(new Finding(
                    SinkSettings.CONNECTION_URL,
                    "The reporting store is PostgreSQL " + version + "; the sink needs " + OLDEST_VERSION
                            + " or newer"));
        }
    }

    private static void checkState(Connection connection, List<Finding> findings) throws SQLException {
        Privileges privileges = new Privileges(connection);
        String user = privileges.role();
        if (!privileges.schemaExists("ledger_connect")) {
            if (!privileges.mayCreateInDatabase()) {
                findings.add(new Finding(
                        SinkSettings.CONNECTION_USER,
                        "Role " + user
                                + " may not create the schema ledger_connect, in which the sink keeps what it has applied: GRANT CREATE ON DATABASE "
                                + privileges.database() + " TO " + user
                                + ", or as an owner CREATE SCHEMA ledger_connect AUTHORIZATION "
                                + user));
            }
        } else if (!privileges.tableExists("ledger_connect", "version")) {
            if (!privileges.inSchema("ledger_connect", "CREATE")) {
                findings.add(new Finding(
                        SinkSettings.CONNECTION_USER,
                        "Role " + user
                                + " may not create tables in the schema ledger_connect: GRANT CREATE, USAGE ON SCHEMA ledger_connect TO "
                                + user));
            }
        } else if (!privileges.inSchema("ledger_connect", "USAGE")
                || !privileges.mayWriteAll("ledger_connect", STATE_TABLES)) {
            findings.add(new Finding(
                    SinkSettings.CONNECTION_USER,
                    "Role " + user + " may not write the sink's own tables: GRANT USAGE ON SCHEMA ledger_connect TO "
                            + user + "; GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ledger_connect TO "
                            + user));
        }
    }
}
