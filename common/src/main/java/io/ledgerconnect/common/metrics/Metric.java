package io.ledgerconnect.common.metrics;

import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * One metric: its value and all that is said of it.
 *
 * @param <S> what it is read from; any thread may read
 * @param name with the unit last
 * @param description what it means, in one sentence or two; shown by JMX and in the documentation
 * @param type {@code Double}, which is NaN while the value is not known, or {@code String}
 */
public record Metric<S>(String name, String description, Class<?> type, Function<S, Object> value) {

    public static <S> Metric<S> number(String name, String description, ToDoubleFunction<S> value) {
        return new Metric<>(name, description, Double.class, value::applyAsDouble);
    }

    public static <S> Metric<S> text(String name, String description, Function<S, String> value) {
        return new Metric<>(name, description, String.class, value::apply);
    }

    /** The metric of one thing. */
    public Reading of(S source) {
        return new Reading(name, description, type, () -> value.apply(source));
    }
}
