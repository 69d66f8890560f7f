package io.ledgerconnect.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;

/** Offsets that an operator changes over REST. */
class AlterOffsetsTest {
    private final LedgerSourceConnector connector = new LedgerSourceConnector();
    private final Map<String, String> settings = Map.of("topic.prefix", "t");

    private boolean alter(Map<String, ?> partition, Map<String, ?> offset) {
        Map<Map<String, ?>, Map<String, ?>> offsets = new HashMap<>();
        offsets.put(partition, offset);
        return connector.alterOffsets(settings, offsets);
    }

    @Test
    void mayBeDeleted() {
        assertThat(alter(Map.of("ledger", "t"), null)).isTrue();
    }

    @Test
    void mustBeOfThisCapture() {
        assertThatThrownBy(() -> alter(Map.of("ledger", "other"), null))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("{\"ledger\": \"t\"}");
    }

    @Test
    void mustBeOfTheFormThatIsStored() {
        assertThatThrownBy(() -> alter(Map.of("ledger", "t"), Map.of("lsn", "0/1")))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("'version'")
                .hasMessageContaining("GET /connectors/NAME/offsets");
    }
}
