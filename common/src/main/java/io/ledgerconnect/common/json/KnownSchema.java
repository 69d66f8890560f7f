package io.ledgerconnect.common.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.util.Arrays;
import org.apache.kafka.connect.data.SchemaAndValue;

/** A schema as it stands in front of payloads. */
final class KnownSchema {
    /** Names are compared as bytes, or belong to a few unusual records: none of them is worth interning. */
    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    private final byte[] before;
    private final SchemaReader reader;

    /** @param before all bytes of the record up to its payload */
    KnownSchema(byte[] before, SchemaReader reader) {
        this.before = before;
        this.reader = reader;
    }

    /**
     * How many bytes stand before the payload.
     *
     * @return 0 when the record is not written as the converters write it
     */
    static int bytesBeforePayload(byte[] record) {
        if (!stands(Envelope.SCHEMA, record, 0)) {
            return 0;
        }
        try (JsonParser in = JSON.createParser(record)) {
            in.nextToken();
            in.nextToken();
            in.nextToken();
            int end = (int) in.skipChildren().currentLocation().getByteOffset();
            return stands(Envelope.PAYLOAD, record, end) ? end + Envelope.PAYLOAD.length : 0;
        } catch (IOException e) {
            return 0; // Kafka's converter will say what is wrong
        }
    }

    private static boolean stands(byte[] part, byte[] record, int at) {
        return record.length >= at + part.length && Arrays.equals(part, 0, part.length, record, at, at + part.length);
    }

    boolean begins(byte[] record) {
        return stands(before, record, 0);
    }

    /**
     * Reads the payload of a record that begins so.
     *
     * @throws IOException when it is not JSON, or more follows
     * @throws UnusualException when it is not written as the schema's values are
     */
    SchemaAndValue read(byte[] record) throws IOException {
        int length = record.length - before.length - Envelope.END.length;
        if (length < 1 || !stands(Envelope.END, record, before.length + length) || !isAscii(record)) {
            throw new UnusualException("cut off, or followed by something");
        }
        try (JsonParser in = JSON.createParser(record, before.length, length)) {
            in.nextToken();
            Object value = reader.payload().read(in);
            if (in.nextToken() != null) {
                throw new UnusualException("followed by something");
            }
            return new SchemaAndValue(reader.schema(), value);
        }
    }

    /** Otherwise the parser might take it for another encoding, which it guesses from the first bytes. */
    private boolean isAscii(byte[] record) {
        return record[before.length] > 0 && record[before.length + 1] != 0;
    }
}
