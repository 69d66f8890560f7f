package io.ledgerconnect.testbed.ledger;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What a workload's threads count. Safe for use by several threads. */
final class Counters {
    enum Event {
        PAYMENT,
        SETTLED,
        FAILED,
        REVERSED,
        DEPOSIT,
        REQUESTED,
        PURGED,
        MERCHANT_UPDATE,
        DECLINED,
        REPEATED
    }

    private final Map<Event, LongAdder> adders = new EnumMap<>(Event.class);

    Counters() {
        for (Event event : Event.values()) {
            adders.put(event, new LongAdder());
        }
    }

    void count(Event event) {
        add(event, 1);
    }

    void add(Event event, long number) {
        adders.get(event).add(number);
    }

    WorkloadCounts read() {
        return new WorkloadCounts(
                of(Event.PAYMENT),
                of(Event.SETTLED),
                of(Event.FAILED),
                of(Event.REVERSED),
                of(Event.DEPOSIT),
                of(Event.REQUESTED),
                of(Event.PURGED),
                of(Event.MERCHANT_UPDATE),
                of(Event.DECLINED),
                of(Event.REPEATED));
    }

    private long of(Event event) {
        return adders.get(event).sum();
    }
}
