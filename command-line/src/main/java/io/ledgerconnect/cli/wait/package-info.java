/** {@code ledger-connect wait}: until a pipeline has everything through a position or a time. */
package io.ledgerconnect.cli.wait;
