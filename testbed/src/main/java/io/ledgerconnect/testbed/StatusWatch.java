package io.ledgerconnect.testbed;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Asks for a connector's status again and again and remembers what it has seen. A worker that is away, or that has not
 * heard of the connector yet, is asked again.
 */
final class StatusWatch {

    /** Workers read states back from a topic: shortly after a restart they still report the failure before it. */
    private static final Duration STALE = Duration.ofSeconds(3);

    private static final int NOT_FOUND = 404;

    private final Supplier<ConnectorStatus> source;
    private Optional<ConnectorStatus> status = Optional.empty();
    private String seen = "nothing";
    private long failedSince;

    StatusWatch(Supplier<ConnectorStatus> source) {
        this.source = source;
    }

    boolean matches(Predicate<? super ConnectorStatus> expected) {
        boolean failedBefore = isFailed();
        status = ask();
        if (isFailed() && !failedBefore) {
            failedSince = System.nanoTime();
        }
        return status.filter(expected).isPresent();
    }

    /** Whether the connector has been failed for longer than a report can be out of date. */
    boolean staysFailed() {
        return isFailed() && System.nanoTime() - failedSince > STALE.toNanos();
    }

    ConnectorStatus status() {
        return status.orElseThrow();
    }

    /** What was seen last, for a message. */
    String seen() {
        return seen;
    }

    private boolean isFailed() {
        return status.filter(ConnectorStatus::isFailed).isPresent();
    }

    private Optional<ConnectorStatus> ask() {
        try {
            ConnectorStatus answer = source.get();
            seen = answer.toString();
            return Optional.of(answer);
        } catch (UncheckedIOException away) {
            seen = away.getMessage();
        } catch (ConnectRestException refused) {
            if (refused.statusCode() != NOT_FOUND) {
                throw refused;
            }
            seen = refused.getMessage();
        }
        return Optional.empty();
    }
}
