/**
 * A whole pipeline of real servers: ledger, Kafka, Connect workers with both plugins as users install them, and
 * reporting store, set up by the files of {@code config/}. It serves the quickstart, the tests and the benchmarks.
 */
package io.ledgerconnect.testbed.pipeline;
