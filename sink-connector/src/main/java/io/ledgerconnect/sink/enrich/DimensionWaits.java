package io.ledgerconnect.sink.enrich;

import io.ledgerconnect.common.position.Channel;
import io.ledgerconnect.common.position.Lsn;
import io.ledgerconnect.sink.config.EnrichSettings;
import io.ledgerconnect.sink.config.Enrichment;
import io.ledgerconnect.sink.config.SinkConfig;
import io.ledgerconnect.sink.config.SubscribedTopics;
import io.ledgerconnect.sink.config.TableName;
import io.ledgerconnect.sink.config.TableNameFormat;
import io.ledgerconnect.sink.database.Database;
import io.ledgerconnect.sink.database.Transaction;
import io.ledgerconnect.sink.position.Progress;
import io.ledgerconnect.sink.read.Change;
import io.ledgerconnect.sink.read.Origins;
import io.ledgerconnect.sink.state.DimensionProgress;
import io.ledgerconnect.sink.state.DimensionProgress.Standing;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says which changes of enriched tables must wait until the dimensions that they wait for are applied through their
 * position. What waits stays in Kafka; nothing is kept here but how far the dimensions were when last looked at.
 *
 * <p>How far they are is looked at before anything is written, so a task never waits for what it is about to write
 * itself. Rows have waited too long when a dimension has stood still for longer than is set; then they pass until it
 * moves again. Not thread-safe: one per task.
 */
public final class DimensionWaits {
    private static final Logger log = LoggerFactory.getLogger(DimensionWaits.class);

    /** While this task does not look, the others may not run either: the worker or the reporting store is away. */
    private static final Duration MOST_BETWEEN_LOOKS = Duration.ofSeconds(10);

    private static final long UNLIMITED = -1; // addresses are unsigned

    /** What rows of a table wait for. */
    private record Wait(EnrichedTable table, Enrichment join) {
        TableName dimension() {
            return table.dimension(join);
        }
    }

    /** A wait of the changes of one stream. */
    private record Waiter(String source, String stream, TableName table, String join) {}

    /** A dimension of one ledger. */
    private record Filled(String source, TableName dimension) {}

    /**
     * Since when a dimension stands still for which rows wait.
     *
     * @param counted for how long, as far as this task has looked
     */
    private record Stop(String mark, Duration counted, Instant looked, boolean told) {}

    /** What a batch has of a channel. */
    private record Extent(Change first, long lastLsn) {
        Extent with(Change change) {
            long lsn = change.position().commitLsn();
            return Long.compareUnsigned(lsn, lastLsn) > 0 ? new Extent(first, lsn) : this;
        }
    }

    private final TableNameFormat names;
    private final SubscribedTopics topics;
    private final Database database;
    private final DimensionProgress progress;
    private final Clock clock;
    private final Map<TableName, List<Wait>> byTable = new HashMap<>();
    /** By channel; their number is that of tables × partitions × streams. */
    private final Map<Channel, List<Wait>> byChannel = new HashMap<>();
    /** Through which address a dimension was applied when last looked at; only grows within a stream. */
    private final Map<Waiter, Long> known = new HashMap<>();

    /** Waits of tables of which all rows were covered once, as they are from then on. */
    private final Set<Waiter> covered = new HashSet<>();

    private final Map<Waiter, Stop> stops = new HashMap<>();

    /** Reads the settings, which are known to be possible. */
    public DimensionWaits(SinkConfig config, Database database, Clock clock) {
        this.names = config.tables().nameFormat();
        this.topics = config.topics();
        this.database = database;
        this.progress = new DimensionProgress(config.pipeline());
        this.clock = clock;
        for (EnrichedTable table : EnrichedTable.of(config.tables())) {
            List<Wait> waits = table.joins().stream()
                    .filter(Enrichment::waits)
                    .map(join -> new Wait(table, join))
                    .toList();
            if (!waits.isEmpty()) {
                byTable.put(table.name(), waits);
            }
        }
    }

    /** Whether nothing ever waits. */
    public boolean isEmpty() {
        return byTable.isEmpty();
    }

