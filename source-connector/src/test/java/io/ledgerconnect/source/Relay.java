package io.ledgerconnect.source;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Passes connections on to a server until it {@linkplain #silence() goes silent}: then those that are open stay open,
 * and not a byte comes through them any more, as when a firewall forgets them. New ones are passed on again.
 */
final class Relay implements AutoCloseable {
    private static final int BLOCK_BYTES = 1 << 16;

    private final int port;
    private final ServerSocket listener;
    private final List<Passage> passages = new CopyOnWriteArrayList<>();

    Relay(int port) throws IOException {
        this.port = port;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        background(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Silences the connections that are open now. */
    void silence() {
        passages.forEach(passage -> passage.silent = true);
    }

    private void accept() {
        try {
            while (true) {
                Passage passage = new Passage(listener.accept(), new Socket(InetAddress.getLoopbackAddress(), port));
                passages.add(passage);
                background(() -> passage.pass(passage.client, passage.server));
                background(() -> passage.pass(passage.server, passage.client));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private static void background(Runnable task) {
        Thread thread = new Thread(task, "relay");
        thread.setDaemon(true);
        thread.start();
    }

    private static final class Passage {
        private final Socket client;
        private final Socket server;
        private volatile boolean silent;

        Passage(Socket client, Socket server) {
            this.client = client;
            this.server = server;
        }

        void pass(Socket from, Socket to) {
            byte[] block = new byte[BLOCK_BYTES];
            try {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                for (int length = in.read(block); length >= 0; length = in.read(block)) {
                    if (!silent) {
                        out.write(block, 0, length);
                    }
                }
            } catch (IOException e) {
                // the other direction has ended
            }
            if (!silent) {
                close();
            }
        }

        void close() {
            try (client;
                    server) {
                // both
            } catch (IOException e) {
                // gone already
            }
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        passages.forEach(Passage::close);
    }
}
