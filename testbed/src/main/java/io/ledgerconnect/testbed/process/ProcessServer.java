package io.ledgerconnect.testbed.process;

import io.ledgerconnect.testbed.Server;
import io.ledgerconnect.testbed.ServerUsage;
import java.util.List;

/** A server that is a process of this machine. */
public interface ProcessServer extends Server {

    ServerProcess process();

    @Override
    default String name() {
        return process().name();
    }

    @Override
    default void start() {
        process().start();
    }

    @Override
    default void stop() {
        process().stop();
    }

    @Override
    default void kill() {
        process().kill();
    }

    @Override
    default void pause() {
        process().pause();
    }

    @Override
    default void resume() {
        process().resume();
    }

    @Override
    default boolean isRunning() {
        return process().isRunning();
    }

    @Override
    default List<Long> pids() {
        return process().pids();
    }

    @Override
    default ServerUsage usage() {
        return process().usage();
    }

    @Override
    default String logTail(int lines) {
        return process().logTail(lines);
    }
}
