package io.ledgerconnect.sink;

import io.ledgerconnect.common.watermark.Watermark;
import io.ledgerconnect.sink.config.SinkConfig;
import io.ledgerconnect.sink.config.SinkSettings;
import io.ledgerconnect.sink.validate.ConfigValidation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkConnector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the changes of a PostgreSQL ledger into a PostgreSQL reporting store, each exactly once and in order. */
public final class ReportingSinkConnector extends SinkConnector {
    private static final Logger log = LoggerFactory.getLogger(ReportingSinkConnector.class);

    /** What a task learns of its number, which the worker does not tell it. */
    static final String TASK_NUMBER = "ledger-connect.task";

    private Map<String, String> properties;

    @Override
    public String version() {
        return Version.current();
    }

    @Override
    public ConfigDef config() {
        return SinkSettings.definition();
    }

    @Override
    public Config validate(Map<String, String> properties) {
        return ConfigValidation.validate(properties);
    }

    @Override
    public void start(Map<String, String> properties) {
        SinkConfig config = SinkConfig.parse(properties);
        if (config.topics().names().stream().noneMatch(topic -> topic.endsWith(Watermark.TOPIC_SUFFIX))
                && !config.topics().names().isEmpty()) {
            log.warn(
                    "None of the topics of pipeline {} ends with {}, so ledger_connect.status cannot tell through which position it is complete: add the source's watermark topic",
                    config.pipeline(),
                    Watermark.TOPIC_SUFFIX);
        }
        this.properties = Map.copyOf(properties);
    }

    @Override
    public Class<? extends Task> taskClass() {
        return ReportingSinkTask.class;
    }

    @Override
    public List<Map<String, String>> taskConfigs(int maxTasks) {
        return IntStream.range(0, maxTasks).mapToObj(this::taskConfig).toList();
    }

    private Map<String, String> taskConfig(int number) {
        Map<String, String> config = new HashMap<>(properties);
        config.put(TASK_NUMBER, Integer.toString(number));
        return config;
    }

    /**
     * Kafka's offsets are hints here: what has been applied is known by position in the reporting store, so any offset
     * that can exist is fine.
     */
    @Override
    public boolean alterOffsets(Map<String, String> config, Map<TopicPartition, Long> offsets) {
        offsets.forEach((partition, offset) -> {
            if (offset != null && offset < 0) {
                throw new ConnectException("The offset " + offset + " for " + partition + " is negative");
            }
        });
        return true;
    }

    @Override
    public void stop() {
        // The connector itself holds nothing open.
    }
}
