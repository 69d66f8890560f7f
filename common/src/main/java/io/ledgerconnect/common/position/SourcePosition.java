package io.ledgerconnect.common.position;

public record SourcePosition(long commitLsn, long ordinal) {}
