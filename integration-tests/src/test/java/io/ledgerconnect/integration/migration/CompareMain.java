package io.ledgerconnect.integration.migration;

import io.ledgerconnect.integration.SharedPipeline;
import io.ledgerconnect.testbed.pipeline.PipelineSpec;
import java.util.List;

/**
 * The comparison as a command, under all variants or those that are named; {@code --table} prints the documentation's
 * table instead.
 */
final class CompareMain {
    private static final int DIFFERENT = 1;
    private static final int FAILED = 2;

    private CompareMain() {}

    public static void main(String[] arguments) {
        if (arguments.length > 0 && arguments[0].equals("--table")) {
            System.out.print(KnownDifferences.markdown());
            return;
        }
        List<Variant> variants = Variant.ALL.stream()
                .filter(variant -> arguments.length == 0 || List.of(arguments).contains(variant.name()))
                .toList();
        int status = FAILED;
        try (SharedPipeline.Bench bench = SharedPipeline.Bench.open(PipelineSpec.defaults())) {
            ComparisonReport report = ComparisonReport.of(bench, variants);
            System.out.println(report);
            status = report.undeclared().isEmpty() && report.vanished().isEmpty() ? 0 : DIFFERENT;
        } catch (Exception e) {
            e.printStackTrace(System.out);
        }
        System.exit(status);
    }
}
