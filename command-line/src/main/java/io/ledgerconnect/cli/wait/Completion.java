package io.ledgerconnect.cli.wait;

import io.ledgerconnect.cli.status.PipelineStatus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How a wait ended.
 *
 * @param statuses what was seen last
 * @param stop why waiting on does not help
 */
public record Completion(Result result, List<PipelineStatus> statuses, Duration waited, Optional<String> stop) {
    /** Whether it is there. */
    public enum Result {
        REACHED,
        TIMED_OUT,
        STOPPED
    }

    public Completion {
        statuses = List.copyOf(statuses);
    }

    /** For people; one sentence for each pipeline and ledger that has not reached it. */
    public String describe(Through through) {
        StringBuilder text = new StringBuilder();
        statuses.stream()
                .filter(status -> !through.isReachedBy(status))
                .forEach(status -> text.append("Pipeline ")
                        .append(status.pipeline())
                        .append(" is not complete through ")
                        .append(through)
                        .append(" of ledger ")
                        .append(status.source())
                        .append(", only through ")
                        .append(status.lsn().orElse("nothing"))
                        .append(status.time().map(time -> ", " + time).orElse(""))
                        .append(". "));
        text.append(stop.orElse("Waited for " + waited.toMillis() / 1000.0 + " s."));
        return text.toString();
    }
}
