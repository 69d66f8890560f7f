package io.ledgerconnect.testbed;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How to start a worker. Workers with equal group names on one broker form one Connect cluster.
 *
 * @param group the Connect cluster's name; its internal topics are named after it
 * @param pluginPath directories that hold plugins
 * @param heap the largest heap, in the JVM's notation
 * @param properties worker properties, laid over the testbed's own
 * @param logLevels log levels by logger name
 * @param jvmArguments further arguments of the worker's JVM
 * @param environment environment variables, which connectors reach through an env config provider
 */
public record ConnectSpec(
        String group,
        List<Path> pluginPath,
        String heap,
        Map<String, String> properties,
        Map<String, String> logLevels,
        List<String> jvmArguments,
        Map<String, String> environment) {

    public ConnectSpec {
        pluginPath = List.copyOf(pluginPath);
        properties = Map.copyOf(properties);
        logLevels = Map.copyOf(logLevels);
        jvmArguments = List.copyOf(jvmArguments);
        environment = Map.copyOf(environment);
    }

    public static ConnectSpec defaults() {
        return new ConnectSpec("connect", List.of(), "512m", Map.of(), Map.of(), List.of(), Map.of());
    }

    public ConnectSpec withGroup(String name) {
        return new ConnectSpec(name, pluginPath, heap, properties, logLevels, jvmArguments, environment);
    }

    /** Adds a directory to the plugin path. */
    public ConnectSpec withPluginPath(Path directory) {
        return new ConnectSpec(
                group, appended(pluginPath, directory), heap, properties, logLevels, jvmArguments, environment);
    }

    public ConnectSpec withHeap(String size) {
        return new ConnectSpec(group, pluginPath, size, properties, logLevels, jvmArguments, environment);
    }

    public ConnectSpec withProperty(String name, String value) {
        return new ConnectSpec(
                group, pluginPath, heap, changed(properties, name, value), logLevels, jvmArguments, environment);
    }

    public ConnectSpec withLogLevel(String logger, String level) {
        return new ConnectSpec(
                group, pluginPath, heap, properties, changed(logLevels, logger, level), jvmArguments, environment);
    }

    /** Adds an argument of the worker's JVM. */
    public ConnectSpec withJvmArgument(String argument) {
        return new ConnectSpec(
                group, pluginPath, heap, properties, logLevels, appended(jvmArguments, argument), environment);
    }

    /** Adds an environment variable of the worker's process. */
    public ConnectSpec withEnvironment(String name, String value) {
        return new ConnectSpec(
                group, pluginPath, heap, properties, logLevels, jvmArguments, changed(environment, name, value));
    }

    private static <T> List<T> appended(List<T> list, T element) {
        List<T> longer = new ArrayList<>(list);
        longer.add(element);
        return longer;
    }

    private static Map<String, String> changed(Map<String, String> map, String name, String value) {
        Map<String, String> changed = new HashMap<>(map);
        changed.put(name, value);
        return changed;
    }
}
