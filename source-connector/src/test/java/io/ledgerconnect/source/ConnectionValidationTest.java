package io.ledgerconnect.source;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Validation of where the ledger is, and of what the role may do there. */
class ConnectionValidationTest extends ValidationFixture {

    @Test
    void namesAHostThatDoesNotAnswer() {
        settings.put("database.port", "1");
        expect("database.hostname", "localhost:1", "cannot be reached");
    }

    @Test
    void namesAHostThatNobodyKnows() {
        settings.put("database.hostname", "no-such-host.invalid");
        expect("database.hostname", "The host name no-such-host.invalid is unknown.");
    }

    @Test
    void namesAHostThatNeverAnswers() throws IOException {
        List<Socket> waiting = new ArrayList<>();
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getByName("localhost"))) {
            // Connections that nobody accepts fill the backlog; the next one gets no answer.
            for (int i = 0; i < 4; i++) {
                Socket socket = new Socket();
                waiting.add(socket);
                try {
                    socket.connect(full.getLocalSocketAddress(), 200);
                } catch (SocketTimeoutException e) {
                    break;
                }
            }
            settings.put("database.port", Integer.toString(full.getLocalPort()));
            expect("database.hostname", "timed out");
        } finally {
            for (Socket socket : waiting) {
                socket.close();
            }
        }
    }

    @Test
    void namesADatabaseThatIsNotThere() {
        settings.put("database.dbname", "nowhere");
        expect("database.dbname", "'nowhere'");
    }

    @Test
    void namesARoleThatIsNotThere() {
        settings.put("database.user", "nobody");
        expect("database.user", "nobody");
    }

    @Test
    void namesAMissingReplicationPrivilege() throws SQLException {
        publish("FOR ALL TABLES");
        captureAs("reader", "ALTER ROLE ? NOREPLICATION", "GRANT SELECT ON accounts TO ?");
        expect("database.user", "lacks REPLICATION", "ALTER ROLE reader_" + database + " REPLICATION;");
    }

    @Test
    void namesADatabaseThatTheRoleMayNotConnectTo() throws SQLException {
        captureAs("stranger", "REVOKE CONNECT ON DATABASE " + database + " FROM public");
        expect("database.user", "GRANT CONNECT ON DATABASE " + database + " TO stranger_" + database + ";");
    }

    @Test
    void namesTablesThatTheRoleMayNotRead() throws SQLException {
        publish("FOR ALL TABLES");
        captureAs("blind");
        expect("database.user", "GRANT SELECT ON public.accounts TO blind_" + database + ";");
    }

    @Test
    void namesASchemaThatTheRoleMayNotUse() throws SQLException {
        LedgerServer.execute(database, "DROP TABLE accounts", "CREATE TABLE other.\"Big Book\" (id int PRIMARY KEY)");
        publish("FOR ALL TABLES");
        captureAs("outsider", "GRANT SELECT ON ALL TABLES IN SCHEMA other TO ?");
        expect("database.user", "GRANT USAGE ON SCHEMA other TO outsider_" + database + ";");
    }

    @Test
    void namesTablesWhoseRowsAPolicyHides() throws SQLException {
        publish("FOR ALL TABLES");
        captureAs(
                "tenant",
                "GRANT SELECT ON accounts TO ?",
                "ALTER TABLE accounts ENABLE ROW LEVEL SECURITY",
                "CREATE POLICY own ON accounts USING (owner = current_user)");
        expect("database.user", "public.accounts", "BYPASSRLS");
    }

    @Test
    void namesTheEncryptionThatTheServerDoesNotOffer() {
        settings.put("database.sslmode", "require");
        expect("database.sslmode", "database.sslmode=require", "SSL");
    }

    @Test
    void namesAPortThatIsNotPostgresqls() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 10, InetAddress.getByName("localhost"))) {
            Thread answering = new Thread(() -> {
                try {
                    while (true) {
                        try (Socket socket = other.accept()) {
                            socket.getOutputStream()
                                    .write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                        }
                    }
                } catch (IOException closed) {
                    // at the end of the test
                }
            });
            answering.setDaemon(true);
            answering.start();
            settings.put("database.port", Integer.toString(other.getLocalPort()));
            expect("database.sslmode", "look whether database.hostname and database.port are PostgreSQL's");
        }
    }

    @Test
    void namesAServerThatTakesTheConnectionAndSaysNothing() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getByName("localhost"))) {
            settings.put("database.port", Integer.toString(silent.getLocalPort()));
            expect("database.hostname", "timed out");
        }
    }
}
