package io.ledgerconnect.testbed.quickstart;

import io.ledgerconnect.testbed.ConnectSpec;
import io.ledgerconnect.testbed.ConnectWorker;
import io.ledgerconnect.testbed.KafkaBroker;
import io.ledgerconnect.testbed.KafkaSpec;
import io.ledgerconnect.testbed.Postgres;
import io.ledgerconnect.testbed.PostgresSpec;
import io.ledgerconnect.testbed.Testbed;
import io.ledgerconnect.testbed.ledger.Database;
import io.ledgerconnect.testbed.ledger.LedgerSql;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** The servers of the quickstart, with both databases prepared and both plugins installed. */
record Servers(Postgres ledger, Postgres reporting, KafkaBroker kafka, ConnectWorker worker, Passwords passwords) {
    private static final String LEDGER = "ledger";
    private static final String REPORTING = "reporting";

    /** Starts them, those at the same time that do not need each other. */
    static Servers start(Testbed testbed, Path projectRoot, Terminal terminal) {
        Passwords passwords = Passwords.random();
        LedgerSql sql = LedgerSql.of(projectRoot);
        terminal.println("Starting two PostgreSQL servers and a Kafka broker ...");
        var ledger = CompletableFuture.supplyAsync(() -> postgres(
                testbed, LEDGER, connection -> sql.createLedger(connection, passwords.app(), passwords.capture())));
        var reporting = CompletableFuture.supplyAsync(() ->
                postgres(testbed, REPORTING, connection -> sql.createReporting(connection, passwords.reporting())));
        var kafka = CompletableFuture.supplyAsync(() -> testbed.startKafka(KafkaSpec.defaults()));
        try {
            KafkaBroker broker = kafka.join();
            terminal.println("Starting a Connect worker with both plugins on its plugin path ...");
            ConnectSpec spec = workerSpec(testbed, projectRoot, passwords, ledger.join(), reporting.join());
            ConnectWorker worker = testbed.startConnect(broker, spec);
            return new Servers(ledger.join(), reporting.join(), broker, worker, passwords);
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private interface Preparation {
        void prepare(Connection connection) throws SQLException;
    }

    private static Postgres postgres(Testbed testbed, String database, Preparation preparation) {
        Postgres server = testbed.startPostgres(PostgresSpec.defaults());
        try {
            server.createDatabase(database);
            try (Connection connection = server.connect(database)) {
                preparation.prepare(connection);
            }
            return server;
        } catch (SQLException e) {
            throw new QuickstartException("config/sql does not run on the " + database + " database", e);
        }
    }

    private static ConnectSpec workerSpec(
            Testbed testbed, Path projectRoot, Passwords passwords, Postgres ledger, Postgres reporting) {
        ConnectSpec spec = ConnectSpec.defaults().withPluginPath(plugins(testbed, projectRoot));
        Path settings = projectRoot.resolve("config").resolve("worker.properties");
        for (var setting : WorkerSettings.read(settings).entrySet()) {
            spec = spec.withProperty(setting.getKey(), setting.getValue());
        }
        for (var variable : environment(passwords, ledger, reporting).entrySet()) {
            spec = spec.withEnvironment(variable.getKey(), variable.getValue());
        }
        return spec;
    }

    private static Path plugins(Testbed testbed, Path projectRoot) {
        try {
            Path directory = Files.createDirectory(testbed.directory().resolve("plugins"));
            PluginArchives.unpack(projectRoot, directory);
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the connectors' configuration refers to as {@code ${env:...}}. */
    private static Map<String, String> environment(Passwords passwords, Postgres ledger, Postgres reporting) {
        return Map.of(
                "LEDGER_HOST", ledger.host(),
                "LEDGER_PORT", Integer.toString(ledger.port()),
                "LEDGER_DATABASE", LEDGER,
                "LEDGER_CAPTURE_PASSWORD", passwords.capture(),
                "REPORTING_HOST", reporting.host(),
                "REPORTING_PORT", Integer.toString(reporting.port()),
                "REPORTING_DATABASE", REPORTING,
                "REPORTING_PASSWORD", passwords.reporting());
    }

    /** The ledger, as the payment application logs in. */
    Database app() {
        return new Database(ledger.jdbcUrl(LEDGER), LedgerSql.APP_ROLE, passwords.app());
    }

    /** The ledger, as an auditor who may read everything. */
    Database ledgerDatabase() {
        return new Database(ledger.jdbcUrl(LEDGER), ledger.user(), ledger.password());
    }

    Database reportingDatabase() {
        return new Database(reporting.jdbcUrl(REPORTING), LedgerSql.WRITER_ROLE, passwords.reporting());
    }
}
