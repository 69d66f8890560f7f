/**
 * {@code ledger-connect doctor}: looks at everything a pipeline stands on, and says what is wrong, what that means for
 * the data, and what mends it. Changes nothing.
 *
 * <p>What the plugins themselves can tell is asked of them, by Connect's validation of the connectors' own
 * configurations; the rest is asked of the worker, the databases and Kafka.
 */
package io.ledgerconnect.cli.doctor;
