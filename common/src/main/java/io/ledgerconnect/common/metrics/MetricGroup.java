package io.ledgerconnect.common.metrics;

import java.util.List;

/** Metrics that are explained together. */
public record MetricGroup<S>(String title, List<Metric<S>> metrics) {

    /** All metrics of the groups, of one thing. */
    public static <S> List<Reading> readings(List<MetricGroup<S>> groups, S source) {
        return groups.stream()
                .flatMap(group -> group.metrics().stream())
                .map(metric -> metric.of(source))
                .toList();
    }
}
