package io.ledgerconnect.testbed;

import io.ledgerconnect.testbed.docker.DockerBackend;
import io.ledgerconnect.testbed.embedded.EmbeddedBackend;
import io.ledgerconnect.testbed.process.Workspace;
import java.util.Arrays;
import java.util.Locale;

/** The ways to get real servers. */
public enum BackendKind {
    /** Processes of this machine, from binaries and jars that Maven resolves. Needs Linux. */
    EMBEDDED {
        @Override
        boolean isAvailable() {
            return true;
        }

        @Override
        Backend open(Workspace workspace) {
            return new EmbeddedBackend(workspace);
        }
    },
    /**
     * Containers of the official images, or of those that the properties {@code testbed.image.postgres} and
     * {@code testbed.image.kafka} name. Workers are processes of this machine all the same.
     */
    DOCKER {
        @Override
        boolean isAvailable() {
            return DockerBackend.isAvailable();
        }

        @Override
        Backend open(Workspace workspace) {
            return new DockerBackend(workspace);
        }
    };

    /** The property that decides: {@code auto} (the default) or the name of a back end, such as {@code embedded}. */
    public static final String PROPERTY = "testbed.backend";

    abstract boolean isAvailable();

    abstract Backend open(Workspace workspace);

    /** The one that the property names, or the last that is available here. */
    static BackendKind choose() {
        String wanted = System.getProperty(PROPERTY, "auto").toUpperCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(kind -> wanted.equals("AUTO") ? kind.isAvailable() : wanted.equals(kind.name()))
                .reduce((first, last) -> last)
                .orElseThrow(() -> new IllegalArgumentException(
                        PROPERTY + " is auto or one of " + Arrays.toString(values()) + ", not " + wanted));
    }
}
