package io.ledgerconnect.testbed.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.ledgerconnect.testbed.ConnectRest;
import io.ledgerconnect.testbed.ledger.LedgerSql;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigFilesTest {
    private static final Path CONFIG = LedgerSql.projectRoot().resolve("config");
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{env:([^}]*)}");
    private static final Map<String, String> WORKER = WorkerSettings.read(CONFIG.resolve("worker.properties"));

    @ParameterizedTest
    @ValueSource(strings = {"source.json", "sink.json"})
    void refersToVariablesThatTheWorkerMayRead(String file) {
        String allowed = WORKER.get("config.providers.env.param.allowlist.pattern");
        String config = connectors().config(file).toString();
        assertThat(REFERENCE.matcher(config).results())
                .isNotEmpty()
                .allSatisfy(reference -> assertThat(reference.group(1)).matches(allowed));
    }

    @ParameterizedTest
    @ValueSource(strings = {"source.json", "sink.json"})
    void holdsNoPassword(String file) {
        assertThat(connectors().config(file).entrySet())
                .filteredOn(setting -> setting.getKey().endsWith("password"))
                .isNotEmpty()
                .allSatisfy(setting -> assertThat(setting.getValue()).matches(REFERENCE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bootstrap.servers", "listeners", "plugin.path", "config.storage.replication.factor"})
    void leavesToTheTestbedWhatDependsOnThePlace(String setting) {
        assertThat(WORKER).doesNotContainKey(setting).containsKey("group.id");
    }

    private static Connectors connectors() {
        return new Connectors(new ConnectRest(URI.create("http://127.0.0.1:1")), CONFIG);
    }
}
