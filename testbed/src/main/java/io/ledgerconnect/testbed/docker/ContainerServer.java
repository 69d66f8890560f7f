package io.ledgerconnect.testbed.docker;

import io.ledgerconnect.testbed.Server;
import io.ledgerconnect.testbed.ServerUsage;
import java.util.List;

/** A server in a container, which starts and stops with it. */
interface ContainerServer extends Server {

    Container container();

    @Override
    default String name() {
        return container().name();
    }

    @Override
    default void stop() {
        container().stop();
    }

    @Override
    default void kill() {
        container().kill();
    }

    @Override
    default void pause() {
        container().pause();
    }

    @Override
    default void resume() {
        container().resume();
    }

    @Override
    default boolean isRunning() {
        return container().isRunning();
    }

    @Override
    default List<Long> pids() {
        return List.of();
    }

    @Override
    default ServerUsage usage() {
        return container().usage();
    }

    @Override
    default String logTail(int lines) {
        return container().logTail(lines);
    }
}
