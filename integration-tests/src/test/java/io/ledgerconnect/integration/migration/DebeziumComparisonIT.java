package io.ledgerconnect.integration.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.ledgerconnect.integration.SharedPipeline;
import io.ledgerconnect.testbed.ConnectWorker;
import io.ledgerconnect.testbed.ledger.LedgerSql;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A part of what {@code integration-tests/compare-debezium} does. */
@ExtendWith(SharedPipeline.class)
final class DebeziumComparisonIT {

    @Test
    void recordsDifferFromDebeziumsOnlyWhereTheListSaysSo(SharedPipeline.Bench bench) throws Exception {
        ComparisonReport report = ComparisonReport.of(bench, List.of(Variant.PRECISE, Variant.COLUMNS));
        System.out.println(report);
        assertThat(report.undeclared()).isEmpty();
        assertThat(report.vanished()).isEmpty();
    }

    @Test
    void theDocumentationHasTheList() throws IOException {
        assertThat(page()).as("the table of differences").contains(KnownDifferences.markdown());
    }

    @Test
    void theDocumentationNamesEverySettingOfDebezium(SharedPipeline.Bench bench) throws IOException {
        ConnectWorker worker = ComparisonReport.startWorker(bench);
        try {
            List<String> debezium = worker.rest().settings(BothCaptures.DEBEZIUM_CLASS);
            List<String> known = worker.rest().settings(BothCaptures.OUR_CLASS);
            assertThat(debezium).hasSizeGreaterThan(100);
            String page = page();
            assertThat(debezium)
                    .filteredOn(name -> !page.contains('`' + name + '`'))
                    .isSubsetOf(known);
        } finally {
            worker.kill();
        }
    }

    private static String page() throws IOException {
        return Files.readString(LedgerSql.projectRoot().resolve("docs/migrating-from-debezium.md"));
    }
}
