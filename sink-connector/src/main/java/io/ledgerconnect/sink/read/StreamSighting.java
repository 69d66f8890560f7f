package io.ledgerconnect.sink.read;

import io.ledgerconnect.common.position.Channel;
import io.ledgerconnect.common.watermark.Watermark;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * A stream that a batch has records of.
 *
 * @param source the ledger database, as {@link io.ledgerconnect.common.position.SourceId#toString()} gives it
 * @param stream the capture
 * @param startLsn where the capture began
 * @param snapshot whether the batch shows that the stream began with a snapshot; if not, it may have all the same
 */
public record StreamSighting(String source, String stream, long startLsn, boolean snapshot) {
    static StreamSighting of(Channel channel, boolean snapshot) {
        String stream = channel.stream();
        return new StreamSighting(channel.source().toString(), stream, startLsn(stream), snapshot);
    }

    static StreamSighting of(Watermark watermark) {
        return new StreamSighting(watermark.source(), watermark.stream(), watermark.startLsn(), watermark.snapshot());
    }

    /** The capture's name, whichever attempt at its snapshot the stream is: {@code slot.5f21@16B3748} is one. */
    public static String capture(String stream) {
        int at = stream.lastIndexOf('@');
        int attempt = stream.lastIndexOf('.', at);
        return attempt < 0 ? stream : stream.substring(0, attempt) + stream.substring(at);
    }

    /** A stream's name ends with where it began: {@code slot@16B3748}. */
    static long startLsn(String stream) {
        try {
            return Long.parseUnsignedLong(stream.substring(stream.lastIndexOf('@') + 1), 16);
        } catch (NumberFormatException e) {
            throw new ConnectException(
                    "A record's header names the stream '" + stream
                            + "', which does not end with @ and the hexadecimal WAL address at which it began: it was not written by a source connector of this suite",
                    e);
        }
    }
}
