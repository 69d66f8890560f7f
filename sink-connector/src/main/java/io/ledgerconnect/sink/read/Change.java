package io.ledgerconnect.sink.read;

import io.ledgerconnect.common.envelope.AbsentColumns;
import io.ledgerconnect.common.envelope.EnvelopeFields;
import io.ledgerconnect.common.envelope.Operation;
import io.ledgerconnect.common.position.Channel;
import io.ledgerconnect.common.position.PositionHeader;
import io.ledgerconnect.common.position.SourcePosition;
import java.util.Set;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * A record that carries a change, with what its header says of it.
 *
 * @param altered whether it is known not to be what was sent
 */
public record Change(PositionHeader header, SinkRecord record, boolean altered) {
    /** One that is taken as it is. */
    public Change(PositionHeader header, SinkRecord record) {
        this(header, record, false);
    }

    public Channel channel() {
        return header.channel();
    }

    public SourcePosition position() {
        return header.position();
    }

    /** Whether its channel has sequences; records that no source connector of this suite sent have none. */
    public boolean isCounted() {
        return header.sequence() != PositionHeader.UNCOUNTED;
    }

    /** The header decides the operation: transforms may have taken the envelope away. */
    public Operation operation() {
        return header.operation();
    }

    /**
     * Whether it is a row of the snapshot with which its stream began: that stands before everything streamed. Rows
     * that were asked for later stand among the changes.
     */
    public boolean isOfFirstSnapshot() {
        return operation() == Operation.READ
                && Long.compareUnsigned(position().commitLsn(), StreamSighting.startLsn(channel().stream())) < 0;
    }

    /**
     * Columns whose values the ledger did not send; their fields mean nothing. A change of key is a delete and a
     * create, and the create lacks what did not change.
     *
     * @param row the change's row, for records that tell by placeholders in it
     * @throws ConnectException when the header that names them cannot be read
     */
    public Set<String> absentColumns(Struct row) {
        boolean mayLack = operation() == Operation.UPDATE || operation() == Operation.CREATE;
        if (mayLack && !isCounted()) {
            return Placeholders.in(row);
        }
        Header absent = mayLack ? record.headers().lastWithName(EnvelopeFields.ABSENT_HEADER) : null;
        if (absent == null) {
            return Set.of();
        }
        try {
            return AbsentColumns.decode(Headers.text(absent));
        } catch (IllegalArgumentException e) {
            throw new ConnectException("The record at " + place() + ": " + e.getMessage(), e);
        }
    }

    /** Where the record stood in Kafka, for messages. */
    public String place() {
        return Origins.place(record);
    }
}
