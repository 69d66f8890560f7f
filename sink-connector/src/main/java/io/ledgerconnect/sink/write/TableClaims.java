package io.ledgerconnect.sink.write;

import io.ledgerconnect.common.position.Channel;
import io.ledgerconnect.common.position.SourceId;
import io.ledgerconnect.sink.config.TableName;
import io.ledgerconnect.sink.database.AdvisoryLocks;
import io.ledgerconnect.sink.database.Transaction;
import io.ledgerconnect.sink.read.Change;
import io.ledgerconnect.sink.read.ForeignRecords;
import io.ledgerconnect.sink.target.MetaColumns;
import io.ledgerconnect.sink.target.TablePlans;
import io.ledgerconnect.sink.target.TargetTable;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * Sees to it that a reporting table has the rows of one ledger table, of one pipeline. Positions of different ledgers
 * cannot be compared, a truncate of one would take away the rows of the other, and two pipelines would append every row
 * twice. The first to write a table claims it in {@code ledger_connect.target}; the claim holds while the table has
 * rows. Not thread-safe.
 */
final class TableClaims {
    private static final String CLAIM = """
            INSERT INTO ledger_connect.target (target, pipeline, source, channel) VALUES (?, ?, ?, ?)
            ON CONFLICT DO NOTHING""";
    private static final String FIND = """
            SELECT target, pipeline, source, channel FROM ledger_connect.target
            WHERE target = ? OR (pipeline, source, channel) = (?, ?, ?)""";
    private static final String GIVE_UP = "DELETE FROM ledger_connect.target WHERE target = ?";

    private record Claim(String target, String pipeline, String source, String channel) {
        boolean isOfSameRows(Claim other) {
            return pipeline.equals(other.pipeline) && source.equals(other.source) && channel.equals(other.channel);
        }
    }

    private final String pipeline;
    private final TablePlans plans;
    /** Claims of this transaction, whose rows are not written yet. */
    private final Set<Claim> fresh = new HashSet<>();

    TableClaims(String pipeline, TablePlans plans) {
        this.pipeline = pipeline;
        this.plans = plans;
    }

    /** Begins a transaction. */
    void begin() {
        fresh.clear();
    }

    /**
     * Claims the table for a channel that is to be written there for the first time.
     *
     * @param first the first change of the channel
     * @param claimed the table that the channel has a claim to, or null
     * @throws ConnectException when the table has rows of something else, or the channel has rows elsewhere
     */
    void require(Transaction transaction, TableName table, Change first, String claimed) throws SQLException {
        Channel channel = first.channel();
        if (table.sql().equals(claimed)) {
            return;
        }
        Claim wanted = new Claim(table.sql(), pipeline, channel.source().toString(), channel.table());
        // Held until the transaction ends, so that of two tasks one is first, and the other sees its claim and rows.
        AdvisoryLocks.schema(transaction);
        boolean renamed = false;
        for (Claim other : conflicting(transaction, wanted)) {
            boolean exists = transaction.hasTable(other.target);
            boolean hasRows = exists && transaction.isTrue("SELECT EXISTS (SELECT FROM " + other.target + ")");
            if (isGoneOnWith(other, wanted)) {
                if (hasRows || fresh.contains(other)) {
                    rejectSnapshot(first, table);
                }
                giveUp(transaction, other);
                renamed = true;
                continue;
            }
            if (fresh.contains(other) || hasRows) {
                throw refused(other, wanted, table);
            }
            giveUp(transaction, other);
            renamed |= !exists && other.isOfSameRows(wanted);
        }
        boolean isNew = claim(transaction, wanted);
        fresh.add(wanted);
        if (isNew && !renamed && hasSinkRows(transaction, table)) {
            throw unknown(table);
        }
    }

