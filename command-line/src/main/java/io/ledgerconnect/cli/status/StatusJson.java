package io.ledgerconnect.cli.status;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ledgerconnect.cli.connection.ConnectorState;
import io.ledgerconnect.cli.status.PipelineStatus.Gap;
import io.ledgerconnect.cli.status.PipelineStatus.WaitingChannel;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The status for programs; what is not known is null. */
public final class StatusJson {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private StatusJson() {}

    public static ObjectNode of(List<PipelineStatus> statuses, Optional<ConnectorState> connector) {
        ObjectNode all = JSON.objectNode();
        ArrayNode pipelines = all.putArray("pipelines");
        statuses.forEach(status -> pipelines.add(of(status)));
        connector.ifPresent(state -> all.set("connector", of(state)));
        return all;
    }

    private static ObjectNode of(ConnectorState state) {
        ObjectNode node = JSON.objectNode().put("state", state.state());
        ArrayNode tasks = node.putArray("tasks");
        state.tasks().forEach(tasks::add);
        return node.put("failure", state.failure().orElse(null));
    }

    private static ObjectNode of(PipelineStatus status) {
        ObjectNode node = JSON.objectNode()
                .put("pipeline", status.pipeline())
                .put("source", status.source())
                .put("complete_through_lsn", status.lsn().orElse(null))
                .put(
                        "complete_through_time",
                        status.time().map(Instant::toString).orElse(null))
                .put("lag_seconds", status.lagSeconds().orElse(null))
                .put("received_through_lsn", status.receivedLsn().orElse(null))
                .put("lag_bytes", status.lagBytes().orElse(null))
                .put("quarantined", status.quarantined())
                .put("quarantined_below", status.quarantinedBelow());
        node.set("first_gap", status.firstGap().<ObjectNode>map(StatusJson::of).orElse(null));
        ArrayNode channels = node.putArray("waiting_channels");
        status.channels().forEach(channel -> channels.add(of(channel)));
        ArrayNode streams = node.putArray("waiting_streams");
        status.waitingStreams()
                .forEach(stream ->
                        streams.addObject().put("stream", stream.stream()).put("start_lsn", stream.startLsn()));
        return node;
    }

    private static ObjectNode of(Gap gap) {
        return JSON.objectNode()
                .put("channel", gap.channel())
                .put("partition", gap.partition())
                .put("stream", gap.stream())
                .put("missing_sequence", gap.missingSequence())
                .put("after_position", gap.afterPosition())
                .put("next_sequence", gap.nextSequence().orElse(null))
                .put("topic_partition", gap.where());
    }

    private static ObjectNode of(WaitingChannel channel) {
        return JSON.objectNode()
                .put("channel", channel.channel())
                .put("partition", channel.partition())
                .put("stream", channel.stream())
                .put("applied_sequence", channel.applied())
                .put("needed_sequence", channel.needed())
                .put("reads_on_at", channel.where().orElse(null));
    }
}
