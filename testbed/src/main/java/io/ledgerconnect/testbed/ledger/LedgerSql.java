package io.ledgerconnect.testbed.ledger;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;

/** The scripts of {@code config/sql/}, and the roles they create. */
public final class LedgerSql {
    /** Books payments: what {@link LedgerWorkload} logs in as. */
    public static final String APP_ROLE = "ledger_app";
    /** What the source connector logs in as. */
    public static final String CAPTURE_ROLE = "ledger_capture";
    /** What the sink connector logs in as. */
    public static final String WRITER_ROLE = "reporting_writer";

    private final Path directory;

    private LedgerSql(Path directory) {
        this.directory = directory;
    }

    /** The scripts of the project whose root is {@code projectRoot}. */
    public static LedgerSql of(Path projectRoot) {
        return new LedgerSql(projectRoot.resolve("config").resolve("sql"));
    }

    /**
     * The scripts of the project that the working directory belongs to.
     *
     * @throws IllegalStateException when it belongs to none
     */
    public static LedgerSql find() {
        return of(projectRoot());
    }

    /** The nearest directory, from the working directory upwards, that has {@code config/sql/}. */
    public static Path projectRoot() {
        Path start = Path.of("").toAbsolutePath();
        for (Path directory = start; directory != null; directory = directory.getParent()) {
            if (Files.isDirectory(directory.resolve("config").resolve("sql"))) {
                return directory;
            }
        }
        throw new IllegalStateException("Neither " + start + " nor a directory above it has config/sql");
    }

    /** Creates the ledger in an empty database, as superuser: tables, the application's and the capturing role. */
    public void createLedger(Connection connection, String appPassword, String capturePassword) throws SQLException {
        script("ledger.sql").run(connection, Map.of("app_password", appPassword));
        script("capture.sql").run(connection, Map.of("capture_password", capturePassword));
    }

    /** Prepares an empty reporting database: the sink's role and schemas. */
    public void createReporting(Connection connection, String reportingPassword) throws SQLException {
        script("reporting.sql").run(connection, Map.of("reporting_password", reportingPassword));
    }

    private SqlScript script(String name) {
        return SqlScript.read(directory.resolve(name));
    }
}
