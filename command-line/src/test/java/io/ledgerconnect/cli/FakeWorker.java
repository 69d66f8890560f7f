package io.ledgerconnect.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;

/** The REST API of a worker, as far as the commands ask it. */
public final class FakeWorker implements AutoCloseable {
    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final Set<String> connectors = new TreeSet<>();
    private final HttpServer server;
    private String admitted;

    public FakeWorker() {
        this(null);
    }

    /** @param tls by which it speaks https; null for http */
    public FakeWorker(SSLContext tls) {
        try {
            server = server(tls);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::answer);
        server.start();
    }

    private static HttpServer server(SSLContext tls) throws IOException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        if (tls == null) {
            return HttpServer.create(address, 0);
        }
        HttpsServer secure = HttpsServer.create(address, 0);
        secure.setHttpsConfigurator(new HttpsConfigurator(tls));
        return secure;
    }

    public String url() {
        return (server instanceof HttpsServer ? "https" : "http") + "://localhost:"
                + server.getAddress().getPort();
    }

    /** Nobody else is answered. */
    public FakeWorker admitting(String user, String password) {
        admitted =
                "Basic " + Base64.getEncoder().encodeToString((user + ':' + password).getBytes(StandardCharsets.UTF_8));
        return this;
    }

    public FakeWorker connector(String name, Map<String, String> config) {
        connectors.add(name);
        json("/connectors", connectors);
        json("/connectors/" + name + "/config", config);
        return status(name, "{\"connector\":{\"state\":\"RUNNING\"},\"tasks\":[{\"id\":0,\"state\":\"RUNNING\"}]}");
    }

    public FakeWorker status(String name, String json) {
        return answer("/connectors/" + name + "/status", json);
    }

    public FakeWorker json(String path, Object value) {
        try {
            return answer(path, new ObjectMapper().writeValueAsString(value));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public FakeWorker answer(String path, String json) {
        answers.put(path, json);
        return this;
    }

    private void answer(HttpExchange exchange) throws IOException {
        String answer = answers.get(exchange.getRequestURI().getPath());
        exchange.getRequestBody().readAllBytes();
        if (admitted != null && !admitted.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            send(exchange, 401, "{\"error_code\":401}");
        } else {
            send(exchange, answer == null ? 404 : 200, answer == null ? "{\"error_code\":404}" : answer);
        }
    }

    private static void send(HttpExchange exchange, int status, String answer) throws IOException {
        byte[] body = answer.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
