package io.ledgerconnect.common.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.storage.SimpleHeaderConverter;
import org.junit.jupiter.api.Test;

class AbsentColumnsTest {
    private static final List<String> NAMES =
            List.of("body", "null", "01", "2024-01-01", "1e3", "true", "a/b", "a b", "a+b", "{x: \"é\"}", "*", "%41");

    @Test
    void formIsAPrefixAndEncodedNames() {
        assertThat(AbsentColumns.encode(List.of("body", "a/b", "a b"))).isEqualTo("columns/body/a%2Fb/a+b");
    }

    @Test
    void anyNameComesBack() {
        assertThat(AbsentColumns.decode(AbsentColumns.encode(NAMES))).containsExactlyElementsOf(NAMES);
    }

    @Test
    void simpleHeaderConverterGuessesNoOtherType() throws IOException {
        try (SimpleHeaderConverter converter = new SimpleHeaderConverter()) {
            for (String name : NAMES) {
                String text = AbsentColumns.encode(List.of(name));
                byte[] sent = converter.fromConnectHeader("topic", "header", Schema.STRING_SCHEMA, text);
                SchemaAndValue read = converter.toConnectHeader("topic", "header", sent);
                assertThat(read.value())
                        .as(new String(sent, StandardCharsets.UTF_8))
                        .isEqualTo(text);
            }
        }
    }

    @Test
    void anythingElseIsRejected() {
        for (String text : List.of("", "body", "columns", "columns/", "columns/a//b", "column/a", "columns/%zz")) {
            assertThatThrownBy(() -> AbsentColumns.decode(text))
                    .as(text)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("'" + text + "', which is not of the form columns/NAME/NAME");
        }
        assertThatThrownBy(() -> AbsentColumns.encode(List.of())).isInstanceOf(IllegalArgumentException.class);
    }
}
