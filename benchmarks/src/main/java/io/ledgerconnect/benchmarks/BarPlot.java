package io.ledgerconnect.benchmarks;

import java.util.Locale;
import java.util.Map;

/** A plot in SVG: a bar for each contender's median, with a line from the least to the most of its rounds. */
final class BarPlot {
    private static final int WIDTH = 720;
    private static final int LABELS = 190;
    private static final int BARS = 400;
    private static final int ROW = 30;
    private static final int TOP = 44;

    private BarPlot() {}

    static String svg(String title, Map<String, Spread> bars) {
        double most = bars.values().stream().mapToDouble(Spread::max).max().orElse(0);
        double scale = most > 0 ? BARS / most : 0;
        int height = TOP + ROW * bars.size() + 12;
        StringBuilder svg = new StringBuilder(String.format(
                Locale.ROOT, """
                <svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" role="img"
                  font-family="sans-serif" font-size="13" fill="#1b1b1a">
                <title>%s</title>
                <rect width="%d" height="%d" fill="#fcfcfb"/>
                <text x="12" y="25" font-size="15" font-weight="bold">%s</text>
                """, WIDTH, height, WIDTH, height, escaped(title), WIDTH, height, escaped(title)));
        int y = TOP;
        for (Map.Entry<String, Spread> bar : bars.entrySet()) {
            svg.append(row(bar.getKey(), bar.getValue(), y, scale));
            y += ROW;
        }
        return svg.append("</svg>\n").toString();
    }

    private static String row(String contender, Spread spread, int y, double scale) {
        int middle = y + ROW / 2;
        double end = LABELS + spread.median() * scale;
        double least = LABELS + spread.min() * scale;
        double most = LABELS + spread.max() * scale;
        return String.format(
                Locale.ROOT,
                """
                <text x="%d" y="%d" text-anchor="end">%s</text>
                <rect x="%d" y="%d" width="%.1f" height="%d" fill="%s"/>
                <path d="M%.1f %dH%.1fM%.1f %dv8M%.1f %dv8" stroke="#1b1b1a" fill="none"/>
                <text x="%.1f" y="%d">%s</text>
                """,
                LABELS - 10,
                middle + 5,
                escaped(contender),
                LABELS,
                y + 6,
                end - LABELS,
                ROW - 12,
                contender.startsWith("ours") ? "#2a78d6" : "#a9a8a2",
                least,
                middle,
                most,
                least,
                middle - 4,
                most,
                middle - 4,
                most + 8,
                middle + 5,
                Target.number(spread.median()));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
