package io.ledgerconnect.common.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MisspellingTest {
    private static final List<String> KNOWN = List.of("delete.enabled", "auto.create", "auto.evolve", "name");

    @Test
    void aLetterTooFewTooManyWrongOrTwoExchangedAreRecognised() {
        for (String name : List.of(
                "delete.enable",
                "delete.enabledd",
                "delete-enabled",
                "delete.enalbed",
                "elete.enable",
                "dlete.enable")) {
            assertThat(Misspelling.meant(name, KNOWN)).as(name).contains("delete.enabled");
        }
    }

    @Test
    void nearestIsTaken() {
        assertThat(Misspelling.meant("aa", List.of("abc", "ab"))).contains("ab");
    }

    @Test
    void moreThanTwoEditsAreAnotherName() {
        assertThat(Misspelling.meant("delete.enab", KNOWN)).isEmpty();
        assertThat(Misspelling.meant("", KNOWN)).isEmpty();
    }

    @Test
    void settingsOfConnectAreKnown() {
        for (String name : List.of("name", "topics.regex", "transforms.a.type", "errors.tolerance", "key.converter")) {
            assertThat(ConnectSettings.contains(name)).as(name).isTrue();
        }
        for (String name : List.of("names", "topic", "delete.enabled", "topics.regexp")) {
            assertThat(ConnectSettings.contains(name)).as(name).isFalse();
        }
    }
}
