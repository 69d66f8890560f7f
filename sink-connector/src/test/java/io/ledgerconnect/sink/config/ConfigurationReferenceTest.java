package io.ledgerconnect.sink.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.ledgerconnect.common.config.ConfigReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Keeps the reference page equal to the settings; with {@code -Dreference.write} it writes the page. */
final class ConfigurationReferenceTest {
    private static final Path PAGE = Path.of("..", "docs", "configuration-sink.md");
    private static final String COMMAND = "mvn -pl sink-connector -am test -Dtest=ConfigurationReferenceTest"
            + " -Dsurefire.failIfNoSpecifiedTests=false -Dreference.write";

    @Test
    void thePageSaysWhatTheSettingsAre() throws IOException {
        String page = ConfigReference.markdown(
                "Settings of the sink connector",
                introduction(),
                SinkSettings.definition(Map.of("table.TABLE.mode", "upsert", "table.TABLE.key", "")));
        if (System.getProperty("reference.write") != null) {
            Files.writeString(PAGE, page);
        }
        assertThat(Files.readString(PAGE))
                .as("docs/configuration-sink.md is stale; write it anew with: %s", COMMAND)
                .isEqualTo(page);
    }

    private static String introduction() {
        return """
                Written from the code by a test; do not edit. What both connectors have in common is in
                [configuration.md](configuration.md).

                `topics` or `topics.regex`, Connect's own settings, name the topics. `PREFIX.watermarks` belongs among them:
                it is what completeness is known from. `errors.tolerance`, another one, decides over records that the
                reporting store refuses: `none` (the default) stops the connector, `all` moves them to the quarantine. In
                `table.TABLE.…` TABLE stands for a reporting table, with or without its schema.
                """;
    }
}
