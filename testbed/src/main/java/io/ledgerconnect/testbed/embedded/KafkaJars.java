package io.ledgerconnect.testbed.embedded;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.ledgerconnect.testbed.TestbedException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The class path that brokers and workers run on: Kafka's own jars and nothing of ours. They lie in the Maven
 * repository that this JVM's own jars come from; the build lists their names.
 */
final class KafkaJars {

    private static final String LIST = "/io/ledgerconnect/testbed/kafka.classpath";

    private KafkaJars() {}

    static String classPath() {
        List<String> jars = list();
        List<Path> repositories = repositories().toList();
        return repositories.stream()
                .filter(repository -> Files.exists(repository.resolve(jars.get(0))))
                .findFirst()
                .map(repository -> classPath(repository, jars))
                .orElseThrow(() -> new TestbedException("Kafka's jars are in none of the Maven repositories "
                        + repositories + ". Name the right one: -Dmaven.repo.local=…"));
    }

    private static String classPath(Path repository, List<String> jars) {
        return jars.stream()
                .map(jar -> repository.resolve(jar).toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** Their paths in a repository. */
    private static List<String> list() {
        try (InputStream list = Objects.requireNonNull(KafkaJars.class.getResourceAsStream(LIST), LIST)) {
            String names = new String(list.readAllBytes(), StandardCharsets.UTF_8).trim();
            return Stream.of(names.split("\\|"))
                    .map(name -> name.substring(name.indexOf('/') + 1))
                    .toList();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static Stream<Path> repositories() {
        return Stream.of(
                        Stream.ofNullable(System.getProperty("maven.repo.local"))
                                .map(Path::of),
                        Stream.of(ownRepository()),
                        Stream.of(Path.of(System.getProperty("user.home"), ".m2", "repository")))
                .flatMap(repository -> repository);
    }

    /** Where Jackson comes from: {@code <repository>/com/fasterxml/jackson/core/<artifact>/<version>/<jar>}. */
    private static Path ownRepository() {
        try {
            URI jar = ObjectMapper.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI();
            return Path.of(jar).resolve("../../../../../../..").normalize();
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
