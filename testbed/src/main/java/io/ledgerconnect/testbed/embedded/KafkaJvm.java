package io.ledgerconnect.testbed.embedded;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** A JVM with Kafka's jars that works in a server's directory, where it finds its properties and its log set-up. */
final class KafkaJvm {

    private final Path directory;
    private final Path logging;
    private final Path temporary;

    KafkaJvm(Path directory, Map<String, String> logLevels) {
        this.directory = directory;
        this.logging = directory.resolve("log4j2.properties");
        this.temporary = directory.resolve("tmp");
        writeProperties(logging, logging(logLevels));
        try {
            Files.createDirectory(temporary);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Writes a properties file into the server's directory. */
    Path write(String name, Map<String, String> properties) {
        Path file = directory.resolve(name);
        writeProperties(file, properties);
        return file;
    }

    List<String> command(List<String> jvmArguments, String mainClass, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // Native libraries and performance counters of a killed JVM would stay in the system's directory.
        command.addAll(List.of("-Djava.io.tmpdir=" + temporary, "-XX:-UsePerfData"));
        command.add("-Dlog4j2.configurationFile=" + logging);
        command.addAll(jvmArguments);
        command.add(mainClass);
        command.addAll(List.of(arguments));
        return command;
    }

    Map<String, String> environment() {
        return Map.of("CLASSPATH", KafkaJars.classPath());
    }

    private static Map<String, String> logging(Map<String, String> levels) {
        Map<String, String> properties = new HashMap<>(Map.of(
                "appender.console.type", "Console",
                "appender.console.name", "console",
                "appender.console.layout.type", "PatternLayout",
                "appender.console.layout.pattern", "%d{ISO8601} %-5p %m (%c{1})%n%throwable",
                "rootLogger.level", "INFO",
                "rootLogger.appenderRef.console.ref", "console"));
        levels.forEach((logger, level) -> {
            String key = "logger." + logger.replace('.', '_');
            properties.put(key + ".name", logger);
            properties.put(key + ".level", level);
        });
        return properties;
    }

    private static void writeProperties(Path file, Map<String, String> values) {
        Properties properties = new Properties();
        properties.putAll(values);
        try (BufferedWriter writer = Files.newBufferedWriter(file)) {
            properties.store(writer, null);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
