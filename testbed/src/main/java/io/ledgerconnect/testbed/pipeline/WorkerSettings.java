package io.ledgerconnect.testbed.pipeline;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;

/** {@code config/worker.properties} without what depends on the place: addresses, plugin path, replication factors. */
final class WorkerSettings {
    private static final Set<String> OF_THE_PLACE = Set.of("bootstrap.servers", "listeners", "plugin.path");
    private static final String REPLICATION = ".storage.replication.factor";

    private WorkerSettings() {}

    static Map<String, String> read(Path file) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, String> settings = new TreeMap<>();
        for (String name : properties.stringPropertyNames()) {
            if (!OF_THE_PLACE.contains(name) && !name.endsWith(REPLICATION)) {
                settings.put(name, properties.getProperty(name));
            }
        }
        return settings;
    }
}
