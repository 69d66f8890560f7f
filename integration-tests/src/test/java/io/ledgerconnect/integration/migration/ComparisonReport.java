package io.ledgerconnect.integration.migration;

import io.ledgerconnect.integration.SharedPipeline;
import io.ledgerconnect.testbed.ConnectSpec;
import io.ledgerconnect.testbed.ConnectWorker;
import io.ledgerconnect.testbed.ledger.LedgerSql;
import io.ledgerconnect.testbed.pipeline.Pipeline;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What both connectors have made of one history, and how that differs from what is declared. */
record ComparisonReport(List<Comparison> comparisons) {
    private static final Path DEBEZIUM = LedgerSql.projectRoot().resolve("integration-tests/target/debezium");
    private static final int EXAMPLE_LENGTH = 200;

    /** Runs the comparison on the servers of a pipeline. */
    static ComparisonReport of(SharedPipeline.Bench bench, List<Variant> variants) throws SQLException {
        Pipeline pipeline = bench.pipeline();
        ConnectWorker worker = startWorker(bench);
        try {
            return new ComparisonReport(
                    new BothCaptures(pipeline.ledger(), pipeline.kafka(), worker.rest(), variants).compare());
        } finally {
            worker.kill();
        }
    }

    /** A worker with both plugins. */
    static ConnectWorker startWorker(SharedPipeline.Bench bench) {
        return bench.testbed().startConnect(bench.pipeline().kafka(), workerSpec(bench.pipeline()));
    }

    /** A cluster of its own: the pipeline's workers do not have Debezium's plugin. */
    private static ConnectSpec workerSpec(Pipeline pipeline) {
        return pipeline.workerSpec()
                .withPluginPath(DEBEZIUM)
                .withProperty("group.id", "comparison")
                .withProperty("config.storage.topic", "comparison-configs")
                .withProperty("offset.storage.topic", "comparison-offsets")
                .withProperty("status.storage.topic", "comparison-status");
    }

    /** Differences that nobody has declared. */
    List<String> undeclared() {
        List<String> undeclared = new ArrayList<>();
        for (Comparison comparison : comparisons) {
            Set<String> declared = KnownDifferences.keys(comparison.variant());
            declaredPlaceByPlace(comparison).stream()
                    .filter(difference -> !declared.contains(difference.key()))
                    .forEach(difference -> undeclared.add(difference.key() + ": ours " + example(difference.ours())
                            + ", Debezium's " + example(difference.theirs())));
        }
        return undeclared;
    }

    /** Declared differences that are none. */
    List<String> vanished() {
        List<String> vanished = new ArrayList<>();
        for (Comparison comparison : comparisons) {
            Set<String> found =
                    comparison.differences().stream().map(Difference::key).collect(Collectors.toSet());
            KnownDifferences.keys(comparison.variant()).stream()
                    .filter(key -> !found.contains(key))
                    .forEach(vanished::add);
        }
        return vanished;
    }

    static List<Difference> declaredPlaceByPlace(Comparison comparison) {
        return comparison.differences().stream()
                .filter(difference -> !KnownDifferences.isEverywhere(difference))
                .toList();
    }

    private static String example(String json) {
        return json.length() <= EXAMPLE_LENGTH ? json : json.substring(0, EXAMPLE_LENGTH) + "…";
    }

    /** By variant and table: how many columns are equal, and what differs in the others. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Comparison comparison : comparisons) {
            text.append("%n%s %s: %d records of each connector%n"
                    .formatted(comparison.variant().name(), comparison.variant().all(), comparison.records()));
            tables(comparison).forEach((table, places) -> text.append(line(comparison, table, places)));
        }
        text.append(ComparisonSummary.of(comparisons));
        undeclared()
                .forEach(difference ->
                        text.append("UNDECLARED ").append(difference).append('\n'));
        vanished().forEach(key -> text.append("DECLARED BUT EQUAL ").append(key).append('\n'));
        return text.toString();
    }

    private static Map<String, List<String>> tables(Comparison comparison) {
        return comparison.places().stream()
                .collect(Collectors.groupingBy(place -> place.split("\\.")[0], TreeMap::new, Collectors.toList()));
    }

    private static String line(Comparison comparison, String table, List<String> places) {
        Map<String, String> differing = declaredPlaceByPlace(comparison).stream()
                .filter(difference -> difference.place().split("\\.")[0].equals(table))
                .collect(Collectors.toMap(
                        Difference::place, Difference::aspect, (some, more) -> some + ", " + more, TreeMap::new));
        long equal =
                places.stream().filter(place -> !differing.containsKey(place)).count();
        String list = differing.entrySet().stream()
                .map(entry -> entry.getKey()
                                .substring(Math.min(
                                        table.length() + 1, entry.getKey().length())) + " (" + entry.getValue() + ")")
                .collect(Collectors.joining("; "));
        return "  %-15s %2d of %2d equal%s%n"
                .formatted(table, equal, places.size(), list.isEmpty() ? "" : "; differing: " + list);
    }
}