    /** Tells each channel of a batch through which position its changes may be applied now. */
    public void hold(Transaction transaction, List<Change> changes, Progress channels) throws SQLException {
        if (isEmpty()) {
            return;
        }
        Look look = new Look(transaction);
        for (Map.Entry<Channel, Extent> extent : extents(changes).entrySet()) {
            channels.of(extent.getKey()).waitBeyond(look.through(extent.getValue()));
        }
    }

    private Map<Channel, Extent> extents(List<Change> changes) {
        Map<Channel, Extent> extents = new LinkedHashMap<>();
        for (Change change : changes) {
            // Without sequences a record has no watermarks that tell of it.
            if (change.isCounted() && !waitsOf(change.channel()).isEmpty()) {
                Extent extent = extents.get(change.channel());
                extents.put(
                        change.channel(),
                        extent == null ? new Extent(change, change.position().commitLsn()) : extent.with(change));
            }
        }
        return extents;
    }

    /** Of changes that had to wait, those that need not any longer. */
    public List<Change> ready(Collection<Change> waiting) throws SQLException {
        List<Change> ready = new ArrayList<>();
        if (!waiting.isEmpty()) {
            try (Transaction transaction = database.begin()) {
                Look look = new Look(transaction);
                for (Change change : waiting) {
                    long lsn = change.position().commitLsn();
                    if (Long.compareUnsigned(lsn, look.through(new Extent(change, lsn))) <= 0) {
                        ready.add(change);
                    }
                }
            }
        }
        return ready;
    }

    /** Whether everything that the rows of a table wait for is applied through the last of them. */
    boolean cover(Transaction transaction, TableName table) throws SQLException {
        return new Look(transaction).covers(table);
    }

    private List<Wait> waitsOf(Channel channel) {
        List<Wait> waits = byChannel.get(channel);
        if (waits == null) {
            waits = byTable.getOrDefault(names.target(channel.table(), ""), List.of());
            byChannel.put(channel, waits);
        }
        return waits;
    }

    /** Looks at dimensions, at each once. */
    private final class Look {
        private final Transaction transaction;
        private final Map<Filled, Standing> standings = new HashMap<>();

        Look(Transaction transaction) {
            this.transaction = transaction;
        }

        /** Through which position changes of the channel may be applied, if it has any beyond. */
        long through(Extent extent) throws SQLException {
            long through = UNLIMITED;
            for (Wait wait : waitsOf(extent.first().channel())) {
                long one = through(extent, wait);
                through = Long.compareUnsigned(one, through) < 0 ? one : through;
            }
            return through;
        }

        private long through(Extent extent, Wait wait) throws SQLException {
            Channel channel = extent.first().channel();
            Waiter waiter = new Waiter(
                    channel.source().toString(),
                    channel.stream(),
                    wait.table().name(),
                    wait.join().name());
            if (Long.compareUnsigned(known.getOrDefault(waiter, 0L), extent.lastLsn()) >= 0) {
                return UNLIMITED;
            }
            Standing standing = standing(new Filled(waiter.source(), wait.dimension()));
            long through = covered.contains(waiter) || covers(waiter, standing) ? standing.through() : 0;
            known.put(waiter, through);
            if (Long.compareUnsigned(through, extent.lastLsn()) >= 0) {
                stops.remove(waiter);
                return UNLIMITED;
            }
            requireOwnTopics(extent.first(), wait, standing);
            return hasStoodTooLong(waiter, wait, standing, extent.first()) ? UNLIMITED : through;
        }

        /** Rows that did not wait, being older than the setting, are enriched with the first that do. */
        private boolean covers(Waiter waiter, Standing standing) throws SQLException {
            long applied = progress.applied(transaction, waiter.table()).getOrDefault(waiter.source(), 0L);
            return Long.compareUnsigned(standing.through(), applied) >= 0 && covered.add(waiter);
        }

