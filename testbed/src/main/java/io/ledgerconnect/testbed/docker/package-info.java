/** Servers as containers of a Docker engine on this machine. */
package io.ledgerconnect.testbed.docker;
