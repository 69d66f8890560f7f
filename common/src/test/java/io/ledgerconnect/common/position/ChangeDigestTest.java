package io.ledgerconnect.common.position;

import static org.assertj.core.api.Assertions.assertThat;

import io.ledgerconnect.common.envelope.ContentHash;
import io.ledgerconnect.common.envelope.Operation;
import java.math.BigDecimal;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Timestamp;
import org.junit.jupiter.api.Test;

/** A source and a sink of different versions compare digests, so these values never change. */
class ChangeDigestTest {
    private static final Schema ROW = SchemaBuilder.struct()
            .field("int", Schema.OPTIONAL_INT32_SCHEMA)
            .field("long", Schema.OPTIONAL_INT64_SCHEMA)
            .field("text", Schema.OPTIONAL_STRING_SCHEMA)
            .field("amount", Decimal.builder(2).optional().build())
            .field("double", Schema.OPTIONAL_FLOAT64_SCHEMA)
            .field("flag", Schema.OPTIONAL_BOOLEAN_SCHEMA)
            .field("bytes", Schema.OPTIONAL_BYTES_SCHEMA)
            .field("at", Timestamp.builder().optional().build())
            .field(
                    "list",
                    SchemaBuilder.array(Schema.OPTIONAL_STRING_SCHEMA)
                            .optional()
                            .build())
            .field(
                    "map",
                    SchemaBuilder.map(Schema.STRING_SCHEMA, Schema.OPTIONAL_STRING_SCHEMA)
                            .optional()
                            .build())
            .build();

    private static Struct row() {
        return new Struct(ROW)
                .put("int", 7)
                .put("long", -1L)
                .put("text", "송금 완료 \uD83D\uDCB8")
                .put("amount", new BigDecimal("12345678901234567890.12"))
                .put("double", 0.1)
                .put("flag", true)
                .put("bytes", new byte[] {1, -2, 3, -4, 5})
                .put("at", date(1_790_000_000_000L))
                .put("list", List.of("a", "b"))
                .put("map", Map.of("x", "1", "y", "2"));
    }

    @SuppressWarnings("JavaUtilDate")
    private static Date date(long millis) {
        return new Date(millis);
    }

    @Test
    void ofContents() {
        assertThat(ContentHash.of(null, null, null)).isEqualTo(NOTHING);
        assertThat(ContentHash.of(null, null, row())).isEqualTo(WHOLE);
    }

    @Test
    void ofChanges() {
        assertThat(ChangeDigest.of(new SourcePosition(0x16B3748, 1), Operation.CREATE, 0))
                .isEqualTo(CREATED);
        assertThat(ChangeDigest.of(new SourcePosition(0x16B3748, 2), Operation.CREATE, 0))
                .isNotEqualTo(CREATED);
        assertThat(ChangeDigest.of(new SourcePosition(0x16B3749, 1), Operation.CREATE, 0))
                .isNotEqualTo(CREATED);
        assertThat(ChangeDigest.of(new SourcePosition(0x16B3748, 1), Operation.UPDATE, 0))
                .isNotEqualTo(CREATED);
        assertThat(ChangeDigest.of(new SourcePosition(0x16B3748, 1), Operation.CREATE, 1))
                .isNotEqualTo(CREATED);
    }

    @Test
    void everyValueCounts() {
        List<Struct> others = List.of(
                row().put("int", 8),
                row().put("int", null),
                row().put("long", 1L),
                row().put("text", "송금 완료 \uD83D\uDCB9"),
                row().put("text", "금송 완료 \uD83D\uDCB8"),
                row().put("text", ""),
                row().put("amount", new BigDecimal("12345678901234567890.13")),
                row().put("amount", new BigDecimal("0.12")),
                row().put("double", -0.1),
                row().put("flag", false),
                row().put("bytes", new byte[] {1, -2, 3, -4}),
                row().put("bytes", new byte[] {1, -2, 3, -4, 6}),
                row().put("at", date(1_790_000_000_001L)),
                row().put("list", List.of("b", "a")),
                row().put("list", List.of("a")),
                row().put("map", Map.of("x", "2", "y", "1")),
                row().put("map", Map.of("x", "1")));
        assertThat(others)
                .doesNotHaveDuplicates()
                .allSatisfy(
                        other -> assertThat(ContentHash.of(null, null, other)).isNotEqualTo(WHOLE));
        assertThat(others.stream().map(other -> ContentHash.of(null, null, other)))
                .doesNotHaveDuplicates();
    }

    @Test
    void itCountsWhichRowItIs() {
        assertThat(List.of(
                        ContentHash.of(null, null, row()),
                        ContentHash.of(null, row(), null),
                        ContentHash.of(row(), null, null),
                        ContentHash.of(row(), row(), row())))
                .doesNotHaveDuplicates();
    }

    @Test
    void whatJsonHasNoPlaceForCountsAsZero() {
        long zero = ContentHash.of(null, null, row().put("double", 0.0));
        for (double value : new double[] {-0.0, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            assertThat(ContentHash.of(null, null, row().put("double", value))).isEqualTo(zero);
        }
    }

    private static final long NOTHING = -7140568497385483019L;
    private static final long WHOLE = -632344794527189080L;
    private static final long CREATED = 976779260588523847L;
}
