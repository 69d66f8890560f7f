package io.ledgerconnect.benchmarks;

import java.util.List;
import java.util.Locale;

/** What repeated measurements come to. */
record Spread(double median, double min, double max) {
    static Spread of(List<Double> values) {
        return new Spread(
                Median.of(values),
                values.stream().min(Double::compare).orElseThrow(),
                values.stream().max(Double::compare).orElseThrow());
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%.2f (%.2f to %.2f)", median, min, max);
    }
}
