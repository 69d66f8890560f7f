package io.ledgerconnect.testbed.docker;

import java.util.List;
import java.util.Map;

/**
 * What to create a container from.
 *
 * @param image the image's name
 * @param environment environment variables
 * @param command the image's arguments; empty for its own
 * @param port the port that it serves on inside
 * @param publishedPort the loopback port of this machine that leads there
 * @param stopSignal the signal that asks for a shutdown in good order
 */
record ContainerSpec(
        String image,
        Map<String, String> environment,
        List<String> command,
        int port,
        int publishedPort,
        String stopSignal) {

    ContainerSpec {
        environment = Map.copyOf(environment);
        command = List.copyOf(command);
    }
}
