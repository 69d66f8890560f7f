package io.ledgerconnect.cli.doctor;

import io.ledgerconnect.cli.CommandException;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;

/** Asks Kafka for topics. Changes nothing there. */
final class KafkaTopics {
    private static final int TIMEOUT_SECONDS = 20;

    private KafkaTopics() {}

    /**
     * The topics whose names are wanted.
     *
     * @param file further client settings, such as how to log in; may be null
     */
    static List<Topic> read(String bootstrap, Path file, Predicate<String> wanted) {
        try (Admin admin = Admin.create(settings(bootstrap, file))) {
            try {
                return read(admin, wanted);
            } finally {
                admin.close(Duration.ZERO);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("Interrupted.", e);
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            Throwable cause = e instanceof ExecutionException ? e.getCause() : e;
            throw new CommandException(
                    "Kafka at " + bootstrap + " cannot be asked ("
                            + cause.getClass().getSimpleName() + "). Is it the right address for this machine, and does"
                            + " --kafka-config say how to log in?",
                    e);
        }
    }

    private static List<Topic> read(Admin admin, Predicate<String> wanted)
            throws InterruptedException, ExecutionException, TimeoutException {
        List<String> names = admin.listTopics().names().get(TIMEOUT_SECONDS, TimeUnit.SECONDS).stream()
                .filter(wanted)
                .sorted()
                .toList();
        Map<String, TopicDescription> topics =
                admin.describeTopics(names).allTopicNames().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        Collection<ConfigResource> resources = names.stream()
                .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                .toList();
        Map<ConfigResource, Config> configs =
                admin.describeConfigs(resources).all().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        List<Topic> found = new ArrayList<>();
        for (String name : names) {
            TopicDescription topic = topics.get(name);
            found.add(new Topic(
                    name,
                    topic.partitions().size(),
                    topic.partitions().get(0).replicas().size(),
                    settings(configs.get(new ConfigResource(ConfigResource.Type.TOPIC, name)))));
        }
        return found;
    }

    private static Map<String, String> settings(Config config) {
        return config.entries().stream()
                .filter(entry -> entry.value() != null)
                .collect(Collectors.toMap(ConfigEntry::name, ConfigEntry::value));
    }

    private static Properties settings(String bootstrap, Path file) {
        Properties settings = new Properties();
        if (file != null) {
            try (Reader in = Files.newBufferedReader(file)) {
                settings.load(in);
            } catch (IOException | IllegalArgumentException e) {
                throw new CommandException("--kafka-config " + file + " cannot be read.", e);
            }
        }
        settings.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_SECONDS * 1000);
        settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_SECONDS * 500);
        return settings;
    }
}
