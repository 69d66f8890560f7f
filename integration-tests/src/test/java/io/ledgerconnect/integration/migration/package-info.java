/** Our source connector beside Debezium's on one database: where their records differ, the documentation says so. */
package io.ledgerconnect.integration.migration;
