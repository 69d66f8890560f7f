package io.ledgerconnect.sink.state;

import io.ledgerconnect.common.position.Lsn;
import io.ledgerconnect.sink.database.AdvisoryLocks;
import io.ledgerconnect.sink.database.Database;
import io.ledgerconnect.sink.database.Transaction;
import io.ledgerconnect.sink.position.Admission;
import io.ledgerconnect.sink.position.KnownStream;
import io.ledgerconnect.sink.position.StreamState;
import io.ledgerconnect.sink.read.StreamSighting;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Admits streams to a pipeline, each in a transaction of its own, before anything of theirs is applied. */
public final class StreamStore {
    private static final Logger log = LoggerFactory.getLogger(StreamStore.class);

    private static final String LOCK_ALL = """
            SELECT t.target, a.lsn, a.snapshot
            FROM ledger_connect.applied a LEFT JOIN ledger_connect.target t USING (pipeline, source, channel)
            WHERE a.pipeline = ? AND a.source = ? ORDER BY a.source, a.channel, a.partition FOR UPDATE OF a""";
    private static final String KNOWN = """
            SELECT stream, start_lsn, snapshot, state FROM ledger_connect.stream WHERE pipeline = ? AND source = ?""";
    private static final String COMPLETE_THROUGH = """
            SELECT complete_through_lsn FROM ledger_connect.status WHERE pipeline = ? AND source = ?""";
    private static final String KEEP = """
            INSERT INTO ledger_connect.stream (pipeline, source, stream, start_lsn, snapshot, state)
            VALUES (?, ?, ?, ?::pg_lsn, ?::boolean, ?)
            ON CONFLICT (pipeline, source, stream) DO UPDATE
            SET state = excluded.state, snapshot = stream.snapshot OR excluded.snapshot""";
    private static final String SUPERSEDE = """
            WITH abandoned AS (
                UPDATE ledger_connect.stream SET state = 'superseded'
                WHERE pipeline = ? AND source = ? AND stream <> ? AND state = 'active')
            UPDATE ledger_connect.applied SET lsn = ?::pg_lsn, ordinal = 0, snapshot = true
            WHERE pipeline = ? AND source = ? AND (lsn < ?::pg_lsn OR ?::boolean)""";

    /** @param target the reporting table, quoted; null when nothing was written */
    private record AppliedRow(String target, String lsn, boolean snapshot) {}

    private final Database database;
    private final String pipeline;
    private final boolean replace;
    /** Streams whose state will not change by meeting them again. */
    private final Set<String> settled = new HashSet<>();

    /** @param replace whether a fresh snapshot takes the place of what was streamed before, instead of being refused */
    public StreamStore(Database database, String pipeline, boolean replace) {
        this.database = database;
        this.pipeline = pipeline;
        this.replace = replace;
    }

    /**
     * Admits those of the streams that were not met before.
     *
     * @throws ConnectException when a stream must not be applied to this pipeline
     */
    public void admit(Set<StreamSighting> sightings) throws SQLException {
        for (StreamSighting sighting : merged(sightings)) {
            if (!settled.contains(key(sighting))) {
                admit(sighting);
            }
        }
    }

    private static String key(StreamSighting sighting) {
        return sighting.source() + ' ' + sighting.stream();
    }

    private static List<StreamSighting> merged(Set<StreamSighting> sightings) {
        Map<String, StreamSighting> byStream = new HashMap<>();
        sightings.forEach(
                sighting -> byStream.merge(key(sighting), sighting, (one, other) -> one.snapshot() ? one : other));
        return List.copyOf(byStream.values());
    }

    private void admit(StreamSighting sighting) throws SQLException {
        try (Transaction transaction = database.begin()) {
            AdvisoryLocks.pipeline(transaction, pipeline);
            List<AppliedRow> applied = lockAll(transaction, sighting.source());
            long completeThrough = completeThrough(transaction, sighting.source());
            Admission admission = Admission.decide(
                    sighting,
                    known(transaction, sighting.source()),
                    isPastSnapshot(applied, completeThrough),
                    replace,
                    completeThrough);
            if (admission == Admission.REFUSED) {
                throw refused(sighting);
            }
            if (admission == Admission.SUPERSEDING || admission == Admission.REPLACING) {
                supersede(transaction, sighting, applied, admission == Admission.REPLACING);
            }
            keep(transaction, sighting, admission.state());
            transaction.commit();
            if (admission.state() != StreamState.WAITING) {
                settled.add(key(sighting));
            }
        }
    }

