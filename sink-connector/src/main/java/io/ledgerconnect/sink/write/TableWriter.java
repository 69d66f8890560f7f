package io.ledgerconnect.sink.write;

import io.ledgerconnect.common.envelope.Operation;
import io.ledgerconnect.sink.config.SinkConfig.Tables;
import io.ledgerconnect.sink.config.TableMode;
import io.ledgerconnect.sink.config.TableName;
import io.ledgerconnect.sink.database.Transaction;
import io.ledgerconnect.sink.enrich.Enricher;
import io.ledgerconnect.sink.read.Change;
import io.ledgerconnect.sink.target.RefusedException;
import io.ledgerconnect.sink.target.TablePlan;
import io.ledgerconnect.sink.target.TablePlans;
import io.ledgerconnect.sink.target.TargetTable;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.connect.data.Schema;

/** Writes changes to one reporting table, in runs of records that share a schema. */
final class TableWriter {
    private final boolean deleteEnabled;
    private final TablePlans plans;
    private final Enricher enricher;
    private final UpsertWriter upserts;
    private final AppendWriter appends;
    private final HistoryWriter histories;
    private final TruncateWriter truncates;

    TableWriter(String pipeline, Tables settings, TablePlans plans, Enricher enricher) {
        this.deleteEnabled = settings.deleteEnabled();
        this.plans = plans;
        this.enricher = enricher;
        BinaryCopy copy = new BinaryCopy();
        this.upserts = new UpsertWriter(copy, pipeline, enricher);
        this.truncates = new TruncateWriter(pipeline, enricher);
        this.appends = new AppendWriter(copy, enricher);
        this.histories = new HistoryWriter(copy, enricher);
    }

    /**
     * Creates or extends the table as its changes need, before anything is written: altering a table that another task
     * writes, while holding rows that it waits for, would be a deadlock.
     */
    void prepare(Transaction transaction, TableName table, List<Change> changes) throws SQLException {
        Change last = null;
        for (Change change : changes) {
            boolean sameSchemas = last != null
                    && last.record().valueSchema() == change.record().valueSchema()
                    && last.record().keySchema() == change.record().keySchema();
            if (!sameSchemas && hasRow(table, change)) {
                prepare(
                        transaction,
                        table,
                        change.record().keySchema(),
                        change.record().valueSchema());
                last = change;
            }
        }
    }

    private void prepare(Transaction transaction, TableName table, Schema key, Schema value) throws SQLException {
        if (enricher.prepare(transaction, plans.plan(transaction, table, key, value))) {
            plans.forget();
            enricher.prepare(transaction, plans.plan(transaction, table, key, value));
        }
    }

    /** In an append table a truncate is a row, which may come before those of partitions that lag behind. */
    private boolean hasRow(TableName table, Change change) {
        boolean isRow = change.operation() != Operation.TRUNCATE || plans.mode(table) == TableMode.APPEND;
        return isRow && change.record().valueSchema() != null;
    }

    void write(Transaction transaction, TableName table, List<Change> changes) throws SQLException {
        List<Change> run = new ArrayList<>();
        TablePlan plan = null;
        for (Change change : changes) {
            requireUnaltered(change);
            if (isIgnored(transaction, table, change)) {
                continue;
            }
            if (change.operation() == Operation.TRUNCATE) {
                writeRun(transaction, plan, run);
                truncate(transaction, table, change);
                continue;
            }
            TablePlan next = planFor(transaction, table, change, plan);
            if (next != plan) {
                writeRun(transaction, plan, run);
                plan = next;
            }
            run.add(change);
        }
        writeRun(transaction, plan, run);
    }

    private static void requireUnaltered(Change change) {
        if (change.altered()) {
            throw new RefusedException(
                    "its content is not what the source connector sent: it was altered in Kafka, or the converters of"
                            + " source and sink do not keep the values. Where it was altered, send the row again with"
                            + " ledger-connect repair; where a converter is to blame, use LedgerJsonConverter on both"
                            + " sides, or set content.check=false and rely on audits",
                    null,
                    null);
        }
    }

    private boolean isIgnored(Transaction transaction, TableName table, Change change) throws SQLException {
        boolean removes = change.operation() == Operation.DELETE || change.operation() == Operation.TRUNCATE;
        return removes && (!deleteEnabled || (plans.table(transaction, table) == null && !hasRow(table, change)));
    }

    /** A delete without a value is read like the records before it, whose keys have the same schema. */
    private TablePlan planFor(Transaction transaction, TableName table, Change change, TablePlan current)
            throws SQLException {
        Schema key = change.record().keySchema();
        Schema value = change.record().valueSchema();
        if (value == null && current != null && current.readsKey(key)) {
            return current;
        }
        return plans.plan(transaction, table, key, value);
    }

    private void writeRun(Transaction transaction, TablePlan plan, List<Change> run) throws SQLException {
        if (run.isEmpty()) {
            return;
        }
        switch (plans.mode(plan.name())) {
            case UPSERT -> upserts.write(transaction, plan, run);
            case APPEND -> appends.write(transaction, plan, run);
            case HISTORY -> histories.write(transaction, plan, run);
        }
        run.clear();
    }

    private void truncate(Transaction transaction, TableName name, Change change) throws SQLException {
        TargetTable table = plans.table(transaction, name);
        if (table != null) {
            truncates.write(transaction, table, plans.mode(name), change);
        }
    }
}
