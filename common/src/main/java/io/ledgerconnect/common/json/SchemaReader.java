package io.ledgerconnect.common.json;

import org.apache.kafka.connect.data.Schema;

/** A schema and what reads its payloads; one instance for all that are equal. */
record SchemaReader(Schema schema, NullableReader payload) {}
