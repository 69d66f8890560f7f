package io.ledgerconnect.source.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Regular expressions for tables, columns and keys. */
class NamePatternsTest {
    @Test
    void withoutExpressionsEverythingIsIncluded() {
        assertThat(new TableFilter(List.of(), List.of()).includes("public.accounts"))
                .isTrue();
    }

    @Test
    void anExpressionMatchesAllOfANameInAnyCase() {
        TableFilter filter = new TableFilter(List.of("public\\.acc.*", " Other\\.x "), List.of());
        assertThat(filter.includes("public.ACCOUNTS")).isTrue();
        assertThat(filter.includes("other.x")).isTrue();
        assertThat(filter.includes("my_public.accounts")).isFalse();
        assertThat(filter.includes("other.xy")).isFalse();
    }

    @Test
    void excludedIsExcluded() {
        TableFilter filter = new TableFilter(List.of("public\\..*"), List.of("public\\.secret", ""));
        assertThat(filter.includes("public.secret")).isFalse();
        assertThat(filter.includes("public.secrets")).isTrue();
    }

    @Test
    void namesExpressionsThatMatchNothing() {
        TableFilter filter = new TableFilter(List.of("a\\.b", "a\\.c"), List.of("x"));
        assertThat(filter.unmatched(List.of("a.b", "b.c"))).containsExactly("a\\.c");
    }

    @Test
    void keysAreOfTheFirstRuleThatFits() {
        MessageKeys keys = MessageKeys.parse("public\\.a:x, y ; .*\\.(a|b):z;");
        assertThat(keys.columns("public.a")).contains(List.of("x", "y"));
        assertThat(keys.columns("other.a")).contains(List.of("z"));
        assertThat(keys.columns("other.c")).isEqualTo(Optional.empty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"public.a", ":x", "public.a:", "public.(a:x"})
    void keysThatReadOtherwiseAreInvalid(String setting) {
        assertThat(MessageKeys.isValid(setting)).isFalse();
    }
}
