package io.ledgerconnect.cli.connection;

/** Environment variables. */
@FunctionalInterface
public interface Environment {
    /** The value of a variable, or null. */
    String get(String name);
}
