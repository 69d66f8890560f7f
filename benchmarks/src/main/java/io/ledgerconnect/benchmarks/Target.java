package io.ledgerconnect.benchmarks;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A target, and how a result tells whether it is met. A row of a table in Markdown. */
final class Target {
    private static final String NOT_MEASURED = "not measured";

    private final String what;
    private final String target;
    private final Evidence evidence;

    private Target(String what, String target, Evidence evidence) {
        this.what = what;
        this.target = target;
        this.evidence = evidence;
    }

    /** What the results, by name, have to say; empty where they say nothing. */
    private interface Evidence {
        Optional<Row> in(Map<String, Result> results);
    }

    private record Row(String measured, String ratio, String spread, boolean met) {}

    static String head() {
        return "| What | Target | Measured (medians) | Ratio | Spread | Met |\n|---|---|---|---|---|---|\n";
    }

    String row(Map<String, Result> results) {
        Optional<Row> row = evidence.in(results);
        return "| " + what + " | " + target + " | "
                + row.map(found -> String.join(
                                " | ", found.measured(), found.ratio(), found.spread(), found.met() ? "yes" : "**no**"))
                        .orElse(NOT_MEASURED + " | | |")
                + " |\n";
    }

    /** All of the issue that this project goes by. */
    static List<Target> all() {
        String rate = Measurements.ROWS_PER_SECOND;
        return List.of(
                atLeast(
                        4,
                        "Source, backlog in bulk, JSON without schemas",
                        "source-drain-bulk",
                        rate,
                        "ours",
                        "debezium"),
                atLeast(1, "", "source-drain-bulk", rate, "ours", "bare_reader"),
                atLeast(4, "Source, the same in small transactions", "source-drain-small", rate, "ours", "debezium"),
                atLeast(0.8, "", "source-drain-small", rate, "ours", "bare_reader"),
                atLeast(4, "Source, JSON with schemas", "source-drain-schemas", rate, "ours", "debezium"),
                atMost(
                        0.2,
                        "Source, worker CPU per row, in bulk",
                        "source-drain-bulk",
                        Measurements.WORKER_CPU_PER_ROW,
                        "ours",
                        "debezium"),
                atLeast(
                        0.85,
                        "Source with exactly-once on",
                        "source-drain-exactly-once",
                        rate,
                        "ours_exactly_once",
                        "ours"),
                atLeast(4, "", "source-drain-exactly-once", rate, "ours_exactly_once", "debezium_exactly_once"),
                atLeast(4, "First snapshot", "source-snapshot", rate, "ours", "debezium"),
                atLeast(0.6, "", "source-snapshot", rate, "ours", "copy_thrown_away"),
                within(10, "Commit to topic, default settings, p50", "source-latency", "p50_ms", "ms"),
                within(50, "Commit to topic, default settings, p99", "source-latency", "p99_ms", "ms"),
                within(100, "Ledger to enriched reporting row, visible, p50", "report-latency", "p50_ms", "ms"),
                within(400, "Ledger to enriched reporting row, visible, p99", "report-latency", "p99_ms", "ms"),
                atLeast(4, "Sink, upsert into one table, one task", "sink-drain", rate, "ours", "debezium_jdbc"),
                atLeast(0.8, "", "sink-drain", rate, "ours", "by_hand"),
                atLeast(
                        0.4,
                        "Sink, enriched by two as-of dimensions, with two rollups",
                        "sink-drain",
                        rate,
                        "ours_rollups",
                        "ours"),
                inHeap("Memory: a transaction of 10 million rows", "source-drain-huge", "rows", 10_000_000),
                inHeap("Memory: a snapshot of 20 million rows", "source-snapshot", "payments", 20_000_000),
                unmeasured("Memory: 1,000 tables", "256 MiB of heap"),
                atMost(
                        0.5,
                        "Memory: the worker's peak, in bulk",
                        "source-drain-bulk",
                        Measurements.PEAK_MEMORY,
                        "ours",
                        "debezium"),
                unmeasured(
                        "Growth: cost per row", "flat from 1 to 1,000 tables, and from 10 thousand to 10 million rows"),
                unmeasured("Growth: the day's tenfold burst for 5 minutes", "caught up in under 3 minutes"),
                within(
                        1,
                        "Start: warm worker, connector's start to first record",
                        "source-latency",
                        Measurements.START_SECONDS,
                        "s"));
    }

