package io.ledgerconnect.testbed.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PluginArchivesTest {
    @TempDir
    private Path project;

    @Test
    void unpacksBothArchives() throws IOException {
        archive("source-connector", "ledger-connect-source-1.zip", "source/lib/a.jar");
        archive("sink-connector", "ledger-connect-sink-1.zip", "sink/lib/b.jar");
        Path plugins = Files.createDirectory(project.resolve("plugins"));
        PluginArchives.unpack(project, plugins);
        assertThat(plugins.resolve("source/lib/a.jar")).hasContent("content");
        assertThat(plugins.resolve("sink/lib/b.jar")).hasContent("content");
    }

    @Test
    void saysHowToBuildAMissingArchive() {
        assertThatThrownBy(() -> PluginArchives.unpack(project, project))
                .isInstanceOf(PipelineException.class)
                .hasMessageContaining("mvn");
    }

    @Test
    void refusesAnEntryOutsideItsFolder() throws IOException {
        archive("source-connector", "ledger-connect-source-1.zip", "../escaped");
        assertThatThrownBy(() -> PluginArchives.unpack(project, Files.createDirectory(project.resolve("plugins"))))
                .hasRootCauseMessage(project.resolve("source-connector/target/ledger-connect-source-1.zip")
                        + " has an entry outside its folder: ../escaped");
    }

    private void archive(String module, String name, String entry) throws IOException {
        Path target = Files.createDirectories(project.resolve(module).resolve("target"));
        try (OutputStream file = Files.newOutputStream(target.resolve(name));
                ZipOutputStream zip = new ZipOutputStream(file)) {
            zip.putNextEntry(new ZipEntry(entry));
            zip.write("content".getBytes(StandardCharsets.UTF_8));
        }
    }
}