    /** A snapshot ends with a watermark: a pipeline that is complete through one has all of it. */
    private static boolean isPastSnapshot(List<AppliedRow> applied, long completeThrough) {
        return applied.stream().anyMatch(row -> !row.snapshot()) || (completeThrough != 0 && !applied.isEmpty());
    }

    private List<AppliedRow> lockAll(Transaction transaction, String source) throws SQLException {
        List<AppliedRow> rows = new ArrayList<>();
        try (PreparedStatement statement = transaction.prepare(LOCK_ALL)) {
            new Parameters(statement).add(pipeline).add(source);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    rows.add(new AppliedRow(row.getString(1), row.getString(2), row.getBoolean(3)));
                }
            }
        }
        return rows;
    }

    private List<KnownStream> known(Transaction transaction, String source) throws SQLException {
        List<KnownStream> streams = new ArrayList<>();
        try (PreparedStatement statement = transaction.prepare(KNOWN)) {
            new Parameters(statement).add(pipeline).add(source);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    streams.add(new KnownStream(
                            row.getString(1),
                            Lsn.parse(row.getString(2)),
                            row.getBoolean(3),
                            StreamState.valueOf(row.getString(4).toUpperCase(Locale.ROOT))));
                }
            }
        }
        return streams;
    }

    private long completeThrough(Transaction transaction, String source) throws SQLException {
        try (PreparedStatement statement = transaction.prepare(COMPLETE_THROUGH)) {
            new Parameters(statement).add(pipeline).add(source);
            try (ResultSet row = statement.executeQuery()) {
                String lsn = row.next() ? row.getString(1) : null;
                return lsn == null ? 0 : Lsn.parse(lsn);
            }
        }
    }

    /**
     * Takes away what the abandoned snapshot wrote, or everything, and makes sure that the remaining records of earlier
     * streams are not written.
     */
    private void supersede(
            Transaction transaction, StreamSighting sighting, List<AppliedRow> applied, boolean everything)
            throws SQLException {
        log.warn(
                "Pipeline {}: stream {} begins with a fresh snapshot of {}; {} deleted",
                pipeline,
                sighting.stream(),
                sighting.source(),
                everything ? "what earlier streams wrote is" : "the rows of the earlier, unfinished snapshot are");
        String snapshotLsn = Lsn.format(sighting.startLsn() - 1);
        Set<String> deletes = new HashSet<>();
        for (AppliedRow row : applied) {
            if (row.target() != null && transaction.hasTable(row.target())) {
                deletes.add("DELETE FROM " + row.target() + " WHERE _lsn "
                        + (everything ? "IS NOT NULL" : "= '" + row.lsn() + "'"));
            }
        }
        for (String delete : deletes) {
            transaction.execute(delete);
        }
        try (PreparedStatement statement = transaction.prepare(SUPERSEDE)) {
            new Parameters(statement)
                    .add(pipeline)
                    .add(sighting.source())
                    .add(sighting.stream())
                    .add(snapshotLsn)
                    .add(pipeline)
                    .add(sighting.source())
                    .add(snapshotLsn)
                    .add(String.valueOf(everything));
            statement.executeUpdate();
        }
    }

    private void keep(Transaction transaction, StreamSighting sighting, StreamState state) throws SQLException {
        try (PreparedStatement statement = transaction.prepare(KEEP)) {
            new Parameters(statement)
                    .add(pipeline)
                    .add(sighting.source())
                    .add(sighting.stream())
                    .add(Lsn.format(sighting.startLsn()))
                    .add(String.valueOf(sighting.snapshot()))
                    .add(state.name().toLowerCase(Locale.ROOT));
            statement.executeUpdate();
        }
    }

    private ConnectException refused(StreamSighting sighting) {
        return new ConnectException(
                "Stream " + sighting.stream() + " of ledger " + sighting.source()
                        + " begins with a fresh snapshot, although pipeline " + pipeline
                        + " has the whole snapshot of another stream already (see ledger_connect.stream). Rows that the ledger deleted in between would stay, and changes in between would be missing from append tables, so nothing of it is applied. If the source connector was begun anew, set resnapshot.mode=replace: then everything that this pipeline has of the ledger is deleted and filled from the snapshot. If two source connectors send to these topics, stop the one that should not");
    }
}
