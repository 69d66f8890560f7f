package io.ledgerconnect.sink.write;

import io.ledgerconnect.common.position.Lsn;
import io.ledgerconnect.sink.config.TableMode;
import io.ledgerconnect.sink.config.TableName;
import io.ledgerconnect.sink.database.Transaction;
import io.ledgerconnect.sink.enrich.Enricher;
import io.ledgerconnect.sink.read.Change;
import io.ledgerconnect.sink.target.MetaColumns;
import io.ledgerconnect.sink.target.TargetTable;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * Carries out a truncate, of which every partition of the table brings a copy.
 *
 * <p>Each copy deletes what stands before the truncate's position, whichever partition it came from. What a partition
 * that lags behind still brings from before it, its own copy deletes. So the outcome does not depend on their order. In
 * a history table the versions end there instead.
 *
 * <p>In an upsert table the position is kept: a change that patches a row may come late from a partition that lags
 * behind, and then {@link UpsertSql} must know why the row is gone.
 */
final class TruncateWriter {
    private static final String OTHER_PARTITIONS = """
            SELECT FROM ledger_connect.applied
            WHERE (pipeline, source, channel) = (?, ?, ?) AND partition <> ? LIMIT 1""";

    private static final String KEEP = """
            INSERT INTO ledger_connect.truncation AS t (pipeline, source, channel, lsn, ordinal)
            VALUES (?, ?, ?, ?::pg_lsn, ?)
            ON CONFLICT (pipeline, source, channel) DO UPDATE SET lsn = excluded.lsn, ordinal = excluded.ordinal
            WHERE (t.lsn, t.ordinal) < (excluded.lsn, excluded.ordinal)""";

    /** The truncate's position and time, which are the parameters. */
    private static final String POSITION = """
            WITH truncate (lsn, ordinal, committed_at) AS (
                SELECT ?::pg_lsn, ?::bigint, 'epoch'::timestamptz + ? * interval '1 microsecond')
            """;

    private final String pipeline;
    private final Enricher enricher;

    TruncateWriter(String pipeline, Enricher enricher) {
        this.pipeline = pipeline;
        this.enricher = enricher;
    }

    void write(Transaction transaction, TargetTable table, TableMode mode, Change truncate) throws SQLException {
        if (!truncate.isCounted() && mode != TableMode.APPEND) {
            requireOnePartition(transaction, truncate);
        }
        switch (mode) {
            case UPSERT -> {
                keep(transaction, truncate);
                transaction.execute("DELETE FROM " + table.name().sql() + " WHERE " + before(table, truncate));
            }
            case APPEND -> {
                if (truncate.channel().partition() == 0 || !truncate.isCounted()) {
                    execute(transaction, append(table), truncate);
                }
            }
            case HISTORY -> {
                execute(transaction, end(table), truncate);
                enricher.repair(transaction, table.name(), key -> ended(table, truncate, key));
            }
        }
    }

    /** Debezium sends a truncate to one partition, whatever others bring before it or after it. */
    private void requireOnePartition(Transaction transaction, Change truncate) throws SQLException {
        try (PreparedStatement statement = transaction.prepare(OTHER_PARTITIONS)) {
            statement.setString(1, pipeline);
            statement.setString(2, truncate.channel().source().toString());
            statement.setString(3, truncate.channel().table());
            statement.setInt(4, truncate.channel().partition());
            try (ResultSet row = statement.executeQuery()) {
                if (row.next()) {
                    throw new ConnectException("The record at " + truncate.place() + " truncates "
                            + truncate.channel().table() + ", whose records come in several partitions: Debezium's"
                            + " connector sends a truncate to one of them, so it cannot be told which rows of the others"
                            + " came before it. Nothing of this batch is applied. Let Debezium leave truncates out"
                            + " (skipped.operations=t, its default), and empty the table by hand when the sink has read"
                            + " everything before it; or give the topic one partition; or take this suite's source"
                            + " connector, which sends it to all");
                }
            }
        }
    }

    private void keep(Transaction transaction, Change truncate) throws SQLException {
        try (PreparedStatement statement = transaction.prepare(KEEP)) {
            statement.setString(1, pipeline);
            statement.setString(2, truncate.channel().source().toString());
            statement.setString(3, truncate.channel().table());
            statement.setString(4, Lsn.format(truncate.position().commitLsn()));
            statement.setLong(5, truncate.position().ordinal());
            statement.executeUpdate();
        }
    }

    private static String before(TargetTable table, Change truncate) {
        String lsn = "'" + Lsn.format(truncate.position().commitLsn()) + "'::pg_lsn";
        if (table.has(MetaColumns.ORDINAL)) {
            return "(" + MetaColumns.LSN + ", coalesce(" + MetaColumns.ORDINAL + ", 0)) < (" + lsn + ", "
                    + truncate.position().ordinal() + ")";
        }
        if (truncate.position().ordinal() > 1) {
            throw new ConnectException("The ledger truncated "
                    + truncate.channel().table()
                    + " at " + truncate.position() + " in a transaction that had changed it before, and " + table.name()
                    + " does not tell the rows before it from those after it: ALTER TABLE "
                    + table.name().sql() + " ADD COLUMN " + MetaColumns.ORDINAL + " bigint");
        }
        return MetaColumns.LSN + " < " + lsn;
    }

    private static String append(TargetTable table) {
        return POSITION + "INSERT INTO " + table.name().sql() + " (" + String.join(", ", MetaColumns.ALL)
                + ") SELECT 't', c.* FROM truncate c";
    }

    /** Versions that are valid at the truncate end there, those too that a later change is known to have ended. */
    private static String end(TargetTable table) {
        return POSITION + "UPDATE " + table.name().sql() + " t SET _until_lsn = c.lsn, _until_ordinal = c.ordinal,"
                + " _until = c.committed_at FROM truncate c WHERE (t._lsn, t._ordinal) < (c.lsn, c.ordinal)"
                + " AND (t._until_lsn IS NULL OR (t._until_lsn, t._until_ordinal) > (c.lsn, c.ordinal))";
    }

    /** A query for the keys whose versions ended at a truncate, and since when. */
    private static String ended(TargetTable table, Change truncate, List<String> key) {
        String lsn = "'" + Lsn.format(truncate.position().commitLsn()) + "'::pg_lsn";
        String values = IntStream.range(0, key.size())
                .mapToObj(i -> "t." + TableName.quote(key.get(i)) + " AS k" + i + ", ")
                .collect(Collectors.joining());
        return "SELECT " + values + lsn + " AS since, NULL::pg_lsn AS until FROM "
                + table.name().sql() + " t WHERE (t._until_lsn, t._until_ordinal) = (" + lsn + ", "
                + truncate.position().ordinal() + ")";
    }

    private static void execute(Transaction transaction, String sql, Change truncate) throws SQLException {
        try (PreparedStatement statement = transaction.prepare(sql)) {
            statement.setString(1, Lsn.format(truncate.position().commitLsn()));
            statement.setLong(2, truncate.position().ordinal());
            statement.setLong(3, truncate.header().committedAtMicros());
            statement.executeUpdate();
        }
    }
}
