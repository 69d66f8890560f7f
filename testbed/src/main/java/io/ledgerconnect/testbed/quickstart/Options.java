package io.ledgerconnect.testbed.quickstart;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * What the command line asks for.
 *
 * @param length how long payments are made; empty: until Ctrl-C
 * @param paymentsPerSecond of the workload
 * @param seed of the workload
 */
record Options(Optional<Duration> length, double paymentsPerSecond, long seed, boolean help) {
    static final String USAGE = """
            Usage: ./quickstart [--once] [--seconds N] [--rate N] [--seed N]

              --once       make payments for 30 seconds, audit, and end: with status 0 only if
                           everything is complete and equal
              --seconds N  the same, after N seconds
              --rate N     payments a second (default 300)
              --seed N     another course of the same kind of day (default 1)

            Without --once and --seconds, payments go on until Ctrl-C.""";
    private static final Duration ONCE = Duration.ofSeconds(30);

    static Options parse(List<String> arguments) {
        Options options = new Options(Optional.empty(), 300, 1, false);
        for (Iterator<String> rest = arguments.iterator(); rest.hasNext(); ) {
            options = options.with(rest.next(), rest);
        }
        return options;
    }

    private Options with(String option, Iterator<String> rest) {
        return switch (option) {
            case "--once" -> new Options(Optional.of(length.orElse(ONCE)), paymentsPerSecond, seed, help);
            case "--seconds" ->
                new Options(Optional.of(Duration.ofSeconds(number(option, rest))), paymentsPerSecond, seed, help);
            case "--rate" -> new Options(length, number(option, rest), seed, help);
            case "--seed" -> new Options(length, paymentsPerSecond, number(option, rest), help);
            case "--help", "-h" -> new Options(length, paymentsPerSecond, seed, true);
            default -> throw new QuickstartException("There is no option '" + option + "'.\n" + USAGE);
        };
    }

    private static long number(String option, Iterator<String> rest) {
        String text = rest.hasNext() ? rest.next() : "";
        if (!text.matches("[1-9][0-9]{0,8}")) {
            throw new QuickstartException(option + " needs a number above 0, such as " + option + " 60.\n" + USAGE);
        }
        return Long.parseLong(text);
    }
}
