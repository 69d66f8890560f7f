package io.ledgerconnect.source;

import io.ledgerconnect.common.Version;
import io.ledgerconnect.common.metrics.MetricsPublication;
import io.ledgerconnect.common.metrics.TaskName;
import io.ledgerconnect.source.capture.Acknowledgement;
import io.ledgerconnect.source.capture.Capture;
import io.ledgerconnect.source.check.Validation;
import io.ledgerconnect.source.config.DebeziumSettings;
import io.ledgerconnect.source.config.SourceConfig;
import io.ledgerconnect.source.metrics.SourceMetrics;
import io.ledgerconnect.source.offset.SourceOffset;
import io.ledgerconnect.source.record.RecordBatch;
import io.ledgerconnect.source.replication.LedgerDatabase;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.apache.kafka.connect.source.TransactionContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Adapts a {@link Capture} to Connect. */
public final class LedgerSourceTask extends SourceTask {
    private static final Logger LOG = LoggerFactory.getLogger(LedgerSourceTask.class);

    /** Connect looks for a stop or pause between polls. */
    private static final Duration POLL_PATIENCE = Duration.ofMillis(500);

    private static final int ONLY_TASK = 0;

    private Capture capture;
    private Acknowledgement acknowledgement;
    private TransactionContext transactions;
    private MetricsPublication metrics;

    @Override
    public List<SourceRecord> poll() throws InterruptedException {
        RecordBatch batch = capture.poll(POLL_PATIENCE);
        if (batch == null) {
            return null;
        }
        if (transactions != null && batch.lastOfTransaction() != null) {
            transactions.commitTransaction(batch.lastOfTransaction());
        }
        return batch.records();
    }

    /** Kafka has a record, or a transform dropped it. */
    @Override
    public void commitRecord(SourceRecord sent, RecordMetadata metadata) {
        acknowledgement.recordSent();
    }

    /** Connect has stored offsets. */
    @Override
    public void commit() {
        acknowledgement.offsetsStored();
    }

    @Override
    public void start(Map<String, String> settings) {
        Validation.requireSettings(settings);
        SourceConfig config = new SourceConfig(settings);
        warnOfUnknown(config);
        acknowledgement = new Acknowledgement(context.offsetStorageReader(), config.topicPrefix());
        transactions = transactionContext();
        capture = new Capture(
                config,
                new LedgerDatabase(config.connection(), config.connectorName()),
                () -> storedOffset(config),
                acknowledgement,
                Clock.systemUTC());
        metrics = MetricsPublication.open(
                new TaskName(config.connectorName(), ONLY_TASK),
                () -> context.pluginMetrics(),
                SourceMetrics.of(capture.progress()));
        capture.start();
    }

    private static void warnOfUnknown(SourceConfig config) {
        for (String setting : config.unknownSettings()) {
            LOG.warn(
                    DebeziumSettings.contains(setting)
                            ? "Debezium's setting {} has no effect here; doc/docs/migrating-from-debezium.md says what to do instead"
                            : "The setting {} is not known, neither here nor in Debezium, and has no effect",
                    setting);
        }
    }

    private Optional<SourceOffset> storedOffset(SourceConfig config) {
        Map<String, Object> stored = context.offsetStorageReader().offset(SourceOffset.partition(config.topicPrefix()));
        try {
            return Optional.ofNullable(stored).map(SourceOffset::parse);
        } catch (IllegalArgumentException e) {
            throw new ConnectException(
                    "The stored offset of " + config.topicPrefix() + " cannot be read: " + e.getMessage()
                            + ". It decides where the capture goes on, so nothing is captured without it. Restore it, or"
                            + " DELETE /connectors/NAME/offsets to begin anew with a fresh snapshot",
                    e);
        }
    }

    /** Null unless the worker runs with exactly-once support and the connector's transaction boundaries. */
    private TransactionContext transactionContext() {
        try {
            return context.transactionContext();
        } catch (NoSuchMethodError e) {
            return null; // a worker from before 3.3
        }
    }

    @Override
    public void stop() {
        if (metrics != null) {
            metrics.close();
        }
        if (capture != null) {
            capture.close();
        }
        if (acknowledgement != null) {
            acknowledgement.close();
        }
    }

    @Override
    public String version() {
        return Version.VERSION;
    }
}
