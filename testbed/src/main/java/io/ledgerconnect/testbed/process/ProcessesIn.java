package io.ledgerconnect.testbed.process;

import io.ledgerconnect.testbed.ServerUsage;
import io.ledgerconnect.testbed.TestbedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The processes that work in a directory or below it. Unlike a tree of parents and children this still finds the
 * children of a parent that is gone, and cannot mistake a process that has got an old one's id.
 */
final class ProcessesIn {

    private static final Duration DYING = Duration.ofSeconds(20);

    /** Linux counts processor time in hundredths of a second wherever it shows it. */
    private static final long TICK_MILLIS = 10;

    private final Path directory;

    ProcessesIn(Path directory) {
        this.directory = directory;
    }

    List<Long> pids() {
        List<Long> pids = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                if (worksHere(process)) {
                    pids.add(Long.valueOf(process.getFileName().toString()));
                }
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return pids;
    }

    void kill() {
        Polling.every(Duration.ofMillis(10)).atMost(DYING).until(() -> {
            List<Long> living = pids();
            signal("KILL", living);
            return living.isEmpty();
        });
    }

    /** Freezes them all. A process may fork while it is looked for, but not once it is frozen. */
    void freeze() {
        Set<Long> frozen = new HashSet<>();
        while (frozen.addAll(pids())) {
            signal("STOP", frozen);
        }
    }

    void thaw() {
        signal("CONT", pids());
    }

    ServerUsage usage() {
        Duration cpu = Duration.ZERO;
        long peakMemoryBytes = 0;
        for (long pid : pids()) {
            cpu = cpu.plus(cpu(pid));
            peakMemoryBytes += peakMemoryBytes(pid);
        }
        return new ServerUsage(cpu, peakMemoryBytes);
    }

    static void signal(String signal, Iterable<Long> pids) {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "kill -s \"$0\" \"$@\"", signal));
        pids.forEach(pid -> command.add(pid.toString()));
        if (command.size() == 4) {
            return;
        }
        try {
            new ProcessBuilder(command)
                    .redirectOutput(Redirect.DISCARD)
                    .redirectError(Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new TestbedException("Interrupted while sending a signal", interrupted);
        }
    }

    private boolean worksHere(Path process) {
        try {
            return Files.readSymbolicLink(process.resolve("cwd")).startsWith(directory);
        } catch (IOException goneOrNotOurs) {
            return false;
        }
    }

    /**
     * Its own time and that of its ended children: fields 14 to 17 of the line, of which the second may hold blanks.
     */
    private static Duration cpu(long pid) {
        String line = read(pid, "stat");
        String[] fields = line.substring(line.lastIndexOf(')') + 1).trim().split(" ", -1);
        if (fields.length < 15) {
            return Duration.ZERO;
        }
        long ticks =
                Stream.of(fields).skip(11).limit(4).mapToLong(Long::parseLong).sum();
        return Duration.ofMillis(ticks * TICK_MILLIS);
    }

    private static long peakMemoryBytes(long pid) {
        return read(pid, "status")
                .lines()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                .findFirst()
                .orElse(0);
    }

    private static String read(long pid, String file) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(pid), file));
        } catch (IOException gone) {
            return "";
        }
    }
}
