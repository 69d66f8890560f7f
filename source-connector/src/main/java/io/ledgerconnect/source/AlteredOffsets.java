package io.ledgerconnect.source;

import io.ledgerconnect.source.capture.RestartCheck;
import io.ledgerconnect.source.config.SourceConfig;
import io.ledgerconnect.source.offset.SourceOffset;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Offsets that an operator deletes or puts back over REST, while the connector is stopped. */
final class AlteredOffsets {
    private static final Logger LOG = LoggerFactory.getLogger(AlteredOffsets.class);

    private AlteredOffsets() {}

    /**
     * Returns when Connect may store them; changes nothing that is stored itself.
     *
     * @param offsets by their partitions; null is deleted, and nothing at all means that there was none to delete
     * @throws ConnectException with what is wrong, what it means and what mends it
     */
    static void accept(Map<String, String> settings, Map<Map<String, ?>, Map<String, ?>> offsets) {
        Map<String, String> own = SourceOffset.partition(settings.get("topic.prefix"));
        offsets.forEach((partition, offset) -> {
            if (offset != null && !own.equals(partition)) {
                throw new ConnectException("An offset is given for " + partition
                        + ", which this capture never reads: its own stands under " + json(own)
                        + ", by its topic.prefix. Nothing was changed. GET /connectors/NAME/offsets shows the form");
            }
        });
        Map<String, ?> offset = offsets.get(own);
        if (offset != null) {
            RestartCheck.require(settings, offset);
            return;
        }
        if (!offsets.isEmpty() && !offsets.containsKey(own)) {
            LOG.warn(
                    "The offset of this capture, {}, is not among those that are deleted: {}. If it has one, it goes on"
                            + " from there",
                    json(own),
                    offsets.keySet());
        }
        RestartCheck.forget(new SourceConfig(settings));
    }

    private static String json(Map<String, String> partition) {
        StringBuilder text = new StringBuilder();
        partition.forEach((name, value) ->
                text.append("{\"" + name + "\": \"").append(value).append("\"}"));
        return text.toString();
    }
}
