package io.ledgerconnect.common.metrics;

import java.util.function.Supplier;

/** A {@link Metric} of one thing. */
public record Reading(String name, String description, Class<?> type, Supplier<Object> value) {}
