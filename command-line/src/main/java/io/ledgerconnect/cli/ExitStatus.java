package io.ledgerconnect.cli;

/** Exit statuses, the same for all commands. */
public final class ExitStatus {
    /** What was asked for is so: reached, equal, without a gap. */
    public static final int OK = 0;
    /** It is not: the time is up, or there are differences. */
    public static final int NOT_SO = 1;
    /** The command was not understood, or a database or worker cannot be asked. */
    public static final int ERROR = 2;
    /** The pipeline stands before a gap or has stopped, so it cannot be told, and waiting does not help. */
    public static final int STOPPED = 3;

    private ExitStatus() {}
}
