package io.ledgerconnect.source.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.ledgerconnect.common.config.ConnectSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What docs/migrating-from-debezium.md says of settings is what the connector does. */
final class DebeziumSettingsTest {
    private static final Path PAGE = Path.of("..", "docs", "migrating-from-debezium.md");
    private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");

    @Test
    void theTableHasAllThatAreKnownAsDebeziums() throws IOException {
        List<String> listed = rows().flatMap(row -> quoted(row.split("\\|")[1])).toList();
        assertThat(listed)
                .doesNotHaveDuplicates()
                .containsAll(DebeziumSettings.names())
                .allMatch(name -> DebeziumSettings.contains(name) || ConnectSettings.contains(name))
                .noneMatch(SourceSettings.DEFINITION.names()::contains);
    }

    @Test
    void theOthersAreOurs() throws IOException {
        String page = Files.readString(PAGE);
        String same = page.substring(page.indexOf("same name and meaning here:"), page.indexOf("Their defaults"));
        assertThat(quoted(same).filter(name -> name.contains(".")))
                .allMatch(name -> SourceSettings.DEFINITION.names().contains(name) || ColumnRules.hasLength(name));
    }

    private static Stream<String> rows() throws IOException {
        String page = Files.readString(PAGE);
        return page.substring(page.indexOf("| Setting | Instead |")).lines().skip(2);
    }

    private static Stream<String> quoted(String text) {
        return QUOTED.matcher(text).results().map((MatchResult result) -> result.group(1));
    }
}
