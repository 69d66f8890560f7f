package io.ledgerconnect.integration.faults;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class FaultIT {

    /** Properties {@code faults.times} and {@code faults.seed} make it longer, or repeat one. */
    @Test
    void everythingArrivesOnceAndInOrderThoughEveryServerIsKilledUnderLoad() throws Exception {
        FaultReport report = FaultRun.run(FaultSettings.ofProperties(), System.out::println);
        System.out.println(report);
        assertThat(report.violations()).isEmpty();
        assertThat(report.recovered()).hasSize(report.settings().times() * Fault.values().length);
    }
}
