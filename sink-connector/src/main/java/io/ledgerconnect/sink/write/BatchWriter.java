package io.ledgerconnect.sink.write;

import io.ledgerconnect.common.position.Channel;
import io.ledgerconnect.sink.config.SinkConfig.Tables;
import io.ledgerconnect.sink.config.TableName;
import io.ledgerconnect.sink.database.Transaction;
import io.ledgerconnect.sink.enrich.DimensionWaits;
import io.ledgerconnect.sink.enrich.Enricher;
import io.ledgerconnect.sink.position.Progress;
import io.ledgerconnect.sink.read.Change;
import io.ledgerconnect.sink.rollup.Rollups;
import io.ledgerconnect.sink.target.RefusedException;
import io.ledgerconnect.sink.target.TablePlans;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** Writes the changes of a batch into their tables. Not thread-safe: one per task. */
public final class BatchWriter {
    private final TableChanges tables;
    private final TableClaims claims;
    private final TablePlans plans;
    private final Enricher enricher;
    private final Rollups rollups;
    private final TableWriter writer;
    private Map<TableName, Integer> written = Map.of();

    /** @param pipeline whose applied positions tell what is in the tables */
    public BatchWriter(String pipeline, Tables settings, DimensionWaits waits) {
        this.tables = new TableChanges(settings.nameFormat());
        this.plans = new TablePlans(settings);
        this.claims = new TableClaims(pipeline, plans);
        this.enricher = new Enricher(settings, waits);
        this.rollups = new Rollups(settings);
        this.writer = new TableWriter(pipeline, settings, plans, enricher);
    }

    /**
     * Writes all changes.
     *
     * @throws RefusedException when a table cannot hold one of them; the transaction is then of no more use
     */
    public void write(Transaction transaction, List<Change> changes, Progress progress) throws SQLException {
        try {
            SortedMap<TableName, List<Change>> groups = prepared(transaction, changes, progress);
            for (var table : groups.entrySet()) {
                writer.write(transaction, table.getKey(), table.getValue());
            }
            rollups.fold(transaction);
            plans.requireUnaltered(transaction, groups.keySet());
            transaction.checkDeferredConstraints();
        } catch (SQLException e) {
            throw Refusal.fault(e);
        }
    }

    /**
     * Writes the changes that their tables can hold, and returns the others, found by halving.
     *
     * <p>Deferred constraints are checked when everything is written, for tables may refer to each other. Only when one
     * is violated is it checked piece by piece.
     */
    public List<Refusal> writeWhatFits(Transaction transaction, List<Change> changes, Progress progress)
            throws SQLException {
        SortedMap<TableName, List<Change>> groups = prepared(transaction, changes, progress);
        Savepoint before = transaction.savepoint();
        try {
            List<Refusal> refusals = writeHalving(transaction, groups, false);
            rollups.fold(transaction);
            plans.requireUnaltered(transaction, groups.keySet());
            checkDeferredConstraints(transaction);
            transaction.release(before);
            return refusals;
        } catch (RefusedException e) {
            transaction.rollbackTo(before);
            List<Refusal> refusals = writeHalving(transaction, groups, true);
            rollups.fold(transaction);
            return refusals;
        }
    }

    private List<Refusal> writeHalving(
            Transaction transaction, SortedMap<TableName, List<Change>> groups, boolean checkPieces)
            throws SQLException {
        List<Refusal> refusals = new ArrayList<>();
        for (Map.Entry<TableName, List<Change>> group : groups.entrySet()) {
            writeHalving(transaction, group.getKey(), group.getValue(), checkPieces, refusals);
        }
        return refusals;
    }

    private static void checkDeferredConstraints(Transaction transaction) throws SQLException {
        try {
            transaction.checkDeferredConstraints();
        } catch (SQLException e) {
            throw Refusal.fault(e);
        }
    }

    private SortedMap<TableName, List<Change>> prepared(
            Transaction transaction, List<Change> changes, Progress progress) throws SQLException {
        SortedMap<TableName, List<Change>> groups = tables.group(changes);
        written = sizes(groups);
        if (enricher.lock(transaction, groups.keySet())) {
            plans.forget();
        }
        claims.begin();
        for (Map.Entry<TableName, List<Change>> group : groups.entrySet()) {
            claim(transaction, group.getKey(), group.getValue(), progress);
            writer.prepare(transaction, group.getKey(), group.getValue());
        }
        boolean altered = enricher.prepareRepairs(transaction, groups.keySet());
        if (rollups.prepare(transaction) || altered) {
            plans.forget();
            for (Map.Entry<TableName, List<Change>> group : groups.entrySet()) {
                writer.prepare(transaction, group.getKey(), group.getValue());
            }
        }
        return groups;
    }

    private static Map<TableName, Integer> sizes(Map<TableName, List<Change>> groups) {
        Map<TableName, Integer> sizes = new HashMap<>();
        groups.forEach((table, changes) -> sizes.put(table, changes.size()));
        return sizes;
    }

    /** How many changes of the last batch went to which table, with those that were refused. */
    public Map<TableName, Integer> written() {
        return written;
    }

    private void claim(Transaction transaction, TableName table, List<Change> changes, Progress progress)
            throws SQLException {
        Channel channel = null;
        for (Change change : changes) {
            if (!change.channel().equals(channel)) {
                channel = change.channel();
                claims.require(transaction, table, change, progress.target(channel));
            }
        }
    }

    /** At most twice as many tries as there are changes, and a few when few are refused. */
    private void writeHalving(
            Transaction transaction, TableName table, List<Change> changes, boolean checkPieces, List<Refusal> refusals)
            throws SQLException {
        Savepoint before = transaction.savepoint();
        try {
            writeOrRefuse(transaction, table, changes);
            if (checkPieces) {
                checkDeferredConstraints(transaction);
            }
            transaction.release(before);
        } catch (RefusedException e) {
            transaction.rollbackTo(before);
            if (changes.size() == 1) {
                refusals.add(Refusal.of(table, changes.get(0), e));
                return;
            }
            int half = changes.size() / 2;
            writeHalving(transaction, table, changes.subList(0, half), checkPieces, refusals);
            writeHalving(transaction, table, changes.subList(half, changes.size()), checkPieces, refusals);
        }
    }

    private void writeOrRefuse(Transaction transaction, TableName table, List<Change> changes) throws SQLException {
        try {
            writer.write(transaction, table, changes);
        } catch (SQLException e) {
            throw Refusal.fault(e);
        }
    }

    /** Forgets what is known of the tables: a transaction that may have created or altered some was taken back. */
    public void forgetTables() {
        plans.forget();
        enricher.forget();
        rollups.forget();
    }
}
