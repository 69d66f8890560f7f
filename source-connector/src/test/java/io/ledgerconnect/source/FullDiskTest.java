package io.ledgerconnect.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ledgerconnect.common.position.Lsn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A ledger on a disk of its own, which fills up. Only where the tests may mount one. */
class FullDiskTest {
    private static final int BLOCK = 1 << 20;

    @TempDir
    Path disk;

    @BeforeEach
    void mount() throws Exception {
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=300m", "tmpfs", disk.toString()), "may mount a disk");
    }

    @AfterEach
    void unmount() throws Exception {
        run("umount", "-l", disk.toString());
    }

    private static boolean run(String... command) throws Exception {
        return new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }

    @Test
    void isWaitedOut() throws Exception {
        TestServer server = new TestServer(disk.resolve("data"), Map.of("fsync", "on"));
        try (RunningTask task = new RunningTask(ledger(server))) {
            task.pollUntil(RunningTask::isWatermark);
            fill();
            int inserted = insertUntilRefused(server);
            writeWalUntilTheServerGivesUp(server);
            Files.delete(disk.resolve("junk"));
            restart(server);
            server.execute("ledger", "INSERT INTO accounts VALUES (" + (inserted + 1) + ", '')");
            task.pollThrough(Lsn.parse(server.ask("ledger", "SELECT pg_current_wal_insert_lsn()::text")));
            Set<Integer> sent = task.changes().stream()
                    .map(change -> RunningTask.key(change).getInt32("id"))
                    .collect(Collectors.toCollection(TreeSet::new));
            assertThat(task.changes()).hasSameSizeAs(sent);
            assertThat(sent.toString())
                    .isEqualTo('['
                            + server.ask("ledger", "SELECT string_agg(id::text, ', ' ORDER BY id) FROM accounts")
                            + ']');
            Sequences.expectWhole(task.received);
        } finally {
            server.close();
        }
    }

    private static Map<String, String> ledger(TestServer server) throws SQLException {
        server.execute("postgres", "CREATE DATABASE ledger");
        server.execute(
                "ledger", "CREATE TABLE accounts (id int PRIMARY KEY, v text)", "INSERT INTO accounts VALUES (0, '')");
        Map<String, String> settings = server.settings("ledger");
        settings.put("message.prefix.exclude.list", "filling");
        return settings;
    }

    private void fill() throws IOException {
        byte[] block = new byte[BLOCK];
        try (var junk = Files.newOutputStream(disk.resolve("junk"), StandardOpenOption.CREATE_NEW)) {
            while (true) {
                junk.write(block);
            }
        } catch (IOException full) {
            // as intended
        }
    }

    /** The last id that was certainly inserted. */
    private static int insertUntilRefused(TestServer server) {
        for (int id = 1; ; id++) {
            try {
                server.execute("ledger", "INSERT INTO accounts VALUES (" + id + ", repeat('x', 1000000))");
            } catch (SQLException full) {
                return id;
            }
        }
    }

    /** A message goes into the WAL alone, and a server that cannot write that stops. */
    private static void writeWalUntilTheServerGivesUp(TestServer server) {
        assertThatThrownBy(() -> {
                    while (true) {
                        server.execute(
                                "ledger", "SELECT pg_logical_emit_message(false, 'filling', repeat('x', 1000000))");
                    }
                })
                .isInstanceOf(SQLException.class);
    }

    /** A server that could not write its WAL ends, or recovers by itself. */
    private static void restart(TestServer server) {
        try {
            Awaitility.await()
                    .atMost(5, TimeUnit.SECONDS)
                    .ignoreExceptions()
                    .until(() -> server.ask("ledger", "SELECT 1") != null);
        } catch (ConditionTimeoutException away) {
            server.stop();
            server.start();
        }
    }
}
