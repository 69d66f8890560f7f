/** What servers on this machine need whichever back end runs them: a directory, ports, processes, and their end. */
package io.ledgerconnect.testbed.process;
