package io.ledgerconnect.testbed.docker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ImagesTest {

    @Test
    void officialImagesHaveTheVersionsOfTheBuild() {
        assertThat(Images.official(Images.POSTGRES)).matches("postgres:\\d+");
        assertThat(Images.official(Images.KAFKA)).matches("apache/kafka:\\d+\\.\\d+\\.\\d+");
    }
}
