package io.ledgerconnect.testbed;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which PostgreSQL to start, and with what settings.
 *
 * @param binaries the directory with an installed server's {@code initdb} and {@code postgres}; empty for the version
 *     that the testbed brings along. A container's version is that of its image.
 * @param settings server settings, laid over the testbed's own
 */
public record PostgresSpec(Optional<Path> binaries, Map<String, String> settings) {

    /**
     * The property that names a directory of server binaries, for all specifications that do not name one themselves:
     * runs a whole test suite on an installed server.
     */
    public static final String BINARIES_PROPERTY = "testbed.postgres.binaries";

    public PostgresSpec {
        settings = Map.copyOf(settings);
    }

    public static PostgresSpec defaults() {
        return new PostgresSpec(
                Optional.ofNullable(System.getProperty(BINARIES_PROPERTY)).map(Path::of), Map.of());
    }

    /** The program directories of the servers that Debian's packages have installed here, oldest version first. */
    public static List<Path> installed() {
        return Installations.in(Path.of("/usr/lib/postgresql"));
    }

    public PostgresSpec withBinaries(Path directory) {
        return new PostgresSpec(Optional.of(directory), settings);
    }

    public PostgresSpec withSetting(String name, String value) {
        Map<String, String> changed = new HashMap<>(settings);
        changed.put(name, value);
        return new PostgresSpec(binaries, changed);
    }
}
