package io.ledgerconnect.source.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.ledgerconnect.common.config.ConfigReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Keeps the reference page equal to the settings; with {@code -Dreference.write} it writes the page. */
final class ConfigurationReferenceTest {
    private static final Path PAGE = Path.of("..", "docs", "configuration-source.md");
    private static final String COMMAND = "mvn -pl source-connector -am test -Dtest=ConfigurationReferenceTest"
            + " -Dsurefire.failIfNoSpecifiedTests=false -Dreference.write";

    @Test
    void thePageSaysWhatTheSettingsAre() throws IOException {
        String page =
                ConfigReference.markdown("Settings of the source connector", introduction(), SourceSettings.DEFINITION);
        if (System.getProperty("reference.write") != null) {
            Files.writeString(PAGE, page);
        }
        assertThat(Files.readString(PAGE))
                .as("docs/configuration-source.md is stale; write it anew with: %s", COMMAND)
                .isEqualTo(page);
    }

    private static String introduction() {
        return """
                Written from the code by a test; do not edit. What both connectors have in common is in
                [configuration.md](configuration.md).

                Settings of Debezium's PostgreSQL connector keep their names and meanings. A setting that this connector does
                not know is refused where it looks like a misspelt one; of others it warns at start. Of Connect's own settings
                it reads `topic.creation.default.partitions`: the number of partitions of every table's topic, 1 where it is
                absent. It decides where a row's history lies, so it never changes during a capture. `errors.tolerance=all` is
                refused: Connect would then drop what it cannot send.

                Values of text that must not leave the ledger as they are: `column.mask.hmac` sends a keyed hash of them;
                `column.mask.with.LENGTH.chars` sends LENGTH asterisks, and `column.truncate.to.LENGTH.chars` their first
                LENGTH characters. Each lists regular expressions, divided by commas, that match all of SCHEMA.TABLE.COLUMN;
                null stays null. A rule that would not hide what it names is an error
                ([why](decisions/column-rules.md)). Columns that nobody needs are best left out: `column.exclude.list`.
                """;
    }
}
