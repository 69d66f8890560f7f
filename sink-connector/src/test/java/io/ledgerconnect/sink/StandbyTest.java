package io.ledgerconnect.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.common.config.ConfigValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A reporting store that follows another server. */
class StandbyTest {
    private static EmbeddedPostgres start(Path directory) throws Exception {
        return EmbeddedPostgres.builder()
                .setDataDirectory(directory)
                .setCleanDataDirectory(false)
                .setServerConfig("fsync", "off")
                .start();
    }

    @Test
    void isFoundByValidation(@TempDir Path directory) throws Exception {
        Path data = directory.resolve("data");
        start(data).close();
        Files.createFile(data.resolve("standby.signal"));
        try (EmbeddedPostgres standby = start(data)) {
            Map<String, String> properties = Map.of(
                    "name", "pipe",
                    "topics.regex", "ledger\\..*",
                    "connection.url", standby.getJdbcUrl("postgres", "postgres").replaceAll("\\?.*", ""),
                    "connection.user", "postgres");
            assertThat(new ReportingSinkConnector().validate(properties).configValues())
                    .filteredOn(value -> !value.errorMessages().isEmpty())
                    .singleElement()
                    .satisfies(value -> assertThat(value.name()).isEqualTo("connection.url"))
                    .extracting(ConfigValue::errorMessages)
                    .asString()
                    .contains("is a standby", "targetServerType=primary");
        }
    }
}
