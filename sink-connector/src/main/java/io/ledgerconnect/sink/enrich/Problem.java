package io.ledgerconnect.sink.enrich;

/** Why a table cannot be enriched: a sentence, and the setting on which it stands. */
public record Problem(String setting, String sentence) {}