        /** Whether all rows of a table could be enriched for good. */
        boolean covers(TableName table) throws SQLException {
            for (Map.Entry<String, Long> applied :
                    progress.applied(transaction, table).entrySet()) {
                for (Wait wait : byTable.get(table)) {
                    Standing standing = standing(new Filled(applied.getKey(), wait.dimension()));
                    if (Long.compareUnsigned(standing.through(), applied.getValue()) < 0) {
                        return false;
                    }
                }
            }
            return true;
        }

        private Standing standing(Filled filled) throws SQLException {
            Standing standing = standings.get(filled);
            if (standing == null) {
                standing = progress.read(
                        transaction,
                        filled.source(),
                        table -> names.target(table, "").equals(filled.dimension()));
                standings.put(filled, standing);
            }
            return standing;
        }
    }

    private boolean hasStoodTooLong(Waiter waiter, Wait wait, Standing standing, Change first) {
        Stop stop = stop(waiter, standing, isBeforeItsEnd(standing, first));
        Duration most = wait.join().waiting().most();
        boolean tooLong = stop.counted.compareTo(most) >= 0;
        if (tooLong && !stop.told) {
            log.warn(
                    "Rows of {} at {} and after it wait for {} no longer: it is applied through {}, and has stood still for"
                            + " {} s ({}). They are written with what is there, and wait.then={} decides about them, until"
                            + " it goes on",
                    waiter.table,
                    first.position(),
                    wait.dimension(),
                    standing.isTold() ? Lsn.format(standing.through()) : "no position that is known",
                    stop.counted.toSeconds(),
                    EnrichSettings.waitMax(wait.table().settingsName(), wait.join()),
                    wait.join().waiting().then().name().toLowerCase(Locale.ROOT));
            stop = new Stop(stop.mark, stop.counted, stop.looked, true);
        }
        stops.put(waiter, stop);
        return tooLong;
    }

    private Stop stop(Waiter waiter, Standing standing, boolean isPaused) {
        Instant now = clock.instant();
        Stop stop = stops.get(waiter);
        if (stop == null || !stop.mark.equals(standing.mark())) {
            if (stop != null && stop.told) {
                log.info("Rows of {} wait again: what they wait for goes on", waiter.table);
            }
            return new Stop(standing.mark(), Duration.ZERO, now, false);
        }
        Duration since = Duration.between(stop.looked, now);
        Duration more = since.compareTo(MOST_BETWEEN_LOOKS) < 0 ? since : MOST_BETWEEN_LOOKS;
        return new Stop(stop.mark, isPaused ? stop.counted : stop.counted.plus(more), now, stop.told);
    }

    /** A snapshot ends with the stream's first watermark; how far dimensions are before, nobody can tell. */
    private boolean isBeforeItsEnd(Standing standing, Change first) {
        return !standing.isTold() && first.isOfFirstSnapshot() && topics.haveWatermarks(Origins.topic(first.record()));
    }

    /** In one topic what waits would hold up what it waits for. */
    private static void requireOwnTopics(Change first, Wait wait, Standing standing) {
        String topic = Origins.topic(first.record());
        if (standing.topics().contains(topic)) {
            throw new ConnectException("Rows of " + wait.table().name() + " wait for " + wait.dimension()
                    + ", and both come by the topic " + topic
                    + ", where they would hold up what they wait for: give each"
                    + " a topic of its own, or set "
                    + EnrichSettings.missing(wait.table().settingsName(), wait.join()) + "=repair");
        }
    }

    /**
     * Requires that what is waited for is read.
     *
     * @param unread ledger tables of which a source has sent changes to topics that this connector does not read
     */
    public void requireRead(Collection<String> unread) {
        for (String table : unread) {
            TableName name = names.target(table, "");
            for (List<Wait> waits : byTable.values()) {
                for (Wait wait : waits) {
                    if (wait.dimension().equals(name)) {
                        throw new ConnectException("Rows of " + wait.table().name() + " wait for " + name
                                + ", and this connector does not read the topic of " + table
                                + ", so it cannot tell what is still to come: add it to the topics, or set "
                                + EnrichSettings.missing(wait.table().settingsName(), wait.join()) + "=null");
                    }
                }
            }
        }
    }

    /** Other partitions are read from now on. */
    public void forget() {
        known.clear();
        stops.clear();
    }
}
