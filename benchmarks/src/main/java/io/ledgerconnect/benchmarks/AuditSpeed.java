package io.ledgerconnect.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ledgerconnect.cli.LedgerConnect;
import io.ledgerconnect.testbed.Postgres;
import io.ledgerconnect.testbed.PostgresSpec;
import io.ledgerconnect.testbed.Testbed;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Map;
import org.postgresql.PGConnection;
import picocli.CommandLine;

/**
 * How long an audit of one large table takes, how much of that the databases work, and how many bytes it moves, beside
 * dumping both tables over the same connections, without comparing them.
 *
 * <p>Arguments: rows, rounds. Properties: {@code threads}, {@code pace}.
 */
public final class AuditSpeed {
    private static final String SERVERS_CPU = "servers_cpu_seconds";
    private static final String BYTES = "network_bytes";
    private static final String LEDGER = "ledger";
    private static final String REPORTING = "reporting";
    private static final String COLUMNS = "id, account_id, transfer_id, amount, currency, balance, note, created_at";
    private static final String ROWS = """
            SELECT i AS id, md5((i %% 100000)::text)::uuid AS account_id, md5(i::text)::uuid AS transfer_id,
                   (i * 7919 %% 1000000) - 500000 AS amount, (ARRAY['EUR', 'USD', 'KRW'])[1 + i %% 3]::char(3) AS currency,
                   (i * 104729 %% 100000000)::numeric(20, 4) AS balance,
                   CASE WHEN i %% 4 = 0 THEN 'note of entry ' || i END AS note,
                   timestamptz '2026-01-01' + i * interval '1 ms' AS created_at
            FROM generate_series(1::bigint, %d) i""";
    private static final String TABLE = """
            id bigint PRIMARY KEY, account_id uuid NOT NULL, transfer_id uuid NOT NULL, amount bigint NOT NULL,
            currency char(3) NOT NULL, balance numeric(20, 4), note text, created_at timestamptz NOT NULL""";

    private final Postgres ledger;
    private final Postgres reporting;
    private final CountingRelay ledgerRelay;
    private final CountingRelay reportingRelay;
    private final long rows;
    private final Measurements measurements;

    private AuditSpeed(Postgres ledger, Postgres reporting, long rows) throws IOException, SQLException {
        this.ledger = ledger;
        this.reporting = reporting;
        this.ledgerRelay = new CountingRelay(ledger.host(), ledger.port());
        this.reportingRelay = new CountingRelay(reporting.host(), reporting.port());
        this.rows = rows;
        this.measurements = new Measurements("audit")
                .on(ledger)
                .with("rows", rows)
                .with("threads", System.getProperty("threads", "2"))
                .with("pace", System.getProperty("pace", "0"));
    }

    public static void main(String[] arguments) throws Exception {
        long rows = Long.parseLong(arguments[0]);
        int rounds = Integer.parseInt(arguments[1]);
        PostgresSpec spec = PostgresSpec.defaults().withSetting("max_wal_size", "8GB");
        try (Testbed testbed = Testbed.open()) {
            AuditSpeed speed = new AuditSpeed(testbed.startPostgres(spec), testbed.startPostgres(spec), rows);
            System.out.printf(Locale.ROOT, "filling both tables with %,d rows ...%n", rows);
            speed.fill();
            for (int round = 1; round <= rounds; round++) {
                speed.audit();
                speed.dump();
            }
            speed.measurements.compare(Measurements.SECONDS, "audit", "dump");
            speed.measurements.compare(SERVERS_CPU, "audit", "dump");
            speed.measurements.compare(BYTES, "audit", "dump");
            speed.measurements.finish();
        }
    }

    private void fill() throws SQLException, IOException {
        ledger.createDatabase(LEDGER);
        ledger.execute(LEDGER, "CREATE TABLE entries (" + TABLE + ")");
        ledger.execute(LEDGER, "INSERT INTO entries " + ROWS.formatted(rows));
        ledger.execute(LEDGER, "VACUUM ANALYZE entries");
        reporting.createDatabase(REPORTING);
        reporting.execute(REPORTING, "CREATE SCHEMA ledger_connect; CREATE SCHEMA reporting");
        try (InputStream script = AuditSpeed.class.getResourceAsStream("/io/ledgerconnect/sink/state/v1.sql")) {
            reporting.execute(REPORTING, new String(script.readAllBytes(), StandardCharsets.UTF_8));
        }
        reporting.execute(
                REPORTING,
                "CREATE TABLE reporting.entries (" + TABLE
                        + ", _lsn pg_lsn NOT NULL, _ordinal bigint NOT NULL, _committed_at timestamptz)");
        reporting.execute(
                REPORTING,
                "INSERT INTO reporting.entries SELECT r.*, '0/1'::pg_lsn, r.id, now() FROM (" + ROWS.formatted(rows)
                        + ") r");
        reporting.execute(REPORTING, "VACUUM ANALYZE reporting.entries");
        state(source());
    }

