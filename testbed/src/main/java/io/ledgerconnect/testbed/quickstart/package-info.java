/**
 * One command that shows the whole: starts every server, installs both plugins, registers the connectors of
 * {@code config/} over REST, lets payments flow, shows how far they have come, and audits the result.
 */
package io.ledgerconnect.testbed.quickstart;
