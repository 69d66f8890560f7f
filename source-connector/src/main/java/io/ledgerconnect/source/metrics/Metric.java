package io.ledgerconnect.source.metrics;

import io.ledgerconnect.source.capture.CaptureProgress;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * One metric: its value and all that is said of it.
 *
 * @param name with the unit last
 * @param description what it means, in one sentence or two; shown by JMX and in the documentation
 * @param type {@code Double}, which is NaN while the value is not known, or {@code String}
 */
record Metric(String name, String description, Class<?> type, Function<CaptureProgress, Object> value) {

    static Metric number(String name, String description, ToDoubleFunction<CaptureProgress> value) {
        return new Metric(name, description, Double.class, value::applyAsDouble);
    }

    static Metric text(String name, String description, Function<CaptureProgress, String> value) {
        return new Metric(name, description, String.class, value::apply);
    }
}
