package io.ledgerconnect.sink.write;

import io.ledgerconnect.benchmarks.MicroLedger;
import io.ledgerconnect.common.json.LedgerJsonConverter;
import io.ledgerconnect.common.type.BinaryWriter;
import io.ledgerconnect.sink.config.SinkConfig;
import io.ledgerconnect.sink.config.TableName;
import io.ledgerconnect.sink.database.Database;
import io.ledgerconnect.sink.database.Transaction;
import io.ledgerconnect.sink.read.Batch;
import io.ledgerconnect.sink.read.Change;
import io.ledgerconnect.sink.read.ForeignRecords;
import io.ledgerconnect.sink.read.RecordReader;
import io.ledgerconnect.sink.target.TablePlan;
import io.ledgerconnect.sink.target.TablePlans;
import io.ledgerconnect.testbed.Postgres;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.storage.Converter;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** Per row, what the sink does with a batch before the server gets it: reading records, reducing and encoding rows. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(MicroLedger.ROWS)
public class SinkMicro {
    private final BinaryWriter out = new BinaryWriter(1 << 20);
    private List<SinkRecord> records;
    private SinkConfig config;
    private RecordReader reader;
    private List<Change> changes;
    private List<RowState> rows;
    private TablePlan plan;

    /** As a worker does it: through the converter, so that rows look as they do there. */
    @Setup
    public void open() throws Exception {
        try (MicroLedger ledger = MicroLedger.open()) {
            Postgres reporting = ledger.postgres();
            reporting.createDatabase("reporting");
            reporting.execute("reporting", "CREATE SCHEMA reporting");
            config = SinkConfig.parse(Map.of(
                    "topics", "micro.public.payments",
                    "connection.url", reporting.jdbcUrl("reporting"),
                    "connection.user", reporting.user(),
                    "connection.password", reporting.password(),
                    "pipeline.name", "micro"));
            reader = new RecordReader(
                    new ForeignRecords(topic -> Set.of()), config.maxBatchRows(), config.checksContent());
            records = received(ledger.records());
            changes = new ArrayList<>();
            for (Batch batch : reader.read(records)) {
                changes.addAll(batch.changes());
            }
            try (Database database = new Database(config.connection(), "micro");
                    Transaction transaction = database.begin()) {
                plan = new TablePlans(config.tables())
                        .plan(
                                transaction,
                                new TableName("reporting", "payments"),
                                records.get(0).keySchema(),
                                records.get(0).valueSchema());
            }
        }
        rows = Reduction.reduce(plan, changes);
    }

    private static List<SinkRecord> received(List<SourceRecord> sent) {
        Converter keys = converter(true);
        Converter values = converter(false);
        List<SinkRecord> received = new ArrayList<>();
        for (SourceRecord change : sent) {
            SchemaAndValue key = sent(keys, change.topic(), change.keySchema(), change.key());
            SchemaAndValue value = sent(values, change.topic(), change.valueSchema(), change.value());
            SinkRecord arrived = new SinkRecord(
                    change.topic(), 0, key.schema(), key.value(), value.schema(), value.value(), received.size());
            change.headers().forEach(arrived.headers()::add);
            received.add(arrived);
        }
        return received;
    }

    private static Converter converter(boolean keys) {
        Converter converter = new LedgerJsonConverter();
        converter.configure(Map.of("schemas.enable", true), keys);
        return converter;
    }

    private static SchemaAndValue sent(Converter converter, String topic, Schema schema, Object value) {
        return converter.toConnectData(topic, converter.fromConnectData(topic, schema, value));
    }

    @Benchmark
    public void read(Blackhole seen) throws SQLException {
        seen.consume(reader.read(records));
    }

    @Benchmark
    public void reduce(Blackhole seen) {
        seen.consume(Reduction.reduce(plan, changes));
    }

    @Benchmark
    public void encode(Blackhole seen) {
        out.clear();
        for (RowState row : rows) {
            UpsertWriter.encode(row, plan, out);
        }
        seen.consume(out.size());
    }
}
