package io.ledgerconnect.sink.read;

import io.ledgerconnect.common.envelope.EnvelopeFields;
import io.ledgerconnect.common.envelope.Operation;
import io.ledgerconnect.common.position.Channel;
import io.ledgerconnect.common.position.PositionHeader;
import io.ledgerconnect.common.position.SourcePosition;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.sink.SinkRecord;

/** A record that carries a change, with what its header says of it. */
public record Change(PositionHeader header, SinkRecord record) {
    public Channel channel() {
        return header.channel();
    }

    public SourcePosition position() {
        return header.position();
    }

    /** The header decides the operation: transforms may have taken the envelope away. */
    public Operation operation() {
        return header.operation();
    }

    /** Columns whose values the ledger did not send; their fields mean nothing. */
    public Set<String> absentColumns() {
        Header absent =
                operation() == Operation.UPDATE ? record.headers().lastWithName(EnvelopeFields.ABSENT_HEADER) : null;
        if (absent == null || absent.value() == null) {
            return Set.of();
        }
        Set<String> columns = new HashSet<>();
        for (String name : Headers.text(absent).split("/", -1)) {
            columns.add(URLDecoder.decode(name, StandardCharsets.UTF_8));
        }
        return columns;
    }

    /** Where the record stood in Kafka, for messages. */
    public String place() {
        return Origins.topic(record) + '-' + Origins.partition(record) + " offset " + Origins.offset(record);
    }
}
