package io.ledgerconnect.source.capture;

import org.apache.kafka.connect.errors.ConnectException;

/** The slot no longer has everything after the stored offset: the stream cannot go on, only another one begin. */
final class LostChangesException extends ConnectException {
    LostChangesException(String sentence) {
        super(sentence);
    }
}
