package io.ledgerconnect.common.metrics;

/**
 * A task, as the worker names it.
 *
 * @param connector the name by which the worker knows the connector
 * @param number the task's among those of its connector, from 0
 */
public record TaskName(String connector, int number) {
    @Override
    public String toString() {
        return connector + " task " + number;
    }
}
