package io.ledgerconnect.sink.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;

class SinkConfigTest {
    private static SinkConfig parse(String... settings) {
        Map<String, String> properties = new HashMap<>(
                Map.of("name", "reporting", "topics", "a, b", "connection.url", "jdbc:postgresql://localhost/r"));
        for (int i = 0; i < settings.length; i += 2) {
            properties.put(settings[i], settings[i + 1]);
        }
        return SinkConfig.parse(properties);
    }

    @Test
    void defaults() {
        SinkConfig config = parse();
        assertThat(config.pipeline()).isEqualTo("reporting");
        assertThat(config.topics().names()).containsExactlyInAnyOrder("a", "b");
        assertThat(config.maxBatchRows()).isEqualTo(50_000);
        assertThat(config.maxBackoff()).isEqualTo(Duration.ofSeconds(30));
        assertThat(config.tolerateRefusedRows()).isFalse();
        assertThat(config.tables().autoCreate()).isTrue();
        assertThat(config.tables().autoEvolve()).isTrue();
        assertThat(config.tables().deleteEnabled()).isTrue();
        assertThat(config.tables().nameFormat().target("public.transfers", "ledger.public.transfers"))
                .isEqualTo(new TableName("reporting", "transfers"));
    }

    @Test
    void settingsOfATableAreFoundWithAndWithoutItsSchema() {
        SinkConfig.Tables tables = parse(
                        "table.reporting.transfers.mode", "append",
                        "table.accounts.key", "id, branch",
                        "errors.tolerance", "all")
                .tables();
        assertThat(tables.of(new TableName("reporting", "transfers")).mode()).isEqualTo(TableMode.APPEND);
        assertThat(tables.of(new TableName("other", "transfers"))).isEqualTo(TableSettings.DEFAULT);
        assertThat(tables.of(new TableName("any", "accounts")).keyColumns()).isEqualTo(List.of("id", "branch"));
    }

    @Test
    void tableNameFollowsItsFormat() {
        TableNameFormat format =
                parse("table.name.format", "${schema}_copy.${topic}").tables().nameFormat();
        assertThat(format.target("public.transfers", "eu.transfers"))
                .isEqualTo(new TableName("public_copy", "eu.transfers"));
    }

    @Test
    void passwordIsNotPrinted() {
        assertThat(parse("connection.password", "s3cret").toString()).doesNotContain("s3cret");
    }

    @Test
    void emptyTopicsAreRejected() {
        assertThatThrownBy(() -> parse("topics", " "))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("nothing would be read");
    }

    @Test
    void everySettingHasAGroupAndAText() {
        SinkSettings.definition().configKeys().values().forEach(key -> {
            assertThat(key.group).as(key.name).isNotEmpty();
            assertThat(key.documentation).as(key.name).isNotEmpty();
        });
    }
}
