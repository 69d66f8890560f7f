package io.ledgerconnect.benchmarks;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What {@link Measurements} has written of one benchmark.
 *
 * @param quick whether the sizes were too small for the figures to count
 * @param rounds figures by contender, then by name, in the order of the rounds
 */
record Result(
        String benchmark,
        boolean quick,
        String finishedAt,
        Map<String, String> machine,
        Map<String, String> versions,
        Map<String, String> sizes,
        Map<String, Map<String, List<Double>>> rounds) {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    static Result read(Path file) throws IOException {
        JsonNode root = MAPPER.readTree(file.toFile());
        return new Result(
                root.path("benchmark").asText(),
                root.path("quick").asBoolean(),
                root.path("finished_at").asText(),
                texts(root.path("machine")),
                texts(root.path("versions")),
                texts(root.path("sizes")),
                MAPPER.convertValue(root.path("rounds"), new TypeReference<>() {}));
    }

    private static Map<String, String> texts(JsonNode node) {
        return MAPPER.convertValue(node, new TypeReference<>() {});
    }

    /** A contender's figure; empty where it was not measured. */
    Optional<Spread> spread(String contender, String figure) {
        return Optional.ofNullable(values(contender, figure)).map(Spread::of);
    }

    /** Of the figures of two contenders, within the rounds; empty where one was not measured. */
    Optional<Spread> ratio(String figure, String contender, String other) {
        List<Double> values = values(contender, figure);
        List<Double> others = values(other, figure);
        if (values == null || others == null) {
            return Optional.empty();
        }
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < Math.min(values.size(), others.size()); i++) {
            ratios.add(values.get(i) / others.get(i));
        }
        return Optional.of(Spread.of(ratios));
    }

    private List<Double> values(String contender, String figure) {
        return rounds.getOrDefault(contender, Map.of()).get(figure);
    }
}