    private static Target atLeast(
            double least, String what, String benchmark, String figure, String contender, String other) {
        return ratio(
                "≥ " + number(least) + " × `" + other + '`', what, benchmark, figure, contender, other, true, least);
    }

    private static Target atMost(
            double most, String what, String benchmark, String figure, String contender, String other) {
        return ratio(
                "≤ " + number(most) + " × `" + other + '`', what, benchmark, figure, contender, other, false, most);
    }

    private static Target ratio(
            String target,
            String what,
            String benchmark,
            String figure,
            String contender,
            String other,
            boolean more,
            double limit) {
        return new Target(
                what,
                target,
                results -> Optional.ofNullable(results.get(benchmark))
                        .flatMap(result -> result.ratio(figure, contender, other)
                                .map(spread -> new Row(
                                        number(result.spread(contender, figure)
                                                        .orElseThrow()
                                                        .median())
                                                + " and "
                                                + number(result.spread(other, figure)
                                                        .orElseThrow()
                                                        .median())
                                                + ' ' + unit(figure),
                                        number(spread.median()),
                                        number(spread.min()) + " to " + number(spread.max()),
                                        more ? spread.median() >= limit : spread.median() <= limit))));
    }

    /** Of ours alone, at most that much. */
    private static Target within(double most, String what, String benchmark, String figure, String unit) {
        return new Target(
                what,
                "≤ " + number(most) + ' ' + unit,
                results -> Optional.ofNullable(results.get(benchmark))
                        .flatMap(result -> result.spread("ours", figure)
                                .map(spread -> new Row(
                                        number(spread.median())
                                                + ' '
                                                + unit
                                                + result.spread("debezium", figure)
                                                        .map(other ->
                                                                "; `debezium` " + number(other.median()) + ' ' + unit)
                                                        .orElse(""),
                                        result.ratio(figure, "ours", "debezium")
                                                .map(other -> number(other.median()))
                                                .orElse(""),
                                        number(spread.min()) + " to " + number(spread.max()) + ' ' + unit,
                                        spread.median() <= most))));
    }

    /** That it went through in a worker with that heap, which a result of less or with more does not tell. */
    private static Target inHeap(String what, String benchmark, String size, long least) {
        return new Target(
                what,
                "256 MiB of heap",
                results -> Optional.ofNullable(results.get(benchmark))
                        .filter(result -> "256m".equals(result.sizes().get("worker_heap"))
                                && Long.parseLong(result.sizes().get(size)) >= least)
                        .flatMap(result -> result.spread("ours", Measurements.PEAK_MEMORY))
                        .map(peak -> new Row(
                                "went through; the process had " + number(peak.median()) + " MiB at most",
                                "",
                                number(peak.min()) + " to " + number(peak.max()) + " MiB",
                                true)));
    }

    /** One for which there is no benchmark. */
    private static Target unmeasured(String what, String target) {
        return new Target(what, target, results -> Optional.empty());
    }

    private static String unit(String figure) {
        return switch (figure) {
            case Measurements.ROWS_PER_SECOND -> "rows/s";
            case Measurements.WORKER_CPU_PER_ROW -> "µs a row";
            case Measurements.PEAK_MEMORY -> "MiB";
            default -> figure.replace('_', ' ');
        };
    }

    /** With as many digits as mean something. */
    static String number(double value) {
        if (Math.abs(value) >= 100) {
            return String.format(Locale.ROOT, "%,.0f", value);
        }
        String text = String.format(Locale.ROOT, Math.abs(value) >= 10 ? "%.1f" : "%.2f", value);
        return text.replaceAll("\\.?0+$", "");
    }
}
