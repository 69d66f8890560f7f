package io.ledgerconnect.testbed.process;

import io.ledgerconnect.testbed.TestbedException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Loopback ports that stay this testbed's while their servers are down. They lie below the range from which systems
 * take the local ports of outgoing connections. Each is held by a listener on the same port of another loopback
 * address, which other testbeds respect and which ends with this JVM. Safe for use by several threads.
 */
public final class Ports implements AutoCloseable {

    private static final int FIRST = 20_000;
    private static final int COUNT = 12_000;
    private static final int ATTEMPTS = 1_000;
    private static final byte[] SERVERS = {127, 0, 0, 1};
    private static final byte[] HOLDERS = {127, 76, 67, 1};

    private final Random random = new SecureRandom();
    private final List<ServerSocket> holders = new ArrayList<>();

    /** A port on which nothing listens and that no other testbed has. */
    public synchronized int take() {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = FIRST + random.nextInt(COUNT);
            if (holds(port)) {
                return port;
            }
        }
        throw new TestbedException("No free port from " + FIRST + " to " + (FIRST + COUNT - 1) + " in " + ATTEMPTS
                + " attempts; see what listens there with: ss -ltn");
    }

    @Override
    public synchronized void close() {
        holders.forEach(Ports::release);
        holders.clear();
    }

    private boolean holds(int port) {
        try {
            ServerSocket holder = listen(HOLDERS, port);
            if (isFree(port)) {
                holders.add(holder);
                return true;
            }
            release(holder);
            return false;
        } catch (IOException anotherTestbedHasIt) {
            return false;
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket probe = listen(SERVERS, port)) {
            return probe.isBound();
        } catch (IOException taken) {
            return false;
        }
    }

    private static ServerSocket listen(byte[] address, int port) throws IOException {
        ServerSocket socket = new ServerSocket();
        try {
            socket.bind(new InetSocketAddress(InetAddress.getByAddress(address), port), 1);
            return socket;
        } catch (IOException taken) {
            socket.close();
            throw taken;
        }
    }

    private static void release(ServerSocket holder) {
        try {
            holder.close();
        } catch (IOException unlikely) {
            throw new TestbedException("A port's holder cannot be closed", unlikely);
        }
    }
}
