package io.ledgerconnect.benchmarks;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Writes the page that tells how fast this is. Results are first copied to a directory beside the page that has its
 * name, in the place of older ones of the same benchmarks, so that running one benchmark leaves the figures of the
 * others; plots come there, too. Of the page only what stands between two marks is written: the rest belongs to whoever
 * edits it.
 *
 * <p>Arguments: directory of results, page. Property {@code quick}: whether the page is of small sizes.
 */
public final class PerformancePage {
    private static final String BEGIN = "<!-- Written by benchmarks/run, from here: -->";
    private static final String END = "<!-- to here. -->";

    /** What a plot shows of a benchmark; of others their rows per second. */
    private static final Map<String, String> PLOTTED =
            Map.of("source-latency", "p99_ms", "report-latency", "p99_ms", "audit", "seconds");

    /** Figures of small sizes and of real ones never meet on a page. */
    private static final boolean QUICK = Boolean.getBoolean("quick");

    private PerformancePage() {}

    public static void main(String[] arguments) throws IOException {
        Path page = Path.of(arguments[1]);
        Path figures = page.resolveSibling(page.getFileName().toString().replace(".md", ""));
        Files.createDirectories(figures);
        for (Path result : files(Path.of(arguments[0]))) {
            if (Result.read(result).quick() == QUICK) {
                Files.copy(result, figures.resolve(result.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Map<String, Result> results = new TreeMap<>();
        for (Path file : files(figures)) {
            Result result = Result.read(file);
            if (result.quick() == QUICK) {
                results.put(result.benchmark(), result);
            }
        }
        for (Result result : results.values()) {
            Files.writeString(
                    figures.resolve(result.benchmark() + ".svg"),
                    BarPlot.svg(result.benchmark() + ", " + plotted(result).replace('_', ' '), bars(result)));
        }
        String before = Files.exists(page) ? Files.readString(page) : "# Performance\n\n" + BEGIN + "\n" + END + "\n";
        int begin = before.indexOf(BEGIN);
        int end = before.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IllegalStateException(page + " has no place for the figures: between " + BEGIN + " and " + END);
        }
        Files.writeString(
                page,
                before.substring(0, begin + BEGIN.length()) + "\n\n"
                        + figures(results, figures.getFileName().toString()) + "\n" + before.substring(end));
        System.out.println("written to " + page);
    }

    private static List<Path> files(Path directory) throws IOException {
        List<Path> files = new ArrayList<>();
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, "*.json")) {
                found.forEach(files::add);
            }
        }
        return files;
    }

    private static String figures(Map<String, Result> results, String directory) {
        StringBuilder text = new StringBuilder(QUICK ? "**Small sizes: these figures say nothing.**\n\n" : "");
        text.append("## Targets\n\n").append(Target.head());
        Target.all().forEach(target -> text.append(target.row(results)));
        text.append("\nAn empty first column is the row above. A ratio is the median of those of the rounds, the spread"
                + " their least and most.\n");
        results.values().forEach(result -> text.append(section(result, directory)));
        return text.toString();
    }

    private static String section(Result result, String directory) {
        StringBuilder text = new StringBuilder("\n## `" + result.benchmark() + "`\n\n");
        text.append("Finished " + result.finishedAt() + " on " + list(result.machine()) + ". Versions: "
                + list(result.versions()) + ". Sizes: " + list(result.sizes()) + ". Raw figures: [" + result.benchmark()
                + ".json](" + directory + '/' + result.benchmark() + ".json).\n\n");
        text.append("![" + result.benchmark() + "](" + directory + '/' + result.benchmark() + ".svg)\n\n");
        List<String> figures = result.rounds().values().stream()
                .flatMap(figure -> figure.keySet().stream())
                .distinct()
                .toList();
        text.append("| Medians | "
                + figures.stream().map(figure -> figure.replace('_', ' ')).collect(Collectors.joining(" | "))
                + " |\n|---|"
                + "---|".repeat(figures.size()) + "\n");
        for (String contender : result.rounds().keySet()) {
            text.append("| `" + contender + "` | "
                    + figures.stream()
                            .map(figure -> result.spread(contender, figure)
                                    .map(spread -> Target.number(spread.median()))
                                    .orElse(""))
                            .collect(Collectors.joining(" | "))
                    + " |\n");
        }
        return text.toString();
    }

    private static String list(Map<String, String> named) {
        return named.entrySet().stream()
                .map(entry -> entry.getKey().replace('_', ' ') + ' ' + entry.getValue())
                .collect(Collectors.joining(", "));
    }

    private static String plotted(Result result) {
        return PLOTTED.getOrDefault(result.benchmark(), Measurements.ROWS_PER_SECOND);
    }

    private static Map<String, Spread> bars(Result result) {
        Map<String, Spread> bars = new LinkedHashMap<>();
        for (String contender : result.rounds().keySet()) {
            result.spread(contender, plotted(result)).ifPresent(spread -> bars.put(contender, spread));
        }
        return bars;
    }
}
