/**
 * The command line {@code ledger-connect}. A package per command; {@code connection} has what all of them share: where
 * the databases are, and what Connect's REST API says of a connector.
 */
package io.ledgerconnect.cli;
