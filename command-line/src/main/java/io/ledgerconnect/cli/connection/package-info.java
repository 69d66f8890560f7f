/** Where databases and workers are, and how they are asked. */
package io.ledgerconnect.cli.connection;
