/** The packaged plugins in real workers, between a real ledger, a real broker and a real reporting store. */
package io.ledgerconnect.integration;
