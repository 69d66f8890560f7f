package io.ledgerconnect.cli;

import java.util.logging.Level;
import java.util.logging.Logger;

/** The program: one command, and its exit status. */
public final class Main {
    /** Held, so that its level stays. */
    private static final Logger DRIVER = Logger.getLogger("org.postgresql");

    private Main() {}

    public static void main(String[] arguments) {
        // What the driver logs of a failed login, with a stack trace, is told by the command in a sentence.
        DRIVER.setLevel(Level.OFF);
        System.exit(LedgerConnect.commandLine(System::getenv).execute(arguments));
    }
}
