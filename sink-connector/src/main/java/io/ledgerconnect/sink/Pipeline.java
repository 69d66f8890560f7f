package io.ledgerconnect.sink;

import io.ledgerconnect.sink.config.SinkConfig;
import io.ledgerconnect.sink.database.Database;
import io.ledgerconnect.sink.database.Transaction;
import io.ledgerconnect.sink.enrich.DimensionWaits;
import io.ledgerconnect.sink.metrics.SinkMeters;
import io.ledgerconnect.sink.metrics.WritePhase;
import io.ledgerconnect.sink.metrics.WriteTimes;
import io.ledgerconnect.sink.position.ChannelCursor;
import io.ledgerconnect.sink.position.PositionFilter;
import io.ledgerconnect.sink.position.Progress;
import io.ledgerconnect.sink.read.Batch;
import io.ledgerconnect.sink.read.Change;
import io.ledgerconnect.sink.state.AppliedStore;
import io.ledgerconnect.sink.state.QuarantineStore;
import io.ledgerconnect.sink.state.StateSchema;
import io.ledgerconnect.sink.state.StreamStore;
import io.ledgerconnect.sink.state.WatermarkStore;
import io.ledgerconnect.sink.target.RefusedException;
import io.ledgerconnect.sink.write.BatchWriter;
import io.ledgerconnect.sink.write.Refusal;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import org.apache.kafka.connect.errors.ConnectException;

/** Applies batches to the reporting store: one transaction each, every position once. Not thread-safe. */
final class Pipeline {
    /** What became of a batch. */
    record Outcome(Progress progress, List<Refusal> quarantined) {}

    private interface Write {
        List<Refusal> write(Transaction transaction, List<Change> changes, Progress progress) throws SQLException;
    }

    private final Database database;
    private final boolean tolerateRefusedRows;
    private final StreamStore streams;
    private final AppliedStore applied;
    private final BatchWriter writer;
    private final DimensionWaits waits;
    private final QuarantineStore quarantine;
    private final WatermarkStore watermarks;
    private final SinkMeters meters;
    private boolean ready;

    Pipeline(SinkConfig config, Database database, SinkMeters meters, DimensionWaits waits) {
        this.meters = meters;
        this.database = database;
        this.tolerateRefusedRows = config.tolerateRefusedRows();
        this.streams = new StreamStore(database, config.pipeline(), config.replacesOnResnapshot());
        this.applied = new AppliedStore(config.pipeline(), config.replacesOnResnapshot());
        this.writer = new BatchWriter(config.pipeline(), config.tables(), waits);
        this.waits = waits;
        this.quarantine = new QuarantineStore(config.pipeline());
        this.watermarks = new WatermarkStore(config.pipeline(), config.topics());
    }

    /** Sees to the sink's own tables, once. */
    void prepare() throws SQLException {
        if (!ready) {
            StateSchema.ensure(database);
            ready = true;
        }
    }

    /**
     * Applies a batch. Rows that a table refuses are looked for only when there are any.
     *
     * @param held channels of which something must be read again that a batch before has brought
     */
    Outcome apply(Batch batch, Collection<ChannelCursor> held) throws SQLException {
        streams.admit(batch.streams());
        if (!waits.isEmpty()) {
            waits.requireRead(watermarks.unread(batch.watermarks()));
        }
        try {
            return commit(batch, held, this::writeAll);
        } catch (RefusedException refused) {
            return commit(batch, held, this::writeWhatFits);
        }
    }

    private Outcome commit(Batch batch, Collection<ChannelCursor> held, Write write) throws SQLException {
        WriteTimes times = meters.begin();
        boolean committed = false;
        try (Transaction transaction = database.begin()) {
            Progress progress = applied.lock(transaction, batch.channels());
            waits.hold(transaction, batch.changes(), progress);
            progress.waitToo(held);
            times.end(WritePhase.LOCK);
            List<Change> changes = PositionFilter.unapplied(batch.changes(), progress);
            List<Refusal> refused = write.write(transaction, changes, progress);
            times.endWriting(transaction.copyNanos());
            quarantine.store(transaction, refused);
            applied.move(transaction, progress);
            watermarks.store(transaction, batch.watermarks());
            times.end(WritePhase.STATE);
            transaction.commit();
            times.end(WritePhase.COMMIT);
            committed = true;
            applied.committed(progress);
            meters.committed(batch, progress, writer.written(), refused, times);
            return new Outcome(progress, refused);
        } finally {
            if (!committed) {
                writer.forgetTables();
            }
        }
    }

    private List<Refusal> writeAll(Transaction transaction, List<Change> changes, Progress progress)
            throws SQLException {
        writer.write(transaction, changes, progress);
        return List.of();
    }

    private List<Refusal> writeWhatFits(Transaction transaction, List<Change> changes, Progress progress)
            throws SQLException {
        List<Refusal> refused = writer.writeWhatFits(transaction, changes, progress);
        if (!refused.isEmpty() && !tolerateRefusedRows) {
            // Without the cause: what the server says of a refused row may quote its values.
            throw new ConnectException(
                    refused.get(0).describe()
                            + ". Nothing of its transaction is written. Alter the table so that it holds the row and restart the task, or set errors.tolerance=all to put such records into ledger_connect.quarantine and go on");
        }
        return refused;
    }
}
