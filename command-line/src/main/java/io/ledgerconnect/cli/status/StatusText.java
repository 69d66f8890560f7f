package io.ledgerconnect.cli.status;

import io.ledgerconnect.cli.TextTable;
import io.ledgerconnect.cli.connection.ConnectorState;
import java.io.PrintWriter;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The status for people: a table, and below it what is waited for. */
final class StatusText {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final String UNKNOWN = "-";

    private StatusText() {}

    static void print(List<PipelineStatus> statuses, Optional<ConnectorState> connector, PrintWriter out) {
        connector.ifPresent(state -> out.println("connector: " + state.describe()));
        TextTable table =
                new TextTable("pipeline", "source", "complete through", "at (UTC)", "lag", "quarantined below", "gap");
        statuses.forEach(status -> table.add(
                status.pipeline(),
                status.source(),
                status.lsn().orElse(UNKNOWN),
                status.time().map(TIME::format).orElse(UNKNOWN),
                lag(status),
                String.valueOf(status.quarantinedBelow()),
                status.firstGap().isPresent() ? "yes" : "none"));
        table.print(out);
        statuses.forEach(status -> printDetails(status, out));
    }

    /** As the quickstart's progress has it: seconds, and WAL that was received and not applied. */
    private static String lag(PipelineStatus status) {
        String seconds = status.lagSeconds()
                .map(s -> String.format(Locale.ROOT, "%.1f s", s))
                .orElse(UNKNOWN);
        return status.lagBytes()
                .filter(bytes -> bytes > 0)
                .map(bytes -> seconds + ", " + bytes + " bytes")
                .orElse(seconds);
    }

    private static void printDetails(PipelineStatus status, PrintWriter out) {
        boolean waits = !status.channels().isEmpty() || !status.waitingStreams().isEmpty();
        if (!waits && status.firstGap().isEmpty()) {
            return;
        }
        out.println();
        out.println(status.pipeline() + ", " + status.source() + ':');
        status.firstGap().ifPresent(gap -> out.println("  first gap: " + gap.describe()));
        status.waitingStreams().forEach(stream -> out.println("  " + stream.describe()));
        status.channels().forEach(channel -> out.println("  " + channel.describe()));
    }
}
