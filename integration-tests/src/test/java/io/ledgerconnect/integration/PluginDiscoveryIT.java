package io.ledgerconnect.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.ledgerconnect.testbed.ConnectorPlugin;
import io.ledgerconnect.testbed.ledger.LedgerSql;
import io.ledgerconnect.testbed.pipeline.Pipeline;
import io.ledgerconnect.testbed.pipeline.PluginArchives;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedPipeline.class)
final class PluginDiscoveryIT {
    private static final String VERSION = System.getProperty("ledgerconnect.version");

    @Test
    void workerFindsBothByTheirServiceFilesWithTheProjectsVersion(Pipeline pipeline) {
        assertThat(pipeline.workerSpec().properties()).containsEntry("plugin.discovery", "service_load");
        assertThat(pipeline.rest().plugins())
                .contains(
                        new ConnectorPlugin("io.ledgerconnect.source.LedgerSourceConnector", "source", VERSION),
                        new ConnectorPlugin("io.ledgerconnect.sink.ReportingSinkConnector", "sink", VERSION));
    }

    @Test
    void archivesAreOneFolderWithWhatTheWorkerDoesNotProvide() throws IOException {
        List<Path> archives = PluginArchives.find(LedgerSql.projectRoot());
        assertThat(libraries(archives.get(0), "ledger-connect-source"))
                .containsExactlyInAnyOrder("ledger-connect-source", "ledger-connect-common", "postgresql");
        assertThat(libraries(archives.get(1), "ledger-connect-sink"))
                .containsExactlyInAnyOrder("ledger-connect-sink", "ledger-connect-common", "postgresql", "HikariCP");
    }

    /** The names of the archive's jars, without their versions. */
    private static List<String> libraries(Path archive, String name) throws IOException {
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            String folder = name + "-" + VERSION + "/";
            assertThat(archive.getFileName()).hasToString(name + "-" + VERSION + ".zip");
            assertThat(zip.stream()).allMatch(entry -> entry.getName().startsWith(folder));
            assertThat(zip.getEntry(folder + "manifest.json")).isNotNull();
            assertThat(zip.stream()).anyMatch(entry -> entry.getName().startsWith(folder + "doc/"));
            assertThat(zip.stream()).anyMatch(entry -> entry.getName().startsWith(folder + "etc/"));
            return zip.stream()
                    .filter(entry -> entry.getName().startsWith(folder + "lib/") && !entry.isDirectory())
                    .map(entry -> entry.getName().substring((folder + "lib/").length()))
                    .map(file -> file.replaceFirst("-\\d.*\\.jar$", ""))
                    .toList();
        }
    }
}
