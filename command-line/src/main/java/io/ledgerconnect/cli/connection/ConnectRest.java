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
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** Asks a worker's REST API about connectors. Changes nothing there, but for {@link #putConfig}. */
public final class ConnectRest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    /** A validation asks databases. */
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(90);
    /** A rebalance answers with a conflict, and is over within seconds. */
    private static final int TRIES = 30;

    private static final int CONFLICT = 409;
    private static final int INVALID = 400;
    private static final int NOT_FOUND = 404;
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;

    private final HttpClient http;
    private final URI worker;
    private final RestAccess access;

    ConnectRest(URI worker, RestAccess access) {
        if (worker.getHost() == null) {
            throw new CommandException("'" + worker + "' is no address of a worker such as http://localhost:8083");
        }
        if (worker.getRawUserInfo() != null) {
            throw new CommandException("--connect contains a password, which everybody on this machine could see: give"
                    + " --connect-user, and the password in a file or in " + RestOptions.PASSWORD_VARIABLE + '.');
        }
        this.worker = worker;
        this.access = access;
        HttpClient.Builder builder =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT_TIMEOUT);
        access.secure(builder);
        this.http = builder.build();
    }

    public URI worker() {
        return worker;
    }

    /** A connector's configuration, in which placeholders of config providers stand as they were given. */
    public Map<String, String> config(String connector) {
        Map<String, String> config = new LinkedHashMap<>();
        ofConnector(connector, "config")
                .properties()
                .forEach(entry -> config.put(entry.getKey(), entry.getValue().asText()));
        return config;
    }

    /**
     * Gives a connector another configuration, with which it starts anew.
     *
     * @throws CommandException with what Connect says, when it refuses it
     */
    public void putConfig(String connector, Map<String, String> config) {
        HttpRequest request = request(path(connector, "config"))
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(text(config)))
                .build();
        HttpResponse<String> answer = answer(request);
        if (answer.statusCode() == INVALID) {
            throw new CommandException(
                    "Connector " + connector + " does not take what it is asked: " + message(answer));
        }
        json(request, answer);
    }

    private static String message(HttpResponse<String> answer) {
        try {
            return JSON.readTree(answer.body()).path("message").asText();
        } catch (JsonProcessingException e) {
            return "without a reason";
        }
    }

    /** What Connect has stored of where a connector is; one object for a source of Ledger Connect. */
    public JsonNode offset(String connector) {
        return ofConnector(connector, "offsets").path("offsets").path(0).path("offset");
    }

    public ConnectorState state(String connector) {
        return ConnectorState.of(ofConnector(connector, "status"));
    }

    private JsonNode ofConnector(String connector, String what) {
        return json(request(path(connector, what)).build())
                .orElseThrow(() ->
                        new CommandException("The worker at " + worker + " has no connector '" + connector + "'."));
    }

    /** The path of something of a connector, whose name may have any characters. */
    public static String path(String connector, String what) {
        return "/connectors/"
                + URLEncoder.encode(connector, StandardCharsets.UTF_8).replace("+", "%20") + '/' + what;
    }

    /** What a path answers; empty where there is no such thing. */
    public Optional<JsonNode> get(String path) {
        return json(request(path).build());
    }

    /** Asks a plugin about a configuration. Nothing is changed by it. */
    public Optional<JsonNode> validate(String plugin, Map<String, String> config) {
        String path = "/connector-plugins/" + plugin + "/config/validate";
        return json(request(path)
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(text(config)))
                .build());
    }

    private static String text(Map<String, String> config) {
        try {
            return JSON.writeValueAsString(config);
        } catch (JsonProcessingException e) {
            throw new CommandException("The configuration cannot be sent as JSON.", e);
        }
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(worker.resolve(path)).timeout(REQUEST_TIMEOUT);
        access.authorization().ifPresent(value -> request.header("Authorization", value));
        return request;
    }

    /** Empty where there is no such thing. */
    private Optional<JsonNode> json(HttpRequest request) {
        return json(request, answer(request));
    }

    private HttpResponse<String> answer(HttpRequest request) {
        HttpResponse<String> answer = send(request);
        for (int i = 1; answer.statusCode() == CONFLICT && i < TRIES; i++) {
            answer = sendAgain(request);
        }
        return answer;
    }

    private Optional<JsonNode> json(HttpRequest request, HttpResponse<String> answer) {
        switch (answer.statusCode()) {
            case 200, 201 -> {}
            case NOT_FOUND -> {
                return Optional.empty();
            }
            case UNAUTHORIZED, FORBIDDEN -> throw notAdmitted(answer.statusCode());
            default ->
                throw new CommandException("The worker at " + worker + " answers " + answer.statusCode() + " to "
                        + request.method() + ' ' + request.uri().getRawPath());
        }
        try {
            return Optional.of(JSON.readTree(answer.body()));
        } catch (JsonProcessingException e) {
            throw new CommandException("What answers at " + worker + " is no Connect worker: it sends no JSON.", e);
        }
    }

    private CommandException notAdmitted(int status) {
        return new CommandException("The worker at " + worker + " does not admit "
                + access.user().map(name -> "'" + name + "'").orElse("anybody without a name") + " (" + status
                + "): give --connect-user, and the password by --connect-password-file or "
                + RestOptions.PASSWORD_VARIABLE + '.');
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
        } catch (SSLException e) {
            throw new CommandException(
                    "The worker at " + worker + " is not trusted, or does not trust this client: " + e.getMessage()
                            + ". --connect-ca names who vouches for it, --connect-keystore who this is.",
                    e);
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
