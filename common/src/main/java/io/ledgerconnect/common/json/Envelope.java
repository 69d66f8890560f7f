package io.ledgerconnect.common.json;

import static java.nio.charset.StandardCharsets.US_ASCII;

/** What stands around schema and payload in a record that Kafka's converter wrote. */
final class Envelope {
    static final byte[] SCHEMA = "{\"schema\":".getBytes(US_ASCII);
    static final byte[] PAYLOAD = ",\"payload\":".getBytes(US_ASCII);
    static final byte[] END = "}".getBytes(US_ASCII);

    private Envelope() {}
}
