package io.ledgerconnect.source.config;

import java.util.List;
import java.util.Set;

/**
 * Settings of Debezium's PostgreSQL connector 3.7 that have no effect here, so that whoever brings them along is told.
 * {@code docs/migrating-from-debezium.md} says of each what to do instead.
 */
public final class DebeziumSettings {
    private static final Set<String> NAMES = Set.of(
            "column.propagate.source.type",
            "connection.validation.timeout.ms",
            "converters",
            "custom.metric.tags",
            "custom.sanitize.pattern",
            "database.exclude.list",
            "database.include.list",
            "database.initial.statements",
            "database.query.timeout.ms",
            "database.sslfactory",
            "database.tcpKeepAlive",
            "datatype.propagate.source.type",
            "event.converting.failure.handling.mode",
            "event.processing.failure.handling.mode",
            "executor.shutdown.timeout.ms",
            "extended.headers.enabled",
            "field.name.adjustment.mode",
            "flush.lsn.source",
            "include.schema.comments",
            "include.unknown.datatypes",
            "legacy.snapshot.max.threads",
            "max.batch.size",
            "max.queue.size",
            "max.queue.size.in.bytes",
            "plugin.name",
            "poll.interval.ms",
            "post.processors",
            "publish.via.partition.root",
            "query.fetch.size",
            "replica.identity.autoset.values",
            "retriable.restart.connector.wait.ms",
            "schema.exclude.list",
            "schema.include.list",
            "schema.name.adjustment.mode",
            "schema.refresh.mode",
            "skip.messages.without.change",
            "slot.max.retries",
            "slot.retry.delay.ms",
            "slot.stream.params",
            "snapshot.delay.ms",
            "snapshot.fetch.size",
            "snapshot.include.collection.list",
            "snapshot.isolation.mode",
            "snapshot.lock.timeout.ms",
            "snapshot.max.threads.multiplier",
            "snapshot.tables.order.by.row.count",
            "sourceinfo.struct.maker",
            "statistics.metrics.enabled",
            "status.update.interval.ms",
            "streaming.delay.ms",
            "table.ignore.builtin",
            "topic.cache.size",
            "topic.delimiter",
            "topic.heartbeat.prefix",
            "topic.naming.strategy",
            "topic.transaction",
            "transaction.metadata.factory",
            "unavailable.value.placeholder",
            "xmin.fetch.interval.ms");

    /** Families of which the rest of the name is free, or that go together. */
    private static final List<String> PREFIXES = List.of(
            "column.mask.hash.",
            "driver.",
            "guardrail.",
            "heartbeat.",
            "incremental.snapshot.",
            "internal.",
            "lsn.flush.",
            "memory.management.",
            "notification.",
            "openlineage.",
            "signal.",
            "snapshot.locking.mode",
            "snapshot.mode.configuration.based.",
            "snapshot.mode.custom.name",
            "snapshot.query.mode",
            "snapshot.select.statement.overrides");

    private DebeziumSettings() {}

    /** Those that stand for themselves alone. */
    static Set<String> names() {
        return NAMES;
    }

    /** Whether Debezium reads a setting and this connector does not. */
    public static boolean contains(String name) {
        return NAMES.contains(name) || PREFIXES.stream().anyMatch(name::startsWith);
    }
}
