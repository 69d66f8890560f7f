package io.ledgerconnect.source.record;

import io.ledgerconnect.common.type.BinaryWriter;
import io.ledgerconnect.common.type.TypeCodec;
import io.ledgerconnect.source.config.ColumnRules.Rule;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;

/**
 * A codec whose values are text, and what a rule makes of them. The result is plain text whatever the type was: a
 * masked {@code inet} is no address any more.
 */
public record HiddenText(TypeCodec text, Rule rule) implements TypeCodec {
    /** How a column that holds it is declared. */
    static final String DECLARATION = "text";

    /**
     * Why a rule cannot hide a column, in one sentence; empty when it can.
     *
     * @param column {@code schema.table.column}
     * @param inKey whether the records' key has the column
     */
    public static Optional<String> refusal(String column, TypeCodec codec, boolean inKey, Rule rule) {
        if (codec.schema().type() != Schema.Type.STRING) {
            return Optional.of("Column " + column + " is not text in the records, so " + rule.setting()
                    + " cannot hide its values: they would be sent in the clear. Leave it out with column.exclude.list="
                    + column.replace(".", "\\.") + ", or take it out of " + rule.setting() + '.');
        }
        if (inKey && !rule.fitsKeys()) {
            return Optional.of("Column " + column + " is in the key, and " + rule.setting()
                    + " makes keys of different rows equal: they would be taken for one. Hide it with column.mask.hmac,"
                    + " which keeps them apart, or choose another key with message.key.columns.");
        }
        return Optional.empty();
    }

    @Override
    public SchemaBuilder schema() {
        return SchemaBuilder.string()
                .parameter(rule.parameter().getKey(), rule.parameter().getValue());
    }

    @Override
    public Object read(ByteBuffer in, int length) {
        return rule.hide().apply((String) text.read(in, length));
    }

    @Override
    public boolean accepts(Schema schema) {
        return false;
    }

    @Override
    public void write(Object value, BinaryWriter out) {
        throw new UnsupportedOperationException("what was hidden is not written back");
    }
}
