package io.ledgerconnect.testbed;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ledgerconnect.testbed.process.Polling;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** JSON over HTTP as Connect speaks it: a request that meets a rebalance is answered with a conflict and repeated. */
final class JsonHttp {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    /** A worker gives up on its leader after 90 s and says so; its own answer is worth waiting for. */
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(100);

    /** A rebalance takes seconds; one that waits for a lost worker takes that worker's session of 10 s as well. */
    private static final Duration REBALANCE_TIMEOUT = Duration.ofMinutes(1);

    private static final Duration RETRY_INTERVAL = Duration.ofMillis(200);
    private static final int CONFLICT = 409;

    private final URI base;

    JsonHttp(URI base) {
        this.base = base;
    }

    boolean succeeds(String path) {
        try {
            return isSuccess(send(request(path, "GET", BodyPublishers.noBody())));
        } catch (UncheckedIOException notListening) {
            return false;
        }
    }

    JsonNode get(String path) {
        return exchange(path, "GET", BodyPublishers.noBody());
    }

    JsonNode put(String path, Object body) {
        return exchange(path, "PUT", json(body));
    }

    void patch(String path, Object body) {
        exchange(path, "PATCH", json(body));
    }

    void post(String path) {
        exchange(path, "POST", BodyPublishers.noBody());
    }

    void delete(String path) {
        exchange(path, "DELETE", BodyPublishers.noBody());
    }

    static <T> T convert(JsonNode node, TypeReference<T> type) {
        return JSON.convertValue(node, type);
    }

    static String encoded(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private JsonNode exchange(String path, String method, BodyPublisher body) {
        HttpRequest request = request(path, method, body);
        HttpResponse<String> answer = Polling.every(RETRY_INTERVAL)
                .atMost(REBALANCE_TIMEOUT)
                .until(() -> send(request), response -> response.statusCode() != CONFLICT);
        if (!isSuccess(answer)) {
            throw new ConnectRestException(method + " " + path, answer.statusCode(), message(answer.body()));
        }
        return parsed(answer.body());
    }

    private HttpRequest request(String path, String method, BodyPublisher body) {
        return HttpRequest.newBuilder(base.resolve("/" + path))
                .method(method, body)
                .header("Content-Type", "application/json")
                .timeout(REQUEST_TIMEOUT)
                .build();
    }

    private static HttpResponse<String> send(HttpRequest request) {
        try {
            return HTTP.send(request, BodyHandlers.ofString());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new InterruptedIOException(request.method() + " " + request.uri()));
        } catch (IOException failed) {
            throw new UncheckedIOException(request.method() + " " + request.uri() + " got no answer", failed);
        }
    }

    private static boolean isSuccess(HttpResponse<?> answer) {
        return answer.statusCode() / 100 == 2;
    }

    private static String message(String body) {
        return body.startsWith("{") ? parsed(body).path("message").asText(body) : body;
    }

    private static JsonNode parsed(String body) {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException notJson) {
            throw new UncheckedIOException("Not JSON: " + body, notJson);
        }
    }

    private static BodyPublisher json(Object body) {
        try {
            return BodyPublishers.ofString(JSON.writeValueAsString(body));
        } catch (JsonProcessingException unwritable) {
            throw new IllegalArgumentException(unwritable);
        }
    }
}