    private static List<Claim> conflicting(Transaction transaction, Claim wanted) throws SQLException {
        List<Claim> claims = new ArrayList<>();
        try (PreparedStatement statement = transaction.prepare(FIND)) {
            set(statement, wanted);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    Claim claim = new Claim(row.getString(1), row.getString(2), row.getString(3), row.getString(4));
                    if (!claim.equals(wanted)) {
                        claims.add(claim);
                    }
                }
            }
        }
        return claims;
    }

    /** Whether the claim is new. */
    private static boolean claim(Transaction transaction, Claim wanted) throws SQLException {
        try (PreparedStatement statement = transaction.prepare(CLAIM)) {
            set(statement, wanted);
            return statement.executeUpdate() == 1;
        }
    }

    private static void set(PreparedStatement statement, Claim claim) throws SQLException {
        statement.setString(1, claim.target);
        statement.setString(2, claim.pipeline);
        statement.setString(3, claim.source);
        statement.setString(4, claim.channel);
    }

    private static void giveUp(Transaction transaction, Claim claim) throws SQLException {
        try (PreparedStatement statement = transaction.prepare(GIVE_UP)) {
            statement.setString(1, claim.target);
            statement.executeUpdate();
        }
    }

    /** Rows without a position are somebody else's, and are taken over. */
    private boolean hasSinkRows(Transaction transaction, TableName table) throws SQLException {
        TargetTable target = plans.table(transaction, table);
        return target != null
                && target.has(MetaColumns.LSN)
                && transaction.isTrue(
                        "SELECT EXISTS (SELECT FROM " + table.sql() + " WHERE " + MetaColumns.LSN + " IS NOT NULL)");
    }

    private static ConnectException refused(Claim other, Claim wanted, TableName table) {
        boolean sameLedger = other.source.equals(wanted.source);
        boolean samePipeline = other.pipeline.equals(wanted.pipeline);
        if (!other.target.equals(wanted.target)) {
            return moved(other, table);
        }
        if (sameLedger && !other.channel.equals(wanted.channel)) {
            return ofOneLedger(other.channel, wanted.channel, table);
        }
        if (isGoneOnWith(wanted, other)) {
            return afterTakeover(wanted, table);
        }
        return sameLedger && !samePipeline ? ofAnotherPipeline(other, table) : ofAnotherLedger(other, wanted, table);
    }

    /** Whether what Debezium's connector sent of a table is gone on with by one of this suite. */
    private static boolean isGoneOnWith(Claim debezium, Claim ours) {
        return ForeignRecords.isDebezium(debezium.source)
                && !ForeignRecords.isForeign(ours.source)
                && debezium.target.equals(ours.target)
                && debezium.pipeline.equals(ours.pipeline)
                && debezium.channel.equals(ours.channel)
                && SourceId.parse(debezium.source)
                        .database()
                        .equals(SourceId.parse(ours.source).database());
    }

    private static void rejectSnapshot(Change first, TableName table) {
        if (first.isOfFirstSnapshot()) {
            throw new ConnectException(
                    "Table " + table + " has rows of Debezium's records, and a source connector of this"
                            + " suite begins with a snapshot of "
                            + first.channel().table() + ": rows that the ledger deleted in"
                            + " between would stay. Nothing of this batch is written. Either go on where Debezium ended, without a"
                            + " snapshot (docs/migrating-from-debezium.md, \"The sink first\"); or empty the table (TRUNCATE "
                            + table.sql() + ") and restart the task");
        }
    }

    private static ConnectException afterTakeover(Claim wanted, TableName table) {
        return new ConnectException("A source connector of this suite goes on with " + wanted.channel + " in table "
                + table + ", and here is a record of Debezium's connector that was not applied before: what comes after"
                + " it is there already. Nothing of this batch is written. Either Debezium's connector still runs, or its"
                + " last records were not read when the other began: stop both source connectors, empty the table"
                + " (TRUNCATE " + table.sql() + "), and let the one that is to stay begin with a snapshot");
    }

    private static ConnectException moved(Claim other, TableName table) {
        return new ConnectException(other.channel + " has been written to " + plain(other.target) + ", and leads to "
                + table + " now: its rows would stay behind, and what changes them would go to the other table. Nothing"
                + " of this batch is written. Set table.name.format as it was, or take the rows along and restart the"
                + " task: ALTER TABLE " + other.target + " RENAME TO " + TableName.quote(table.table())
                + " (and SET SCHEMA, if that differs)");
    }

    private static ConnectException ofOneLedger(String one, String another, TableName table) {
        boolean inOrder = one.compareTo(another) < 0;
        return new ConnectException("The ledger tables " + (inOrder ? one : another) + " and "
                + (inOrder ? another : one) + " are both written to " + table
                + ", where rows of one would replace rows of the other. Tell them apart, with table.name.format="
                + table.schema() + ".${schema}_${table} or ${schema}.${table}, and begin a new pipeline.name with empty"
                + " tables; or leave one of them out of this connector's topics");
    }

    private static ConnectException ofAnotherPipeline(Claim other, TableName table) {
        return new ConnectException("Table " + table + " was filled by pipeline " + other.pipeline
                + ": another pipeline would append its rows once more, or bring back what was deleted. Nothing of this"
                + " batch is written. Set pipeline.name=" + other.pipeline
                + " to go on with it; or stop that pipeline's"
                + " sink, empty the table (TRUNCATE " + table.sql() + ") and restart the task");
    }

    private static ConnectException ofAnotherLedger(Claim other, Claim wanted, TableName table) {
        return new ConnectException("Table " + table + " has the rows of " + other.channel + " of ledger "
                + other.source + ", and " + wanted.channel + " of ledger " + wanted.source + " leads there too: rows of"
                + " one would replace rows of the other, and a TRUNCATE would delete both. Nothing of this batch is"
                + " written. Give each ledger tables of its own, with table.name.format in a connector of its own; a"
                + " view shows them together. If the one ledger takes the place of the other, on a new server, empty the"
                + " table (TRUNCATE " + table.sql() + ") and restart the task");
    }

    private static ConnectException unknown(TableName table) {
        return new ConnectException("Table " + table + " has rows that a sink wrote, and ledger_connect does not know"
                + " which: the schema ledger_connect was dropped, or one of the two was restored alone. What is applied"
                + " now could double rows, or bring back what was deleted. Restore the reporting store as a whole, or"
                + " empty the table (TRUNCATE " + table.sql() + ") and restart the task");
    }

    private static String plain(String quoted) {
        return quoted.replace("\"", "");
    }
}
