package io.ledgerconnect.common.position;

/**
 * One (table, partition) of a stream, within which sequences run without holes.
 *
 * @param source the ledger database
 * @param stream one capture of it: the slot's name, {@code @}, and the WAL address (hex) at which the capture began;
 *     where its snapshot was interrupted, what goes on with it has a name of its own: the slot's name is followed by
 *     {@code .} and when that began (hex)
 * @param table {@code schema.table} as the ledger names it
 * @param partition the Kafka partition that the source computed
 */
public record Channel(SourceId source, String stream, String table, int partition) {}
