package io.ledgerconnect.sink;

import java.util.Collection;
import java.util.Map;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;

/** One task of the sink: an adapter between Connect and the pipeline. */
public final class ReportingSinkTask extends SinkTask {
    @Override
    public String version() {
        return Version.current();
    }

    @Override
    public void start(Map<String, String> properties) {}

    @Override
    public void put(Collection<SinkRecord> records) {}

    @Override
    public void stop() {}
}
