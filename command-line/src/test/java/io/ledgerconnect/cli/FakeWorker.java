package io.ledgerconnect.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The REST API of a worker, as far as the commands ask it. */
public final class FakeWorker implements AutoCloseable {
    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final HttpServer server;

    public FakeWorker() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::answer);
        server.start();
    }

    public String url() {
        return "http://localhost:" + server.getAddress().getPort();
    }

    public FakeWorker connector(String name, Map<String, String> config) {
        try {
            answers.put("/connectors/" + name + "/config", new ObjectMapper().writeValueAsString(config));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return status(name, "{\"connector\":{\"state\":\"RUNNING\"},\"tasks\":[{\"id\":0,\"state\":\"RUNNING\"}]}");
    }

    public FakeWorker status(String name, String json) {
        answers.put("/connectors/" + name + "/status", json);
        return this;
    }

    private void answer(HttpExchange exchange) throws IOException {
        String answer = answers.get(exchange.getRequestURI().getPath());
        byte[] body = (answer == null ? "{\"error_code\":404}" : answer).getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer == null ? 404 : 200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
