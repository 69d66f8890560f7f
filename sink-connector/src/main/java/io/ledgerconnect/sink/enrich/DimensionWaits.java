package io.ledgerconnect.sink.enrich;

import io.ledgerconnect.common.position.Channel;
import io.ledgerconnect.common.position.Lsn;
import io.ledgerconnect.sink.config.Enrichment;
import io.ledgerconnect.sink.config.SinkConfig.Tables;
import io.ledgerconnect.sink.config.TableName;
import io.ledgerconnect.sink.config.TableNameFormat;
import io.ledgerconnect.sink.database.Transaction;
import io.ledgerconnect.sink.position.ChannelCursor;
import io.ledgerconnect.sink.position.Progress;
import io.ledgerconnect.sink.read.Change;
import io.ledgerconnect.sink.state.DimensionProgress;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets changes of enriched tables wait until the dimensions that they wait for are applied through their position. What
 * waits is read again from Kafka; nothing is kept here but how far the dimensions were when last looked at.
 *
 * <p>How far they are is looked at before anything is written, so a task never waits for what it is about to write
 * itself. A channel has waited too long when a dimension has stood still for longer than is set; then its changes pass
 * until the dimension moves again. Not thread-safe: one per task.
 */
public final class DimensionWaits {
    private static final Logger log = LoggerFactory.getLogger(DimensionWaits.class);

    /** What rows of a table wait for. */
    private record Wait(EnrichedTable table, Enrichment join) {}

    /** A dimension as changes of one stream and enrichment wait for it. */
    private record Standing(String source, String stream, TableName table, String join) {}

    private record Stop(long through, Instant since, boolean told) {}

    private final TableNameFormat names;
    private final DimensionProgress progress;
    private final Clock clock;
    private final Map<TableName, List<Wait>> byTable = new HashMap<>();
    /** By channel; their number is that of tables × partitions × streams. */
    private final Map<Channel, List<Wait>> byChannel = new HashMap<>();
    /** Only grows within a stream. */
    private final Map<Standing, Long> known = new HashMap<>();

    private final Map<Standing, Stop> stops = new LinkedHashMap<>();

    /** Reads the settings, which are known to be possible. */
    public DimensionWaits(Tables settings, DimensionProgress progress, Clock clock) {
        this.names = settings.nameFormat();
        this.progress = progress;
        this.clock = clock;
        for (EnrichedTable table : EnrichedTable.of(settings)) {
            List<Wait> waits = table.joins().stream()
                    .filter(Enrichment::waits)
                    .map(join -> new Wait(table, join))
                    .toList();
            if (!waits.isEmpty()) {
                byTable.put(table.name(), waits);
            }
        }
    }

    /** Tells each channel through which position its changes may be applied now. */
    public void hold(Transaction transaction, List<Change> changes, Progress channels) throws SQLException {
        if (byTable.isEmpty()) {
            return;
        }
        Map<Channel, Long> ends = new LinkedHashMap<>();
        for (Change change : changes) {
            if (change.isCounted() && !waitsOf(change.channel()).isEmpty()) {
                ends.put(change.channel(), change.position().commitLsn());
            }
        }
        for (Map.Entry<Channel, Long> end : ends.entrySet()) {
            ChannelCursor cursor = channels.of(end.getKey());
            for (Wait wait : waitsOf(end.getKey())) {
                hold(transaction, cursor, wait, end.getValue());
            }
        }
    }

    private List<Wait> waitsOf(Channel channel) {
        List<Wait> waits = byChannel.get(channel);
        if (waits == null) {
            waits = byTable.getOrDefault(names.target(channel.table(), ""), List.of());
            byChannel.put(channel, waits);
        }
        return waits;
    }

    private void hold(Transaction transaction, ChannelCursor cursor, Wait wait, long end) throws SQLException {
        Channel channel = cursor.channel();
        Standing standing = new Standing(
                channel.source().toString(),
                channel.stream(),
                wait.table().name(),
                wait.join().name());
        long through = known.getOrDefault(standing, 0L);
        if (Long.compareUnsigned(through, end) < 0) {
            through = through(transaction, channel.source().toString(), wait);
            known.put(standing, through);
        }
        if (Long.compareUnsigned(through, end) >= 0) {
            stops.remove(standing);
            return;
        }
        if (!hasStoodTooLong(standing, through, wait)) {
            cursor.waitBeyond(through);
        }
    }

    private long through(Transaction transaction, String source, Wait wait) throws SQLException {
        TableName dimension = wait.table().dimension(wait.join());
        List<String> channels = new ArrayList<>();
        for (String channel : progress.channels(transaction, source)) {
            if (names.target(channel, "").equals(dimension)) {
                channels.add(channel);
            }
        }
        return progress.through(transaction, source, channels);
    }

    private boolean hasStoodTooLong(Standing standing, long through, Wait wait) {
        Instant now = clock.instant();
        Stop stop = stops.get(standing);
        if (stop == null || stop.through != through) {
            if (stop != null && stop.told) {
                log.info(
                        "{} is applied through {}: rows of {} wait for it again",
                        dimension(wait),
                        Lsn.format(through),
                        standing.table);
            }
            stop = new Stop(through, now, false);
            stops.put(standing, stop);
        }
        Duration most = wait.join().waiting().most();
        if (Duration.between(stop.since, now).compareTo(most) < 0) {
            return false;
        }
        if (!stop.told) {
            stops.put(standing, new Stop(through, stop.since, true));
            log.warn(
                    "Rows of {} wait for {} no longer: it has stood at {} for {} ms, though the stream {} has gone on; what"
                            + " they lack of it is dealt with as {} says",
                    standing.table,
                    dimension(wait),
                    Lsn.format(through),
                    most.toMillis(),
                    standing.stream,
                    "wait.then=" + wait.join().waiting().then().name().toLowerCase(Locale.ROOT));
        }
        return true;
    }

    private static TableName dimension(Wait wait) {
        return wait.table().dimension(wait.join());
    }

    /** How long the dimension that is waited for longest has stood still; zero when none is waited for. */
    public Duration longest() {
        Instant now = clock.instant();
        return stops.values().stream()
                .filter(stop -> !stop.told)
                .map(stop -> Duration.between(stop.since, now))
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    /** Other partitions are read from now on. */
    public void forget() {
        known.clear();
        stops.clear();
    }
}
