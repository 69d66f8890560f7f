package io.ledgerconnect.source.check;

/**
 * Something that keeps the connector from working, or from losing nothing.
 *
 * @param setting where an operator would mend it
 * @param sentence what is wrong, what it means, and the command that mends it
 */
public record Finding(String setting, String sentence) {}
