package io.ledgerconnect.cli.doctor;

import io.ledgerconnect.cli.connection.Store;
import io.ledgerconnect.cli.status.PipelineStatus;
import io.ledgerconnect.cli.status.StatusReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The reporting store's server, and how far its pipelines are. */
final class StoreChecks {
    private static final double LATE_SECONDS = 60;
    private static final double VERY_LATE_SECONDS = 300;
    private static final String SERVER = """
            SELECT current_setting('server_version') AS version, current_setting('fsync') AS fsync,
                   current_setting('full_page_writes') AS full_page_writes, pg_is_in_recovery() AS standby,
                   current_setting('default_transaction_read_only') AS read_only""";
    private static final String HAS_AUDITS = "SELECT to_regclass('ledger_connect.audit') IS NOT NULL AS has";
    private static final String AUDIT = """
            SELECT result, lsn::text, to_char(begun AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') AS begun
            FROM ledger_connect.audit WHERE pipeline = ? AND source = ? ORDER BY begun DESC LIMIT 1""";

    private final Store store;
    private final Diagnosis diagnosis;

    StoreChecks(Store store, Diagnosis diagnosis) {
        this.store = store;
        this.diagnosis = diagnosis;
    }

    void look() throws SQLException {
        try (Connection connection = store.connect()) {
            Answers answers = new Answers(connection);
            Map<String, String> server = answers.row(SERVER).orElseThrow();
            diagnosis.saw("reporting store", "PostgreSQL " + server.get("version"));
            ServerChecks.durable("reporting store", server, diagnosis);
            List<PipelineStatus> statuses =
                    new StatusReader(connection).read(store.pipeline().orElse(null));
            if (statuses.isEmpty()) {
                diagnosis.warning("reporting store", "No pipeline has written there yet.", "");
            }
            statuses.forEach(this::pipeline);
            boolean hasAudits = answers.row(HAS_AUDITS).orElseThrow().get("has").equals("t");
            for (PipelineStatus status : hasAudits ? statuses : List.<PipelineStatus>of()) {
                answers.row(AUDIT, status.pipeline(), status.source()).ifPresent(audit -> audit(status, audit));
            }
        }
    }

    private void pipeline(PipelineStatus status) {
        String subject = "pipeline " + status.pipeline();
        diagnosis.saw(
                subject,
                "complete through " + status.lsn().orElse("nothing yet")
                        + status.time().map(time -> ", " + time).orElse("") + " of " + status.source());
        status.firstGap()
                .ifPresent(gap -> diagnosis.stopped(
                        subject,
                        "It stands before a gap: " + gap.describe() + '.',
                        "docs/operations.md, When the sink stops"));
        if (status.quarantinedBelow() > 0) {
            diagnosis.problem(
                    subject,
                    status.quarantinedBelow()
                            + " records that the reporting store refused are missing from what is complete.",
                    "SELECT target, position, reason FROM ledger_connect.quarantine;");
        }
        status.waitingStreams().forEach(stream -> diagnosis.warning(subject, "A " + stream.describe() + '.', ""));
        status.lagSeconds().filter(lag -> lag > LATE_SECONDS).ifPresent(lag -> late(subject, lag));
    }

    private void late(String subject, double seconds) {
        String sentence = String.format(
                Locale.ROOT,
                "It is %.0f s behind, though watermarks come when nothing is changed,"
                        + " too: readers see an old state.",
                seconds);
        String mend =
                "ledger-connect status says what each channel waits for; see whether both connectors run and keep up.";
        if (seconds > VERY_LATE_SECONDS) {
            diagnosis.problem(subject, sentence, mend);
        } else {
            diagnosis.warning(subject, sentence, mend);
        }
    }

    private void audit(PipelineStatus status, Map<String, String> audit) {
        diagnosis.saw(
                "last audit of " + status.pipeline(),
                audit.get("result") + " as of " + audit.get("lsn") + ", " + audit.get("begun") + " UTC");
        if (audit.get("result").equals("different")) {
            diagnosis.problem(
                    "pipeline " + status.pipeline(),
                    "The last audit, as of " + audit.get("lsn") + ", found differences.",
                    "SELECT report FROM ledger_connect.audit ORDER BY begun DESC LIMIT 1;  -- or audit again");
        }
    }
}
