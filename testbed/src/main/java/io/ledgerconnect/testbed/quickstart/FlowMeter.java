package io.ledgerconnect.testbed.quickstart;

import io.ledgerconnect.testbed.ledger.LedgerPosition;
import io.ledgerconnect.testbed.ledger.LedgerWorkload;
import io.ledgerconnect.testbed.ledger.SinkStatus;
import io.ledgerconnect.testbed.pipeline.Pipeline;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/** Reads how far payments have come, over a connection to each database. Not thread-safe. */
final class FlowMeter implements AutoCloseable {
    private static final String APPLIED_ROWS =
            "SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) FROM pg_stat_user_tables"
                    + " WHERE schemaname = 'reporting'";
    private static final String LAG = "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), ?::pg_lsn)";

    private final LedgerWorkload workload;
    private final String pipelineName;
    private final Connection ledger;
    private final Connection reporting;

    FlowMeter(Pipeline pipeline, LedgerWorkload workload) throws SQLException {
        this.workload = workload;
        this.pipelineName = pipeline.connectors().pipelineName();
        this.ledger = pipeline.ledgerDatabase().connect();
        this.reporting = pipeline.reportingDatabase().connect();
    }

    Flow read() throws SQLException {
        LedgerPosition position = LedgerPosition.read(ledger);
        Optional<SinkStatus> status = SinkStatus.read(reporting, pipelineName, position.source());
        return new Flow(
                System.nanoTime(),
                Instant.now(),
                workload.counts().payments(),
                appliedRows(),
                lagBytes(status.map(SinkStatus::completeThrough).orElse(null)),
                status);
    }

    private long appliedRows() throws SQLException {
        try (var statement = reporting.createStatement();
                var row = statement.executeQuery(APPLIED_ROWS)) {
            row.next();
            return row.getLong(1);
        }
    }

    private long lagBytes(String completeThrough) throws SQLException {
        if (completeThrough == null) {
            return 0;
        }
        try (var query = ledger.prepareStatement(LAG)) {
            query.setString(1, completeThrough);
            try (var row = query.executeQuery()) {
                row.next();
                return Math.max(0, row.getLong(1));
            }
        }
    }

    @Override
    public void close() throws SQLException {
        try (ledger) {
            reporting.close();
        }
    }
}
