package io.ledgerconnect.testbed.pipeline;

import io.ledgerconnect.testbed.ConnectRest;
import io.ledgerconnect.testbed.ConnectSpec;
import io.ledgerconnect.testbed.ConnectWorker;
import io.ledgerconnect.testbed.KafkaBroker;
import io.ledgerconnect.testbed.KafkaSpec;
import io.ledgerconnect.testbed.Postgres;
import io.ledgerconnect.testbed.PostgresSpec;
import io.ledgerconnect.testbed.Testbed;
import io.ledgerconnect.testbed.ledger.Database;
import io.ledgerconnect.testbed.ledger.LedgerAudit;
import io.ledgerconnect.testbed.ledger.LedgerSql;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The servers of a pipeline, with both databases prepared and both plugins installed. No connector is registered yet.
 * They end with their testbed. Safe for use by several threads.
 */
public final class Pipeline {
    private static final String LEDGER = "ledger";
    private static final String REPORTING = "reporting";

    private final Path config;
    private final Postgres ledger;
    private final Postgres reporting;
    private final KafkaBroker kafka;
    private final ConnectSpec workerSpec;
    private final List<ConnectWorker> workers;
    private final Passwords passwords;

    private Pipeline(
            Path config,
            Postgres ledger,
            Postgres reporting,
            KafkaBroker kafka,
            ConnectSpec workerSpec,
            List<ConnectWorker> workers,
            Passwords passwords) {
        this.config = config;
        this.ledger = ledger;
        this.reporting = reporting;
        this.kafka = kafka;
        this.workerSpec = workerSpec;
        this.workers = workers;
        this.passwords = passwords;
    }

    /**
     * Starts the servers, those at the same time that do not need each other.
     *
     * @param progress is told what is being done
     * @throws PipelineException when the plugins are not built, or the SQL of {@code config/} does not run
     */
    public static Pipeline start(Testbed testbed, PipelineSpec spec, Consumer<String> progress) {
        Passwords passwords = Passwords.random();
        LedgerSql sql = LedgerSql.of(spec.projectRoot());
        progress.accept("Starting two PostgreSQL servers and a Kafka broker ...");
        var ledger = together(() -> postgres(
                testbed,
                spec.ledger(),
                LEDGER,
                connection -> sql.createLedger(connection, passwords.app(), passwords.capture())));
        var reporting = together(() -> postgres(
                testbed,
                spec.reporting(),
                REPORTING,
                connection -> sql.createReporting(connection, passwords.reporting())));
        var kafka = together(() -> testbed.startKafka(KafkaSpec.defaults()));
        ConnectSpec workerSpec = workerSpec(testbed, spec, environment(passwords, result(ledger), result(reporting)));
        KafkaBroker broker = result(kafka);
        progress.accept("Starting "
                + (spec.workers() == 1 ? "a Connect worker" : spec.workers() + " Connect workers")
                + " with both plugins on the plugin path ...");
        List<CompletableFuture<ConnectWorker>> workers = Stream.generate(
                        () -> together(() -> testbed.startConnect(broker, workerSpec)))
                .limit(spec.workers())
                .toList();
        return new Pipeline(
                spec.config(),
                result(ledger),
                result(reporting),
                broker,
                workerSpec,
                workers.stream().map(Pipeline::result).toList(),
                passwords);
    }

    private static <T> CompletableFuture<T> together(java.util.function.Supplier<T> start) {
        return CompletableFuture.supplyAsync(start, command -> new Thread(command, "pipeline-start").start());
    }

    private static <T> T result(CompletableFuture<T> future) {
        try {
            return future.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private interface Preparation {
        void prepare(Connection connection) throws SQLException;
    }

    private static Postgres postgres(Testbed testbed, PostgresSpec spec, String database, Preparation preparation) {
        Postgres server = testbed.startPostgres(spec);
        try {
            server.createDatabase(database);
            try (Connection connection = server.connect(database)) {
                preparation.prepare(connection);
            }
            return server;
        } catch (SQLException e) {
            throw new PipelineException("config/sql does not run on the " + database + " database", e);
        }
    }

    private static ConnectSpec workerSpec(Testbed testbed, PipelineSpec pipeline, Map<String, String> environment) {
        ConnectSpec spec = ConnectSpec.defaults().withPluginPath(plugins(testbed, pipeline.projectRoot()));
        Map<String, String> settings = WorkerSettings.read(pipeline.config().resolve("worker.properties"));
        settings.putAll(pipeline.workerProperties());
        for (var setting : settings.entrySet()) {
            spec = spec.withProperty(setting.getKey(), setting.getValue());
        }
        for (var variable : environment.entrySet()) {
            spec = spec.withEnvironment(variable.getKey(), variable.getValue());
        }
        return spec;
    }

    private static Path plugins(Testbed testbed, Path projectRoot) {
        try {
            Path directory = Files.createTempDirectory(testbed.directory(), "plugins-");
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

    public Postgres ledger() {
        return ledger;
    }

    public Postgres reporting() {
        return reporting;
    }

    public KafkaBroker kafka() {
        return kafka;
    }

    /** The workers of {@link PipelineSpec#workers}, in the order of their start. */
    public List<ConnectWorker> workers() {
        return workers;
    }

    /** How its workers are started; for further ones. */
    public ConnectSpec workerSpec() {
        return workerSpec;
    }

    /** The REST API of the first worker. */
    public ConnectRest rest() {
        return workers.get(0).rest();
    }

    /** The connectors of {@code config/}, over the first worker's REST API. */
    public Connectors connectors() {
        return new Connectors(rest(), config);
    }

    /** The ledger, as the payment application logs in. */
    public Database app() {
        return new Database(ledger.jdbcUrl(LEDGER), LedgerSql.APP_ROLE, passwords.app());
    }

    /** The ledger, as an auditor who may read everything. */
    public Database ledgerDatabase() {
        return new Database(ledger.jdbcUrl(LEDGER), ledger.user(), ledger.password());
    }

    /** The reporting store, as the sink connector logs in. */
    public Database reportingDatabase() {
        return new Database(reporting.jdbcUrl(REPORTING), LedgerSql.WRITER_ROLE, passwords.reporting());
    }

    /** An audit of what the connectors of {@code config/} carry. */
    public LedgerAudit audit() {
        return new LedgerAudit(
                ledgerDatabase(), reportingDatabase(), connectors().pipelineName());
    }
}
