package io.ledgerconnect.integration.faults;

import java.util.List;

/** The fault run as a command; see {@link FaultSettings#USAGE}. */
final class FaultRunMain {
    private static final int NOT_EQUAL = 1;
    private static final int FAILED = 2;

    private FaultRunMain() {}

    public static void main(String[] arguments) {
        int status = FAILED;
        try {
            FaultReport report = FaultRun.run(FaultSettings.parse(List.of(arguments)), System.out::println);
            System.out.println(report);
            report.violations().forEach(violation -> System.out.println("WRONG: " + violation));
            status = report.violations().isEmpty() ? 0 : NOT_EQUAL;
        } catch (IllegalArgumentException e) {
            System.out.println(e.getMessage());
        } catch (Exception e) {
            e.printStackTrace(System.out);
        }
        System.exit(status);
    }
}
