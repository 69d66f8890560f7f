package io.ledgerconnect.testbed;

import java.util.List;

/**
 * One server of a testbed. It keeps its data and its ports from {@link #start()} to {@link #start()}.
 *
 * <p>Safe for use by several threads; calls on one server take turns. Every wait is bounded; where a server does not do
 * in time what it is told, a {@link TestbedException} carries the end of its log.
 */
public interface Server {

    /** What the server is called in messages and in the testbed's directory, such as {@code postgres-1}. */
    String name();

    /** Starts the stopped or killed server again on its data and ports, and returns when it is ready to serve. */
    void start();

    /** Asks the server to shut down in good order and waits for it. Does nothing where it is not running. */
    void stop();

    /**
     * Ends the server and every child of it at once, as a power failure of this one machine would ({@code SIGKILL}).
     * Does nothing where it is not running.
     */
    void kill();

    /** Freezes the server and every child of it ({@code SIGSTOP}): its connections stay open and silent. */
    void pause();

    /** Lets a frozen server go on. */
    void resume();

    /** Whether the server's process lives; true for a frozen one too. */
    boolean isRunning();

    /** The ids of its processes on this machine; empty where it runs in a container. */
    List<Long> pids();

    /** What the server has used since its last start. */
    ServerUsage usage();

    /** The last lines of its log, for messages of failed tests. */
    String logTail(int lines);
}
