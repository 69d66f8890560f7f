package io.ledgerconnect.sink;

import io.ledgerconnect.common.metrics.MetricsPublication;
import io.ledgerconnect.common.metrics.TaskName;
import io.ledgerconnect.sink.config.SinkConfig;
import io.ledgerconnect.sink.config.SinkSettings;
import io.ledgerconnect.sink.config.TableName;
import io.ledgerconnect.sink.database.Database;
import io.ledgerconnect.sink.enrich.DimensionWaits;
import io.ledgerconnect.sink.metrics.SinkMeters;
import io.ledgerconnect.sink.metrics.SinkMetrics;
import io.ledgerconnect.sink.metrics.TableMeters;
import io.ledgerconnect.sink.offset.Consumption;
import io.ledgerconnect.sink.read.Batch;
import io.ledgerconnect.sink.read.ForeignRecords;
import io.ledgerconnect.sink.read.RecordReader;
import io.ledgerconnect.sink.state.StatusStore;
import io.ledgerconnect.sink.state.TopicSources;
import java.time.Clock;
import java.util.Collection;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One task of the sink: an adapter between Connect and the pipeline. */
public final class ReportingSinkTask extends SinkTask {
    private static final Logger log = LoggerFactory.getLogger(ReportingSinkTask.class);

    private final Clock clock;
    private Database database;
    private Retries retries;
    private RecordReader reader;
    private Pipeline pipeline;
    private Consumption consumption;
    private Quarantined quarantined;
    private MetricsPublication metrics;
    private StatusWatch status;

    public ReportingSinkTask() {
        this(Clock.systemUTC());
    }

    ReportingSinkTask(Clock clock) {
        this.clock = clock;
    }

    @Override
    public String version() {
        return Version.current();
    }

    @Override
    public void start(Map<String, String> properties) {
        SinkConfig config = SinkConfig.parse(properties);
        database = new Database(config.connection(), "ledger-connect-sink " + config.pipeline());
        SinkMeters meters = new SinkMeters(clock, System::nanoTime, this::publish);
        retries = new Retries(context, database, config.maxBackoff(), clock, meters);
        reader = new RecordReader(
                new ForeignRecords(new TopicSources(database, config.pipeline())),
                config.maxBatchRows(),
                config.checksContent());
        DimensionWaits waits = new DimensionWaits(config, database, clock);
        pipeline = new Pipeline(config, database, meters, waits);
        consumption = new Consumption(context, database, config, clock, waits, meters);
        quarantined = new Quarantined(context);
        status = new StatusWatch(new StatusStore(database, config.pipeline()), meters, System::nanoTime);
        metrics = MetricsPublication.open(
                taskName(properties, config), () -> context.pluginMetrics(), SinkMetrics.of(meters));
        log.info("Pipeline {} writes to {}", config.pipeline(), config.connection());
    }

    private static TaskName taskName(Map<String, String> properties, SinkConfig config) {
        return new TaskName(
                properties.getOrDefault(SinkSettings.NAME, config.pipeline()),
                Integer.parseInt(properties.getOrDefault(ReportingSinkConnector.TASK_NUMBER, "0")));
    }

    private void publish(TableName table, TableMeters meters) {
        metrics.add(Map.of("table", table.toString()), SinkMetrics.of(meters));
    }

    @Override
    public void put(Collection<SinkRecord> records) {
        retries.run(() -> {
            consumption.begin();
            pipeline.prepare();
            for (Collection<SinkRecord> due = records; !due.isEmpty(); due = consumption.released(records)) {
                for (Batch batch : reader.read(due)) {
                    Pipeline.Outcome outcome = pipeline.apply(batch, consumption.held());
                    consumption.applied(batch, outcome.progress());
                    quarantined.report(outcome.quarantined());
                }
            }
            consumption.end();
            status.look();
        });
    }

    @Override
    public Map<TopicPartition, OffsetAndMetadata> preCommit(Map<TopicPartition, OffsetAndMetadata> read) {
        return consumption.committable(read.keySet());
    }

    /** Kafka's committed offsets are where reading begins; sequences and positions decide what is done with it. */
    @Override
    public void open(Collection<TopicPartition> partitions) {
        consumption.forget(partitions);
    }

    @Override
    public void close(Collection<TopicPartition> partitions) {
        consumption.forget(partitions);
    }

    @Override
    public void stop() {
        if (metrics != null) {
            metrics.close();
        }
        if (database != null) {
            database.close();
        }
    }
}
