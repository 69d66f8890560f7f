package io.ledgerconnect.cli;

/** Ends a command with {@link ExitStatus#ERROR}; the message is a sentence for whoever called it. */
public final class CommandException extends RuntimeException {
    public CommandException(String message) {
        super(message);
    }

    public CommandException(String message, Throwable cause) {
        super(message, cause);
    }
}