    /** What a sink would have written that has everything, for all time to come. */
    private void state(String source) throws SQLException {
        reporting.execute(
                REPORTING,
                "INSERT INTO ledger_connect.stream VALUES ('bench', '" + source
                        + "', 'slot@1', '0/1', true, 'active');"
                        + "INSERT INTO ledger_connect.target VALUES ('reporting.entries', 'bench', '" + source
                        + "', 'public.entries');"
                        + "INSERT INTO ledger_connect.applied VALUES ('bench', '" + source
                        + "', 'public.entries', 0, 'ledger.public.entries', '0/1', 1, now(), true);"
                        + "INSERT INTO ledger_connect.watermark VALUES ('bench', '" + source
                        + "', 'slot@1', 'FFFF/0', now(), '{}', '{}', '{}', '{}')");
    }

    private String source() throws SQLException {
        try (Connection connection = ledger.connect(LEDGER);
                var statement = connection.createStatement();
                var row = statement.executeQuery(
                        "SELECT system_identifier || '/' || current_database() FROM pg_control_system()")) {
            row.next();
            return row.getString(1);
        }
    }

    private static String url(CountingRelay relay, String database) {
        return "jdbc:postgresql://localhost:" + relay.port() + '/' + database;
    }

    private void audit() throws IOException {
        Map<String, String> environment = Map.of(
                "LEDGER_CONNECT_LEDGER_PASSWORD",
                ledger.password(),
                "LEDGER_CONNECT_STORE_PASSWORD",
                reporting.password());
        StringWriter said = new StringWriter();
        CommandLine command = LedgerConnect.commandLine(environment::get).setOut(new PrintWriter(said, true));
        takeBytes();
        double busyBefore = busySeconds();
        long start = System.nanoTime();
        int status = command.execute(
                "audit",
                "--json",
                "--no-store",
                "--threads",
                System.getProperty("threads", "2"),
                "--pace",
                System.getProperty("pace", "0"),
                "--ledger",
                url(ledgerRelay, LEDGER),
                "--ledger-user",
                ledger.user(),
                "--store",
                url(reportingRelay, REPORTING),
                "--store-user",
                reporting.user());
        double seconds = (System.nanoTime() - start) / 1e9;
        long bytes = takeBytes();
        if (status != CommandLine.ExitCode.OK) {
            throw new IllegalStateException("not equal: " + said);
        }
        JsonNode table =
                new ObjectMapper().readTree(said.toString()).path("tables").path(0);
        double asked = table.path("ledger_seconds").asDouble()
                + table.path("reporting_seconds").asDouble();
        double busy = busySeconds() - busyBefore;
        add("audit", seconds, busy, bytes);
        System.out.printf(
                Locale.ROOT,
                "audit     %.1f s, %,.0f rows/s; statements of %.1f s in all, %.1f s of the servers' processors; %,d bytes over"
                        + " the network%n",
                seconds,
                table.path("ledger_rows").asLong() / seconds,
                asked,
                busy,
                bytes);
    }

    private void add(String contender, double seconds, double busy, long bytes) {
        measurements.add(contender, Measurements.ROWS_PER_SECOND, rows / seconds);
        measurements.add(contender, Measurements.SECONDS, seconds);
        measurements.add(contender, SERVERS_CPU, busy);
        measurements.add(contender, BYTES, (double) bytes);
    }

    private double busySeconds() {
        return (ledger.usage().cpu().toMillis() + reporting.usage().cpu().toMillis()) / 1e3;
    }

    /** Both tables as text, without their comparison. */
    private void dump() throws SQLException, IOException {
        takeBytes();
        double busyBefore = busySeconds();
        long start = System.nanoTime();
        copy(url(ledgerRelay, LEDGER), ledger, "entries");
        copy(url(reportingRelay, REPORTING), reporting, "reporting.entries");
        double seconds = (System.nanoTime() - start) / 1e9;
        double busy = busySeconds() - busyBefore;
        long bytes = takeBytes();
        add("dump", seconds, busy, bytes);
        System.out.printf(
                Locale.ROOT,
                "dump      %.1f s, one after the other, %.1f s of the servers' processors; %,d bytes over the network%n",
                seconds,
                busy,
                bytes);
    }

    private static void copy(String url, Postgres server, String table) throws SQLException, IOException {
        try (Connection connection = DriverManager.getConnection(url, server.user(), server.password())) {
            connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyOut("COPY " + table + " (" + COLUMNS + ") TO STDOUT", OutputStream.nullOutputStream());
        }
    }

    private long takeBytes() {
        return ledgerRelay.takeBytes() + reportingRelay.takeBytes();
    }
}
