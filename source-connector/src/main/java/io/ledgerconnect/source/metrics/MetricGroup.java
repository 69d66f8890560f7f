package io.ledgerconnect.source.metrics;

import java.util.List;

/** Metrics that are explained together. */
record MetricGroup(String title, List<Metric> metrics) {}
