package io.ledgerconnect.sink.state;

import io.ledgerconnect.common.position.Lsn;
import io.ledgerconnect.sink.config.TableName;
import io.ledgerconnect.sink.database.Transaction;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Reads through which position ledger tables have been applied, all their partitions together. */
public final class DimensionProgress {
    /** A watermark names every channel that has had a change, so the newest names all. */
    private static final String TABLES = """
            SELECT DISTINCT e.channel
            FROM (SELECT DISTINCT ON (m.stream) m.channels
                  FROM ledger_connect.watermark m
                  WHERE m.pipeline = ? AND m.source = ?
                  ORDER BY m.stream, m.lsn DESC) w
            CROSS JOIN LATERAL unnest(w.channels) AS e (channel)""";

    /**
     * A watermark says what the last change of each channel is that was committed before its address: the next commit
     * may stand there. A channel that has that change is applied before this address, and one that has not before the
     * commit of its last change, whose transaction may go on.
     */
    private static final String STANDING = """
            WITH ends AS (
                SELECT m.stream, m.lsn, c.topic, a.lsn AS applied, a.ordinal,
                       coalesce(coalesce(c.sequence, 0) < e.sequence, false) AS lags
                FROM ledger_connect.watermark m
                JOIN ledger_connect.stream s ON (s.pipeline, s.source, s.stream) = (m.pipeline, m.source, m.stream)
                LEFT JOIN LATERAL unnest(m.streams, m.channels, m.partitions, m.sequences)
                          AS e (stream, channel, partition, sequence) ON e.channel = ANY (?::text[])
                LEFT JOIN ledger_connect.channel c
                       ON (c.pipeline, c.source, c.stream) = (m.pipeline, m.source, e.stream)
                      AND (c.channel, c.partition) = (e.channel, e.partition)
                LEFT JOIN ledger_connect.applied a
                       ON (a.pipeline, a.source, a.channel, a.partition) = (m.pipeline, m.source, e.channel, e.partition)
                WHERE m.pipeline = ? AND m.source = ? AND s.state = 'active'),
            marks AS (
                SELECT lsn,
                       min(CASE WHEN NOT lags THEN lsn WHEN applied > '0/0' THEN applied ELSE '0/0' END) AS before,
                       (array_agg(coalesce(applied || ' #' || ordinal, '') ORDER BY applied NULLS FIRST, ordinal)
                        FILTER (WHERE lags))[1] AS slowest
                FROM ends GROUP BY stream, lsn)
            SELECT max(before), coalesce((array_agg(slowest ORDER BY lsn DESC))[1], ''),
                   (SELECT array_agg(DISTINCT topic) FILTER (WHERE topic <> '') FROM ends)
            FROM marks""";

    private static final String APPLIED = """
            SELECT t.source, max(a.lsn)
            FROM ledger_connect.target t JOIN ledger_connect.applied a USING (pipeline, source, channel)
            WHERE t.pipeline = ? AND t.target = ?
            GROUP BY t.source""";

    /**
     * How far a dimension is.
     *
     * @param through the WAL address through which it is applied; 0 while that is not known
     * @param isTold whether a watermark has told anything of its streams yet
     * @param mark differs when its slowest channel has gone on
     * @param topics that have brought its records
     */
    public record Standing(long through, boolean isTold, String mark, Set<String> topics) {}

    private final String pipeline;

    public DimensionProgress(String pipeline) {
        this.pipeline = pipeline;
    }

    /** How far the tables of a source are that fill a dimension. */
    public Standing read(Transaction transaction, String source, Predicate<String> isOfDimension) throws SQLException {
        List<String> tables =
                tables(transaction, source).stream().filter(isOfDimension).toList();
        try (PreparedStatement statement = transaction.prepare(STANDING)) {
            new Parameters(statement)
                    .addTexts(tables, table -> table)
                    .add(pipeline)
                    .add(source);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                String text = row.getString(1);
                long before = text == null ? 0 : Lsn.parse(text);
                return new Standing(
                        before == 0 ? 0 : before - 1,
                        text != null,
                        text + ' ' + row.getString(2),
                        row.getArray(3) == null
                                ? Set.of()
                                : Set.of((String[]) row.getArray(3).getArray()));
            }
        }
    }

    /** The last WAL address of which a reporting table has anything, by source; nothing of a table that has none. */
    public Map<String, Long> applied(Transaction transaction, TableName target) throws SQLException {
        Map<String, Long> applied = new HashMap<>();
        try (PreparedStatement statement = transaction.prepare(APPLIED)) {
            new Parameters(statement).add(pipeline).add(target.sql());
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    applied.put(row.getString(1), Lsn.parse(row.getString(2)));
                }
            }
        }
        return applied;
    }

    private Set<String> tables(Transaction transaction, String source) throws SQLException {
        Set<String> tables = new HashSet<>();
        try (PreparedStatement statement = transaction.prepare(TABLES)) {
            new Parameters(statement).add(pipeline).add(source);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    tables.add(row.getString(1));
                }
            }
        }
        return tables;
    }
}
