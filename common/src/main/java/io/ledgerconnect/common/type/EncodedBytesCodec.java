package io.ledgerconnect.common.type;

import io.ledgerconnect.common.type.Representation.Binaries;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;

/** {@code bytea} as text; a parameter of the schema tells the encoding, so that the text becomes bytes again. */
record EncodedBytesCodec(Binaries mode) implements TypeCodec {
    /** Parameter of the schema: {@code base64}, {@code base64-url-safe} or {@code hex}. */
    private static final String ENCODING = "ledger.encoding";

    /** Whether text of this schema is encoded bytes. */
    static boolean isEncoded(Schema schema) {
        return schema.type() == Schema.Type.STRING
                && schema.parameters() != null
                && schema.parameters().containsKey(ENCODING);
    }

    /** The codec of a schema that is {@link #isEncoded}. */
    static EncodedBytesCodec named(Schema schema) throws UnsupportedTypeException {
        String encoding = schema.parameters().get(ENCODING);
        try {
            return new EncodedBytesCodec(
                    Binaries.valueOf(encoding.toUpperCase(Locale.ROOT).replace('-', '_')));
        } catch (IllegalArgumentException e) {
            throw new UnsupportedTypeException("holds bytes in the encoding " + encoding + ", which is not known");
        }
    }

    @Override
    public SchemaBuilder schema() {
        return SchemaBuilder.string().parameter(ENCODING, Representation.settingValue(mode));
    }

    @Override
    public Object read(ByteBuffer in, int length) {
        byte[] bytes = new byte[length];
        in.get(bytes);
        return switch (mode) {
            case HEX -> HexFormat.of().formatHex(bytes);
            case BASE64_URL_SAFE -> Base64.getUrlEncoder().encodeToString(bytes);
            default -> Base64.getEncoder().encodeToString(bytes);
        };
    }

    @Override
    public boolean accepts(Schema schema) {
        return isEncoded(schema);
    }

    @Override
    public void write(Object value, BinaryWriter out) {
        try {
            out.putBytes(decoded((String) value));
        } catch (IllegalArgumentException e) {
            throw new UnwritableValueException("the text is not " + Representation.settingValue(mode) + " of bytes", e);
        }
    }

    private byte[] decoded(String text) {
        return switch (mode) {
            case HEX -> HexFormat.of().parseHex(text);
            case BASE64_URL_SAFE -> Base64.getUrlDecoder().decode(text);
            default -> Base64.getDecoder().decode(text);
        };
    }
}
