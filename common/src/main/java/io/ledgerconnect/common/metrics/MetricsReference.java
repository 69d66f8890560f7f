package io.ledgerconnect.common.metrics;

/** Renders metrics as Markdown, so that what the reference says is what the code does. */
public final class MetricsReference {
    private MetricsReference() {}

    /** A heading and a table for each group, in order. */
    public static String markdown(Iterable<? extends MetricGroup<?>> groups) {
        StringBuilder page = new StringBuilder();
        for (MetricGroup<?> group : groups) {
            page.append("\n## ").append(group.title()).append("\n\n| Metric | Type | Meaning |\n|---|---|---|\n");
            group.metrics().forEach(metric -> page.append(row(metric)));
        }
        return page.toString();
    }

    private static String row(Metric<?> metric) {
        String type = metric.type() == Double.class ? "number" : "text";
        return "| `" + metric.name() + "` | " + type + " | " + metric.description() + " |\n";
    }
}
