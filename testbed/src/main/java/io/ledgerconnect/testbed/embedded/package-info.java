/**
 * Servers as processes of this machine: PostgreSQL from packed binaries or an installation, Kafka from its own jars.
 */
package io.ledgerconnect.testbed.embedded;
