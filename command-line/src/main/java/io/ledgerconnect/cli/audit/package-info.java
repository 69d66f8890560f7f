/**
 * {@code ledger-connect audit}: compares a ledger and its reporting store as of one position.
 *
 * <p>{@link io.ledgerconnect.cli.audit.LedgerSnapshot} gives the ledger as of a position,
 * {@link io.ledgerconnect.cli.audit.TableCatalog} says what is compared and how,
 * {@link io.ledgerconnect.cli.audit.RangeComparison} compares ranges of keys by digests and halves those that differ,
 * and {@link io.ledgerconnect.cli.audit.Recheck} looks again at the rows that have changed since the position.
 */
package io.ledgerconnect.cli.audit;
