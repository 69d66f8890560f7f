package io.ledgerconnect.testbed.ledger;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.random.RandomGenerator;

/** The currencies of the workload, with a made-up value of one minor unit each. */
enum Currency {
    EUR("1"),
    USD("0.9213"),
    GBP("1.1702"),
    JPY("0.6187");

    static final List<Currency> ALL = List.of(values());

    /** What a rate is rounded to; its scale differs from pair to pair. */
    private static final MathContext RATE_DIGITS = new MathContext(9);

    private final BigDecimal minorUnitInCents;

    Currency(String minorUnitInCents) {
        this.minorUnitInCents = new BigDecimal(minorUnitInCents);
    }

    static Currency any(RandomGenerator random) {
        return ALL.get(random.nextInt(ALL.size()));
    }

    /** How many minor units of {@code other} one minor unit of this currency buys. */
    BigDecimal rateTo(Currency other) {
        return minorUnitInCents.divide(other.minorUnitInCents, RATE_DIGITS);
    }
}
