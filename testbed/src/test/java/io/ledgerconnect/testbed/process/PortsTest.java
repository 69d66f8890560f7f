package io.ledgerconnect.testbed.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class PortsTest {

    @Test
    void givesEachPortOnce() {
        try (Ports one = new Ports();
                Ports other = new Ports()) {
            Set<Integer> taken = new HashSet<>();
            for (int count = 0; count < 200; count++) {
                assertThat(taken.add(one.take())).isTrue();
                assertThat(taken.add(other.take())).isTrue();
            }
        }
    }

    @Test
    void leavesThePortToItsServer() throws IOException {
        try (Ports ports = new Ports();
                ServerSocket server = new ServerSocket(ports.take(), 1, InetAddress.getLoopbackAddress())) {
            assertThat(server.isBound()).isTrue();
        }
    }
}
