package io.ledgerconnect.testbed.setup;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A database server's superuser and settings. Safe for use by several threads. */
public final class PostgresSettings {

    public static final String USER = "postgres";
    public static final String PASSWORD = "testbed";

    /** How a cluster is made, beside its superuser. */
    public static final List<String> INITDB_ARGUMENTS =
            List.of("--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync");

    /** Laid over PostgreSQL's own defaults. */
    private static final Map<String, String> SETTINGS = Map.ofEntries(
            Map.entry("wal_level", "logical"),
            Map.entry("max_wal_senders", "20"),
            Map.entry("max_replication_slots", "20"),
            Map.entry("max_connections", "200"),
            // What a commit reports must be in the WAL, where decoding finds it.
            Map.entry("synchronous_commit", "on"),
            // Killed processes lose nothing that they wrote; only a machine that fails would, and the data with it.
            Map.entry("fsync", "off"),
            // In files of the cluster: they are removed with it, whereas a killed server's would stay in /dev/shm,
            // and a container's /dev/shm is small.
            Map.entry("dynamic_shared_memory_type", "mmap"),
            Map.entry("timezone", "UTC"),
            Map.entry("log_timezone", "UTC"),
            Map.entry("log_line_prefix", "%m [%p] %a "));

    private final Map<String, String> settings = new TreeMap<>(SETTINGS);

    /** Lays settings over those there are. */
    public synchronized void change(Map<String, String> changed) {
        settings.putAll(changed);
    }

    /** The text of a configuration file that holds them. */
    public synchronized String file() {
        return settings.entrySet().stream()
                .map(setting -> setting.getKey() + " = '" + setting.getValue().replace("'", "''") + "'\n")
                .collect(Collectors.joining());
    }
}
