/**
 * Starts and stops the real thing: PostgreSQL, Kafka brokers and distributed Connect workers, each a process or a
 * container of its own that can be killed, frozen and started again on its data.
 *
 * <pre>{@code
 * try (Testbed testbed = Testbed.open()) {
 *     Postgres postgres = testbed.startPostgres(PostgresSpec.defaults());
 *     KafkaBroker kafka = testbed.startKafka(KafkaSpec.defaults());
 *     ConnectWorker worker = testbed.startConnect(kafka, ConnectSpec.defaults().withPluginPath(plugins));
 *     worker.rest().putConnector("ledger", config);
 *     worker.rest().awaitRunning("ledger", Duration.ofSeconds(30));
 *     worker.kill();
 *     worker.start();
 * }
 * }</pre>
 *
 * <p>Nothing outlives the testbed, neither a process nor a file, also when the JVM that opened it is killed.
 */
package io.ledgerconnect.testbed;
