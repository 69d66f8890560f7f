package io.ledgerconnect.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a benchmark ran on. */
final class Machine {
    private Machine() {}

    /** By name: the processors, their model, the memory and the system. */
    static Map<String, Object> describe() {
        Map<String, Object> machine = new LinkedHashMap<>();
        machine.put("processors", Runtime.getRuntime().availableProcessors());
        machine.put("model", after("/proc/cpuinfo", "model name"));
        machine.put("memory", after("/proc/meminfo", "MemTotal"));
        machine.put("system", System.getProperty("os.name") + ' ' + System.getProperty("os.version"));
        return machine;
    }

    /** What stands after the name and a colon, in the first such line of a file. */
    private static String after(String file, String name) {
        try (var lines = Files.lines(Path.of(file))) {
            return lines.filter(line -> line.startsWith(name))
                    .map(line -> line.substring(line.indexOf(':') + 1).trim())
                    .findFirst()
                    .orElse("not told");
        } catch (IOException notThisSystem) {
            return "not told";
        }
    }
}
