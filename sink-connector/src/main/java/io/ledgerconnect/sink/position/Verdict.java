package io.ledgerconnect.sink.position;

/** What is to be done with a change. */
public enum Verdict {
    /** It is the next one and has not been applied. */
    WRITE,
    /** It has been applied. */
    SKIP,
    /** Something that precedes it is missing: it must be read again later. */
    HOLD
}
