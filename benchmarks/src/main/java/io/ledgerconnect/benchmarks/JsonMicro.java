package io.ledgerconnect.benchmarks;

import io.ledgerconnect.common.json.LedgerJsonConverter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.storage.Converter;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** Per record: a change's value to JSON and back, by our converter and by Kafka's. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(MicroLedger.ROWS)
public class JsonMicro {
    @Param({"ledger", "kafka"})
    public String converter;

    @Param({"true", "false"})
    public boolean schemas;

    private Converter values;
    private List<SourceRecord> records;
    private List<byte[]> written;

    @Setup
    public void open() throws Exception {
        values = converter.equals("ledger") ? new LedgerJsonConverter() : new JsonConverter();
        values.configure(Map.of("schemas.enable", schemas), false);
        try (MicroLedger ledger = MicroLedger.open()) {
            records = ledger.records();
        }
        written = records.stream().map(this::json).toList();
    }

    private byte[] json(SourceRecord change) {
        return values.fromConnectData(change.topic(), change.valueSchema(), change.value());
    }

    @Benchmark
    public void write(Blackhole seen) {
        for (SourceRecord change : records) {
            seen.consume(json(change));
        }
    }

    @Benchmark
    public void read(Blackhole seen) {
        for (byte[] json : written) {
            seen.consume(values.toConnectData("payments", json));
        }
    }
}
