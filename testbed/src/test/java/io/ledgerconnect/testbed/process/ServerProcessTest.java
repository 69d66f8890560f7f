package io.ledgerconnect.testbed.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ledgerconnect.testbed.TestbedException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Shell scripts stand in for servers. */
final class ServerProcessTest {

    private final Workspace workspace = Workspace.open();
    private final Path directory = workspace.createServerDirectory("script-1");

    @AfterEach
    void close() {
        workspace.close();
    }

    @Test
    void isReadyWhenItsLogOfThisStartSaysSo() {
        ServerProcess server = server("echo ready; exec sleep 60");
        server.start();
        server.kill();
        server.start();
        assertThat(server.isRunning()).isTrue();
        assertThat(server.logTail(9)).isEqualTo("ready\nready");
        assertThatThrownBy(server::start).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void killsChildrenWhoseParentIsGone() {
        ServerProcess server = server("setsid sleep 60 & setsid sleep 60 & echo ready; exec sleep 60");
        server.start();
        assertThat(server.pids()).hasSize(3);
        ProcessHandle.of(server.pids().get(0)).orElseThrow().destroyForcibly();

        server.kill();

        assertThat(server.pids()).isEmpty();
        assertThat(server.isRunning()).isFalse();
    }

    @Test
    void failsWithTheLogOfAServerThatEndsWhileItStarts() {
        assertThatThrownBy(server("echo no such file; exit 3")::start)
                .isInstanceOf(TestbedException.class)
                .hasMessageContaining("script-1 ended with status 3")
                .hasMessageEndingWith("no such file");
    }

    @Test
    void getsNothingFromTheEnvironmentOfTheTest() {
        ServerProcess server = server("env; echo ready; exec sleep 60");
        server.start();
        assertThat(server.logTail(20).lines().map(line -> line.replaceAll("=.*", "")))
                .containsOnly("PATH", "LANG", "HOME", "PWD", "GREETING", "ready");
    }

    private ServerProcess server(String script) {
        return new ServerProcess(directory, new Launch() {
            @Override
            public List<String> command() {
                return List.of("sh", "-c", script);
            }

            @Override
            public Map<String, String> environment() {
                return Map.of("GREETING", "hello");
            }

            @Override
            public String stopSignal() {
                return "TERM";
            }

            @Override
            public boolean isReady(String log) {
                return log.contains("ready");
            }
        });
    }
}
