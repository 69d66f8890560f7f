package io.ledgerconnect.cli.connection;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ledgerconnect.cli.CommandException;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** Asks a worker's REST API about connectors. Changes nothing there. */
public final class ConnectRest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(30);
    /** A rebalance answers with a conflict, and is over within seconds. */
    private static final int TRIES = 30;

    private static final int CONFLICT = 409;
    private static final int NOT_FOUND = 404;

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .build();
    private final URI worker;

    public ConnectRest(URI worker) {
        if (worker.getHost() == null) {
            throw new CommandException("'" + worker + "' is no address of a worker such as http://localhost:8083");
        }
        this.worker = worker;
    }

    /** A connector's configuration, in which placeholders of config providers stand as they were given. */
    public Map<String, String> config(String connector) {
        Map<String, String> config = new LinkedHashMap<>();
        get(connector, "config")
                .properties()
                .forEach(entry -> config.put(entry.getKey(), entry.getValue().asText()));
        return config;
    }

    public ConnectorState state(String connector) {
        return ConnectorState.of(get(connector, "status"));
    }

    private JsonNode get(String connector, String what) {
        String path = "/connectors/"
                + URLEncoder.encode(connector, StandardCharsets.UTF_8).replace("+", "%20") + '/' + what;
        HttpRequest request = HttpRequest.newBuilder(worker.resolve(path))
                .timeout(REQUEST_TIMEOUT)
                .build();
        HttpResponse<String> answer = send(request);
        for (int i = 1; answer.statusCode() == CONFLICT && i < TRIES; i++) {
            answer = sendAgain(request);
        }
        if (answer.statusCode() == NOT_FOUND) {
            throw new CommandException("The worker at " + worker + " has no connector '" + connector + "'.");
        }
        if (answer.statusCode() != 200) {
            throw new CommandException(
                    "The worker at " + worker + " answers " + answer.statusCode() + " to GET " + path);
        }
        try {
            return JSON.readTree(answer.body());
        } catch (JsonProcessingException e) {
            throw new CommandException("What answers at " + worker + " is no Connect worker: it sends no JSON.", e);
        }
    }

    private HttpResponse<String> sendAgain(HttpRequest request) {
        try {
            Thread.sleep(1000);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
        return send(request);
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return http.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new CommandException("No Connect worker answers at " + worker + '.', e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static CommandException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new CommandException("Interrupted.", e);
    }
}
