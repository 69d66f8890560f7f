package io.ledgerconnect.common.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.ledgerconnect.common.envelope.EnvelopeFields;
import org.apache.kafka.connect.data.Date;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DefaultColumnTypesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text | text",
                "character varying(20) | character varying(20)",
                "character varying | text",
                "character(5) | character(5)",
                "bpchar | bpchar",
                "numeric | numeric",
                "numeric(10,2) | numeric(10,2)",
                "numeric(5,-2) | numeric",
                "numeric(3,5) | numeric",
                "mood | text",
                "\"numeric\"\"; DROP TABLE x; --\" | text"
            })
    void textIsWhatTheLedgerDeclares(String declaration, String column) throws UnsupportedTypeException {
        assertThat(DefaultColumnTypes.sqlType(declared(SchemaBuilder.string(), declaration)))
                .isEqualTo(column);
        Schema array = declared(SchemaBuilder.array(Schema.OPTIONAL_STRING_SCHEMA), declaration + "[]");
        assertThat(DefaultColumnTypes.sqlType(array)).isEqualTo(column + "[]");
    }

    @Test
    void onlyJsonbLosesNothingInJsonb() throws UnsupportedTypeException {
        for (String declaration : new String[] {"json", "some_domain"}) {
            assertThat(DefaultColumnTypes.sqlType(declared(TextCodec.JSON.schema(), declaration)))
                    .isEqualTo("json");
        }
        assertThat(DefaultColumnTypes.sqlType(declared(TextCodec.JSONB.schema(), "jsonb")))
                .isEqualTo("jsonb");
        assertThat(DefaultColumnTypes.sqlType(TextCodec.JSONB.schema().build())).isEqualTo("jsonb");
    }

    @Test
    void recordsOfOtherSourcesHaveColumnsToo() throws UnsupportedTypeException {
        assertThat(DefaultColumnTypes.sqlType(Schema.INT8_SCHEMA)).isEqualTo("smallint");
        assertThat(DefaultColumnTypes.sqlType(Schema.OPTIONAL_STRING_SCHEMA)).isEqualTo("text");
        assertThat(DefaultColumnTypes.sqlType(Date.SCHEMA)).isEqualTo("date");
        assertThat(DefaultColumnTypes.sqlType(Decimal.schema(2))).isEqualTo("numeric");
    }

    @Test
    void structsAndMapsOfOtherThanTextHaveNone() {
        Schema struct = SchemaBuilder.struct().name("s").build();
        Schema map =
                SchemaBuilder.map(Schema.STRING_SCHEMA, Schema.INT32_SCHEMA).build();
        for (Schema schema : new Schema[] {struct, map}) {
            assertThatExceptionOfType(UnsupportedTypeException.class)
                    .isThrownBy(() -> DefaultColumnTypes.sqlType(schema))
                    .withMessageContaining(schema.type().toString());
        }
    }

    private static Schema declared(SchemaBuilder schema, String declaration) {
        return schema.parameter(EnvelopeFields.TYPE_PARAMETER, declaration).build();
    }
}
