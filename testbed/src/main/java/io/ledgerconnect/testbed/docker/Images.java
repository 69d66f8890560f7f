package io.ledgerconnect.testbed.docker;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Properties;

/** The names of the images: those that system properties give, or the official ones. */
final class Images {

    static final String POSTGRES = "testbed.image.postgres";
    static final String KAFKA = "testbed.image.kafka";

    private Images() {}

    static String named(String property) {
        return System.getProperty(property, official(property));
    }

    static String official(String property) {
        try (InputStream file = Objects.requireNonNull(Images.class.getResourceAsStream("images.properties"))) {
            Properties images = new Properties();
            images.load(file);
            return images.getProperty(property);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
