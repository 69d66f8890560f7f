package io.ledgerconnect.testbed.quickstart;

import java.io.PrintStream;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Lines for the person who watches, and one line that changes in place. Where nobody watches, such as in a file, that
 * line becomes an ordinary one every few seconds.
 */
final class Terminal {
    /** The script that starts the quickstart knows whether its output is a terminal. */
    static final String PROPERTY = "quickstart.terminal";

    private static final Duration BETWEEN_LINES = Duration.ofSeconds(5);
    private static final String START_OF_LINE_AND_ERASE = "\r\u001b[K";

    private final PrintStream out;
    private final boolean inPlace;
    private final LongSupplier nanoClock;
    private boolean lineOpen;
    private long lastLine;

    Terminal(PrintStream out, boolean inPlace, LongSupplier nanoClock) {
        this.out = out;
        this.inPlace = inPlace;
        this.nanoClock = nanoClock;
        this.lastLine = nanoClock.getAsLong() - BETWEEN_LINES.toNanos();
    }

    static Terminal standard() {
        return new Terminal(System.out, Boolean.getBoolean(PROPERTY), System::nanoTime);
    }

    synchronized void println(String line) {
        closeLine();
        out.println(line);
        out.flush();
    }

    /** Shows a state that replaces the one shown before. */
    synchronized void show(String state) {
        if (inPlace) {
            out.print(START_OF_LINE_AND_ERASE + state);
            out.flush();
            lineOpen = true;
        } else if (nanoClock.getAsLong() - lastLine >= BETWEEN_LINES.toNanos()) {
            lastLine = nanoClock.getAsLong();
            println(state);
        }
    }

    private void closeLine() {
        if (lineOpen) {
            out.println();
            lineOpen = false;
        }
    }
}
