package io.ledgerconnect.testbed.ledger;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** The accounts that a workload has opened, by currency and kind. Immutable. */
final class Books {
    /** Every payment moves money on one of the house's accounts; several of each keep them from queueing for one. */
    private static final int HOUSE_ACCOUNTS_PER_KIND = 8;

    /** An account; {@code merchant} is null unless it is a merchant's. */
    record Account(UUID id, Kind kind, UUID merchant, Currency currency) {}

    /** The labels of the ledger's {@code account_kind}. */
    enum Kind {
        CUSTOMER,
        MERCHANT,
        FEES,
        EXCHANGE,
        EXTERNAL
    }

    private final Map<Currency, Map<Kind, List<Account>>> accounts = new EnumMap<>(Currency.class);

    /** Draws the ids of everything that the settings ask for. */
    Books(WorkloadSettings settings, RandomGenerator random) {
        for (int i = 0; i < settings.customers(); i++) {
            add(Kind.CUSTOMER, null, i, random);
        }
        for (int i = 0; i < settings.merchants(); i++) {
            add(Kind.MERCHANT, Ids.next(random), i, random);
        }
        for (Kind kind : List.of(Kind.FEES, Kind.EXCHANGE, Kind.EXTERNAL)) {
            for (int i = 0; i < HOUSE_ACCOUNTS_PER_KIND * Currency.ALL.size(); i++) {
                add(kind, null, i, random);
            }
        }
    }

    private void add(Kind kind, UUID merchant, int number, RandomGenerator random) {
        Currency currency = Currency.ALL.get(number % Currency.ALL.size());
        accounts.computeIfAbsent(currency, none -> new EnumMap<>(Kind.class))
                .computeIfAbsent(kind, none -> new ArrayList<>())
                .add(new Account(Ids.next(random), kind, merchant, currency));
    }

    Account any(Kind kind, Currency currency, RandomGenerator random) {
        List<Account> candidates = all(kind, currency);
        return candidates.get(random.nextInt(candidates.size()));
    }

    List<Account> all(Kind kind, Currency currency) {
        return accounts.get(currency).get(kind);
    }

    List<Account> all() {
        return accounts.values().stream()
                .flatMap(kinds -> kinds.values().stream())
                .flatMap(List::stream)
                .toList();
    }
}
