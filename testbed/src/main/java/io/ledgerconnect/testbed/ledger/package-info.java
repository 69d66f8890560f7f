/**
 * The payment ledger of {@code config/sql/} at work: its SQL, a workload that moves money in it, the invariants that
 * hold in it at every commit, and the audit that compares it with the reporting store at one position.
 *
 * <pre>{@code
 * LedgerSql.load().createLedger(connection, passwords);
 * try (LedgerWorkload workload = new LedgerWorkload(database, WorkloadSettings.defaults())) {
 *     workload.openBooks();
 *     workload.start();
 *     …
 *     workload.stop();
 * }
 * AuditReport report = new LedgerAudit(ledger, reporting, AuditedTable.LEDGER, "reporting").run(patience, progress);
 * }</pre>
 */
package io.ledgerconnect.testbed.ledger;
