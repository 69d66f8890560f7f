/** Every server killed or frozen at random moments under load, again and again, and then the audit. */
package io.ledgerconnect.integration.faults;
