package io.ledgerconnect.testbed.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/** Where files are kept from run to run: in the place that Linux has for that, or where a property says. */
final class Cache {

    private static final String PROPERTY = "testbed.cache";

    private Cache() {}

    /** Empty where there is no place to keep files in. */
    static Optional<Path> directory() {
        try {
            Path directory = Files.createDirectories(place());
            return Optional.of(directory).filter(Files::isWritable);
        } catch (IOException noSuchPlace) {
            return Optional.empty();
        }
    }

    private static Path place() {
        String chosen = System.getProperty(PROPERTY);
        if (chosen != null) {
            return Path.of(chosen).toAbsolutePath();
        }
        // Root's home is closed to the account that the database server runs as.
        if (System.getProperty("user.name").equals("root")) {
            return Path.of("/var/cache/ledger-connect/testbed");
        }
        String home = Path.of(System.getProperty("user.home"), ".cache").toString();
        return Path.of(Objects.requireNonNullElse(System.getenv("XDG_CACHE_HOME"), home), "ledger-connect", "testbed");
    }
}
