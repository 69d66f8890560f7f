package io.ledgerconnect.common.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TransformsTest {
    private static final String KAFKAS = "org.apache.kafka.connect.transforms.";

    @Test
    void noneKeepValues() {
        Map<String, String> unset = new HashMap<>();
        unset.put("transforms", null);
        assertThat(Transforms.keepValues(Map.of())).isTrue();
        assertThat(Transforms.keepValues(Map.of("transforms", " "))).isTrue();
        assertThat(Transforms.keepValues(unset)).isTrue();
    }

    @Test
    void thoseThatRouteKeepValues() {
        Map<String, String> settings = new HashMap<>(Map.of(
                "transforms", "route, drop",
                "transforms.route.type", KAFKAS + "RegexRouter",
                "transforms.drop.type", KAFKAS + "DropHeaders"));
        assertThat(Transforms.keepValues(settings)).isTrue();
        settings.put("transforms.drop.type", KAFKAS + "MaskField$Value");
        assertThat(Transforms.keepValues(settings)).isFalse();
    }

    @Test
    void thoseThatAreNotKnownMayAlterValues() {
        assertThat(Transforms.keepValues(Map.of("transforms", "a"))).isFalse();
        assertThat(Transforms.keepValues(Map.of("transforms", "a", "transforms.a.type", "com.example.RegexRouter")))
                .isFalse();
    }
}
