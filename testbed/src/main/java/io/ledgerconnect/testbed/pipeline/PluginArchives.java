package io.ledgerconnect.testbed.pipeline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** The plugins as users get them: archives that are unpacked into a directory of the plugin path. */
public final class PluginArchives {
    private static final List<String> MODULES = List.of("source-connector", "sink-connector");

    private PluginArchives() {}

    /**
     * The archives of a built project, the source's first.
     *
     * @throws PipelineException when one is not built
     */
    public static List<Path> find(Path projectRoot) {
        return MODULES.stream().map(module -> archive(projectRoot, module)).toList();
    }

    /** Unpacks both archives of a built project into {@code directory}. */
    static void unpack(Path projectRoot, Path directory) {
        for (String module : MODULES) {
            Path archive = archive(projectRoot, module);
            try {
                unpackArchive(archive, directory);
            } catch (IOException e) {
                throw new UncheckedIOException(archive + " cannot be unpacked", e);
            }
        }
    }

    private static Path archive(Path projectRoot, String module) {
        Path target = projectRoot.resolve(module).resolve("target");
        if (!Files.isDirectory(target)) {
            throw missing(target);
        }
        try (Stream<Path> files = Files.list(target)) {
            return files.filter(file -> file.getFileName().toString().matches("ledger-connect-.*\\.zip"))
                    .findFirst()
                    .orElseThrow(() -> missing(target));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static PipelineException missing(Path target) {
        return new PipelineException(
                "There is no plugin archive in " + target + ". Build it with: mvn -B -DskipTests package");
    }

    private static void unpackArchive(Path archive, Path directory) throws IOException {
        try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(archive))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path file = directory.resolve(entry.getName()).normalize();
                if (!file.startsWith(directory)) {
                    throw new IOException(archive + " has an entry outside its folder: " + entry.getName());
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(file);
                } else {
                    Files.createDirectories(file.getParent());
                    Files.copy(zip, file);
                }
            }
        }
    }
}
