package io.ledgerconnect.testbed;

import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Container;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.testcontainers.DockerClientFactory;

/** What a testbed has started: the processes that work in its directory, and containers, where it has any. */
record Traces(List<Long> processes, List<String> containers) {

    static Traces of(Path testbed) throws IOException {
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            List<Long> working = processes
                    .filter(process -> process.getFileName().toString().matches("\\d+"))
                    .filter(process -> worksIn(testbed, process))
                    .map(process -> Long.valueOf(process.getFileName().toString()))
                    .toList();
            return new Traces(working, containers(testbed));
        }
    }

    int count() {
        return processes.size() + containers.size();
    }

    boolean areGone() {
        return processes.stream().noneMatch(Traces::lives)
                && containers.stream().noneMatch(Traces::exists);
    }

    private static List<String> containers(Path testbed) {
        if (BackendKind.choose() != BackendKind.DOCKER) {
            return List.of();
        }
        return DockerClientFactory.lazyClient()
                .listContainersCmd()
                .withShowAll(true)
                .withLabelFilter(
                        Map.of("io.ledgerconnect.testbed", testbed.getFileName().toString()))
                .exec()
                .stream()
                .map(Container::getId)
                .toList();
    }

    private static boolean exists(String container) {
        try {
            return DockerClientFactory.lazyClient()
                            .inspectContainerCmd(container)
                            .exec()
                            .getId()
                    != null;
        } catch (NotFoundException removed) {
            return false;
        }
    }

    private static boolean worksIn(Path directory, Path process) {
        try {
            return Files.readSymbolicLink(process.resolve("cwd")).startsWith(directory);
        } catch (IOException gone) {
            return false;
        }
    }

    /** A process that has ended but whose parent has not asked for its status has no program any more. */
    private static boolean lives(long pid) {
        try {
            return !Files.readSymbolicLink(Path.of("/proc", Long.toString(pid), "exe"))
                    .toString()
                    .isEmpty();
        } catch (IOException ended) {
            return false;
        }
    }
}
