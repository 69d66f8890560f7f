/** {@code ledger-connect status}: through which position each pipeline has everything, and what it waits for. */
package io.ledgerconnect.cli.status;
