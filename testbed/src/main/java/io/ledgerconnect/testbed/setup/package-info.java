/** How servers are set up and known to be ready, whichever back end runs them. */
package io.ledgerconnect.testbed.setup;
