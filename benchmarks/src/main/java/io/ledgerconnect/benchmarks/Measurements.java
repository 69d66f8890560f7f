package io.ledgerconnect.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ledgerconnect.testbed.Postgres;
import io.ledgerconnect.testbed.ServerUsage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.common.utils.AppInfoParser;

/**
 * The figures of a benchmark, by contender and round; printed as a table and written as JSON. What is said of two
 * contenders are the ratios within a round: the machine's speed drifts. Used by one thread.
 *
 * <p>Properties: {@code results}, the directory of the JSON files, without which none is written; {@code result}, the
 * file's name, else that of the benchmark; {@code quick}, whether the sizes are too small for the figures to count;
 * {@code commit}, {@code debezium.version} and {@code debezium.jdbc.version}, which are written down.
 */
final class Measurements {
    static final String ROWS_PER_SECOND = "rows_per_second";
    static final String SECONDS = "seconds";
    static final String START_SECONDS = "start_seconds";
    static final String WORKER_CPU = "worker_cpu_seconds";
    static final String WORKER_CPU_PER_ROW = "worker_cpu_us_per_row";
    static final String SERVER_CPU_PER_ROW = "server_cpu_us_per_row";
    static final String PEAK_MEMORY = "peak_memory_mib";

    private final String name;
    private final Map<String, Object> sizes = new LinkedHashMap<>();
    private final Map<String, String> versions = new LinkedHashMap<>();
    private final Map<String, Map<String, List<Double>>> rounds = new LinkedHashMap<>();
    private final List<Comparison> comparisons = new ArrayList<>();

    private record Comparison(String figure, String contender, String other) {}

    Measurements(String benchmark) {
        name = System.getProperty("result", benchmark);
        versions.put("ledger-connect", System.getProperty("commit", "not told"));
        versions.put("java", System.getProperty("java.version"));
        versions.put("kafka", AppInfoParser.getVersion());
    }

    /** Notes how large the benchmark is, or how it is set. */
    Measurements with(String size, Object value) {
        sizes.put(size, value);
        return this;
    }

    /** Notes the server's version. */
    Measurements on(Postgres postgres) throws SQLException {
        try (var connection = postgres.connect("postgres")) {
            versions.put("postgresql", connection.getMetaData().getDatabaseProductVersion());
        }
        return this;
    }

    /** Notes the version of a neighbour, as a property tells it. */
    Measurements beside(String neighbour, String property) {
        versions.put(neighbour, System.getProperty(property, "not told"));
        return this;
    }

    /** Adds a figure of a contender's next round. */
    void add(String contender, String figure, double value) {
        rounds.computeIfAbsent(contender, any -> new LinkedHashMap<>())
                .computeIfAbsent(figure, any -> new ArrayList<>())
                .add(value);
    }

    /** Adds what a contender's worker has used for a number of rows. */
    void addUsage(String contender, Duration workerCpu, Duration serverCpu, ServerUsage worker, long rows) {
        add(contender, WORKER_CPU, workerCpu.toNanos() / 1e9);
        add(contender, WORKER_CPU_PER_ROW, workerCpu.toNanos() / 1e3 / rows);
        add(contender, SERVER_CPU_PER_ROW, serverCpu.toNanos() / 1e3 / rows);
        add(contender, PEAK_MEMORY, (double) (worker.peakMemoryBytes() >> 20));
    }

    /** A contender's figure of its last round. */
    double last(String contender, String figure) {
        List<Double> values = rounds.get(contender).get(figure);
        return values.get(values.size() - 1);
    }

    /** Has the ratios of two contenders told, where both have taken part. */
    void compare(String figure, String contender, String other) {
        if (has(contender, figure) && has(other, figure)) {
            comparisons.add(new Comparison(figure, contender, other));
        }
    }

    /** Prints a contender's last round. */
    void printRound(int round, String contender) {
        StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "round %d  %-22s", round, contender));
        rounds.get(contender)
                .forEach((figure, values) ->
                        line.append(String.format(Locale.ROOT, "  %s %,.2f", figure, values.get(values.size() - 1))));
        System.out.println(line);
    }

    /** Prints medians and ratios, and writes the file. */
    void finish() throws IOException {
        System.out.printf(Locale.ROOT, "%n%s, medians%n", name);
        List<String> figures = rounds.values().stream()
                .flatMap(figure -> figure.keySet().stream())
                .distinct()
                .toList();
        System.out.printf("%-22s", "");
        figures.forEach(figure -> System.out.printf("  %22s", figure));
        System.out.println();
        rounds.forEach((contender, values) -> {
            System.out.printf("%-22s", contender);
            figures.forEach(figure -> System.out.printf(
                    "  %22s",
                    values.containsKey(figure)
                            ? String.format(Locale.ROOT, "%,.2f", Median.of(values.get(figure)))
                            : "-"));
            System.out.println();
        });
        comparisons.forEach(comparison -> System.out.printf(
                "%s of %s to %s: ratio %s%n",
                comparison.figure(), comparison.contender(), comparison.other(), ratios(comparison)));
        if (System.getProperty("results") != null) {
            write(Path.of(System.getProperty("results"), name + ".json"));
        }
    }

    private boolean has(String contender, String figure) {
        return rounds.getOrDefault(contender, Map.of()).containsKey(figure);
    }

    /** Of each round, where a contender's rounds are in the order in which they were run. */
    private Spread ratios(Comparison comparison) {
        List<Double> values = rounds.get(comparison.contender()).get(comparison.figure());
        List<Double> others = rounds.get(comparison.other()).get(comparison.figure());
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < Math.min(values.size(), others.size()); i++) {
            ratios.add(values.get(i) / others.get(i));
        }
        return Spread.of(ratios);
    }

    private void write(Path file) throws IOException {
        ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
        ObjectNode root = mapper.createObjectNode();
        root.put("benchmark", name);
        root.put("quick", Boolean.getBoolean("quick"));
        root.put("finished_at", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        root.set("machine", mapper.valueToTree(Machine.describe()));
        root.set("versions", mapper.valueToTree(versions));
        root.set("sizes", mapper.valueToTree(sizes));
        root.set("rounds", mapper.valueToTree(rounds));
        ArrayNode ratios = root.putArray("ratios");
        for (Comparison comparison : comparisons) {
            ObjectNode ratio = mapper.valueToTree(comparison);
            ratio.setAll((ObjectNode) mapper.valueToTree(ratios(comparison)));
            ratios.add(ratio);
        }
        Files.createDirectories(file.getParent());
        mapper.writeValue(file.toFile(), root);
        System.out.println("written to " + file);
    }
}
