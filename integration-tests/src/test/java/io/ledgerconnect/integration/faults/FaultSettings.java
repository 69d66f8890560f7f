package io.ledgerconnect.integration.faults;

import java.util.Iterator;
import java.util.List;

/**
 * How long a fault run is.
 *
 * @param times how often each fault happens
 * @param seed of the order, moments and lengths of the faults and of the workload
 * @param paymentsPerSecond of the workload; each brings seven to twelve row changes
 */
record FaultSettings(int times, long seed, double paymentsPerSecond) {
    static final String USAGE = """
            Usage: integration-tests/fault-run [--times N] [--seed N] [--rate N]

              --times N  how often each server is killed or frozen (default 20)
              --seed N   another order of other moments (default: the clock's)
              --rate N   payments a second (default 100)

            Ends with status 0 only if everything has arrived once, in order, and equal, and nothing was said to be
            wrong meanwhile.""";

    static FaultSettings parse(List<String> arguments) {
        FaultSettings settings = new FaultSettings(20, System.currentTimeMillis(), 100);
        for (Iterator<String> rest = arguments.iterator(); rest.hasNext(); ) {
            settings = settings.with(rest.next(), rest);
        }
        return settings;
    }

    /** Those of a test: one of each, unless the properties {@code faults.times} and {@code faults.seed} say other. */
    static FaultSettings ofProperties() {
        return new FaultSettings(
                Integer.getInteger("faults.times", 1), Long.getLong("faults.seed", System.currentTimeMillis()), 100);
    }

    private FaultSettings with(String option, Iterator<String> rest) {
        return switch (option) {
            case "--times" -> new FaultSettings((int) number(option, rest), seed, paymentsPerSecond);
            case "--seed" -> new FaultSettings(times, number(option, rest), paymentsPerSecond);
            case "--rate" -> new FaultSettings(times, seed, number(option, rest));
            default -> throw new IllegalArgumentException("There is no option '" + option + "'.\n" + USAGE);
        };
    }

    private static long number(String option, Iterator<String> rest) {
        String text = rest.hasNext() ? rest.next() : "";
        if (!text.matches("[1-9][0-9]{0,17}")) {
            throw new IllegalArgumentException(option + " needs a number above 0.\n" + USAGE);
        }
        return Long.parseLong(text);
    }
}
