package io.ledgerconnect.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workers that want a password, or speak https. */
class RestAccessTest {
    private static final String PASSWORD = "changeit";

    @TempDir
    private static Path directory;

    private static TestDatabase store;

    @BeforeAll
    static void aStoreWithAPipeline() {
        store = TestDatabase.reporting();
        store.execute("INSERT INTO ledger_connect.stream VALUES ('pipe', '7/ledger', 'slot@1', '0/1', true, 'active')");
    }

    @AfterAll
    static void close() throws Exception {
        store.close();
    }

    private static FakeWorker withSink(FakeWorker worker) {
        return worker.connector(
                "sink",
                Map.of(
                        "connector.class", "io.ledgerconnect.sink.ReportingSinkConnector",
                        "pipeline.name", "pipe",
                        "connection.url", store.url(),
                        "connection.user", "postgres"));
    }

    private static Call status(FakeWorker worker, Map<String, String> environment, String... more) {
        List<String> arguments = new ArrayList<>(List.of("status", "--connect", worker.url(), "--connector", "sink"));
        arguments.addAll(List.of(more));
        return Call.of(environment, arguments.toArray(String[]::new));
    }

    @Test
    void aWorkerThatWantsAPasswordGetsIt() throws Exception {
        try (FakeWorker worker = withSink(new FakeWorker()).admitting("auditor", "p:w ü")) {
            Path file = Files.writeString(directory.resolve("password"), "p:w ü\n");
            Call call =
                    status(worker, Map.of(), "--connect-user", "auditor", "--connect-password-file", file.toString());
            assertThat(call.err()).isEmpty();
            assertThat(call.status()).isEqualTo(0);
            assertThat(status(worker, Map.of("LEDGER_CONNECT_REST_PASSWORD", "p:w ü"), "--connect-user", "auditor")
                            .status())
                    .isEqualTo(0);
            Call nobody = status(worker, Map.of());
            assertThat(nobody.status()).isEqualTo(2);
            assertThat(nobody.err()).contains("does not admit anybody without a name (401): give --connect-user");
            Call wrong = status(worker, Map.of("LEDGER_CONNECT_REST_PASSWORD", "s3cret"), "--connect-user", "auditor");
            assertThat(wrong.err()).contains("does not admit 'auditor' (401)").doesNotContain("s3cret");
        }
    }

    @Test
    void aPasswordInTheAddressIsRefused() {
        Call call = Call.of(Map.of(), "status", "--connect", "http://me:s3cret@localhost:8083", "--connector", "sink");
        assertThat(call.status()).isEqualTo(2);
        assertThat(call.err())
                .contains("--connect contains a password, which everybody on this machine could see")
                .doesNotContain("s3cret");
    }

    @Test
    void aWorkerAtHttpsIsTrustedByItsCertificate() throws Exception {
        SSLContext tls = context();
        try (FakeWorker worker = withSink(new FakeWorker(tls))) {
            Call untrusted = status(worker, Map.of());
            assertThat(untrusted.status()).isEqualTo(2);
            assertThat(untrusted.err()).contains("is not trusted", "--connect-ca names who vouches for it");
            Call call = status(
                    worker,
                    Map.of(),
                    "--connect-ca",
                    directory.resolve("ca.pem").toString());
            assertThat(call.err()).isEmpty();
            assertThat(call.status()).isEqualTo(0);
            Call keyed = status(
                    worker,
                    Map.of("LEDGER_CONNECT_REST_KEYSTORE_PASSWORD", PASSWORD),
                    "--connect-ca",
                    directory.resolve("ca.pem").toString(),
                    "--connect-keystore",
                    directory.resolve("server.p12").toString());
            assertThat(keyed.status()).isEqualTo(0);
            Call locked = status(
                    worker,
                    Map.of(),
                    "--connect-keystore",
                    directory.resolve("server.p12").toString());
            assertThat(locked.err())
                    .contains("cannot be read as PKCS#12 with the password in LEDGER_CONNECT_REST_KEYSTORE_PASSWORD");
        }
    }

    private static SSLContext context() throws Exception {
        Path keystore = directory.resolve("server.p12");
        keytool(
                "-genkeypair",
                "-alias",
                "worker",
                "-keyalg",
                "RSA",
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=dns:localhost",
                "-storetype",
                "PKCS12",
                "-keystore",
                keystore.toString(),
                "-storepass",
                PASSWORD);
        keytool(
                "-exportcert",
                "-rfc",
                "-alias",
                "worker",
                "-keystore",
                keystore.toString(),
                "-storepass",
                PASSWORD,
                "-file",
                directory.resolve("ca.pem").toString());
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keystore)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(keys, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), null, null);
        return context;
    }

    private static void keytool(String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isEqualTo(0);
    }
}
