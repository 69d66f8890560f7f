package io.ledgerconnect.testbed.ledger;

import java.math.BigDecimal;
import java.util.List;
import java.util.UUID;

/**
 * A transfer as it is requested, and the entries that book it.
 *
 * @param key idempotency key: a repeated request with the same key is booked once
 * @param amount minor units of {@code currency}
 * @param fee minor units, exact
 * @param fxRate null where payer and payee have one currency
 * @param metadata JSON, or null
 */
record Booking(
        UUID id,
        String key,
        UUID payer,
        UUID payee,
        long amount,
        Currency currency,
        BigDecimal fee,
        BigDecimal fxRate,
        String metadata,
        List<Leg> legs) {

    /** What one account gets (positive) or gives (negative), in minor units of its currency. */
    record Leg(UUID account, long amount) {
        Leg opposite() {
            return new Leg(account, -amount);
        }
    }

    List<Leg> compensation() {
        return legs.stream().map(Leg::opposite).toList();
    }
}
