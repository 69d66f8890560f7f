package io.ledgerconnect.sink.validate;

/** One problem: a sentence, and the setting on which it stands. */
public record Finding(String setting, String sentence) {}
