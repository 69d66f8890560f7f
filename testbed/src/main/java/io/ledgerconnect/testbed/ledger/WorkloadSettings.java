package io.ledgerconnect.testbed.ledger;

/**
 * How much of what a workload does. The same settings on an empty ledger make the same accounts and, on each
 * connection, the same sequence of requests; how the connections interleave is the scheduler's.
 *
 * @param paymentsPerSecond requests for payments over all connections; each brings seven to twelve row changes
 * @param connections database connections, each with a thread
 * @param customers customers' accounts opened at the start
 * @param merchants merchants with one account each, opened at the start
 * @param seed what the ids, amounts and decisions come from; every workload on one ledger needs another
 */
public record WorkloadSettings(double paymentsPerSecond, int connections, int customers, int merchants, long seed) {

    public WorkloadSettings {
        if (paymentsPerSecond <= 0 || connections < 1) {
            throw new IllegalArgumentException("A workload needs a rate above 0 and at least one connection");
        }
        if (customers < Currency.ALL.size() || merchants < Currency.ALL.size()) {
            throw new IllegalArgumentException("A workload needs a customer and a merchant for each of the "
                    + Currency.ALL.size() + " currencies");
        }
    }

    /** Three hundred payments a second over four connections, among a thousand customers and a hundred merchants. */
    public static WorkloadSettings defaults() {
        return new WorkloadSettings(300, 4, 1000, 100, 1);
    }

    public WorkloadSettings withPaymentsPerSecond(double rate) {
        return new WorkloadSettings(rate, connections, customers, merchants, seed);
    }

    public WorkloadSettings withConnections(int number) {
        return new WorkloadSettings(paymentsPerSecond, number, customers, merchants, seed);
    }

    public WorkloadSettings withCustomers(int number) {
        return new WorkloadSettings(paymentsPerSecond, connections, number, merchants, seed);
    }

    public WorkloadSettings withMerchants(int number) {
        return new WorkloadSettings(paymentsPerSecond, connections, customers, number, seed);
    }

    public WorkloadSettings withSeed(long number) {
        return new WorkloadSettings(paymentsPerSecond, connections, customers, merchants, number);
    }
}
