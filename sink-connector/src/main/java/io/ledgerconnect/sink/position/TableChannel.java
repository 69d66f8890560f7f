package io.ledgerconnect.sink.position;

import io.ledgerconnect.common.position.Channel;

/**
 * One (table, partition) of a ledger, whichever stream carries it: what an applied position is kept for.
 *
 * @param source the ledger database, as the reporting store names it
 * @param table {@code schema.table} as the ledger names it
 */
public record TableChannel(String source, String table, int partition) {
    public static TableChannel of(Channel channel) {
        return new TableChannel(channel.source().toString(), channel.table(), channel.partition());
    }
}
