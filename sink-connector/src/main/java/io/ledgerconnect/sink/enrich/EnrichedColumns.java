package io.ledgerconnect.sink.enrich;

import io.ledgerconnect.sink.config.SinkConfig.Tables;
import io.ledgerconnect.sink.config.TableName;
import io.ledgerconnect.sink.database.AdvisoryLocks;
import io.ledgerconnect.sink.database.Transaction;
import io.ledgerconnect.sink.target.CompleteView;
import io.ledgerconnect.sink.target.MetaColumns;
import io.ledgerconnect.sink.target.TargetCatalog;
import io.ledgerconnect.sink.target.TargetTable;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Adds the columns of its enrichment to a table, with the index by which rows are found that a dimension concerns. */
final class EnrichedColumns {
    private static final Logger log = LoggerFactory.getLogger(EnrichedColumns.class);

    private static final String HAS_INDEX = """
            SELECT EXISTS (
                SELECT FROM pg_catalog.pg_index i
                WHERE i.indrelid = ?::regclass AND i.indisvalid AND i.indpred IS NULL
                  AND ARRAY(SELECT a.attname::text
                            FROM unnest((i.indkey::int2[])[0:?]) AS k (attnum)
                            JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum)
                      @> ?::text[])""";

    private final Tables settings;

    EnrichedColumns(Tables settings) {
        this.settings = settings;
    }

    static boolean hasAll(TargetTable table, EnrichmentSql sql) {
        return sql.columns().stream().allMatch(table::has);
    }

    /**
     * Adds what the table lacks, and fills it in the rows that are there. Nobody else writes the table from then on
     * until the transaction ends.
     *
     * @param row the columns of the ledger's rows, with their types
     * @return whether the table was altered
     */
    boolean ensure(Transaction transaction, EnrichedTable enriched, EnrichmentSql sql, Map<String, String> row)
            throws SQLException {
        TargetTable table = find(transaction, enriched.name());
        if (!hasAll(table, sql)) {
            AdvisoryLocks.schema(transaction);
            table = find(transaction, enriched.name()); // another task may have been quicker
        }
        RowCheck.Result check = RowCheck.check(transaction.connection(), enriched, sql, row, table.columns());
        if (!check.problems().isEmpty()) {
            throw new ConnectException(check.problems().stream()
                    .map(problem -> problem.setting() + ": " + problem.sentence())
                    .collect(Collectors.joining(". ")));
        }
        if (hasAll(table, sql)) {
            return false;
        }
        add(transaction, table, sql, check.types());
        if (settings.completeViews()) {
            CompleteView.ensure(transaction, find(transaction, enriched.name()), enriched.mode());
        }
        return true;
    }

    private static TargetTable find(Transaction transaction, TableName name) throws SQLException {
        return TargetCatalog.find(transaction.connection(), name).orElseThrow();
    }

    private void add(Transaction transaction, TargetTable table, EnrichmentSql sql, Map<String, String> types)
            throws SQLException {
        boolean isEmpty =
                !transaction.isTrue("SELECT EXISTS (SELECT FROM " + table.name().sql() + ")");
        List<String> additions = new ArrayList<>();
        types.forEach((column, type) -> {
            if (!table.has(column)) {
                additions.add("ADD COLUMN " + TableName.quote(column) + ' ' + type);
            }
        });
        String alter = "ALTER TABLE " + table.name().sql() + " " + String.join(", ", additions);
        if (!settings.autoEvolve() && !(isEmpty && settings.autoCreate())) {
            throw new ConnectException("Table " + table.name() + " lacks columns of its enrichment and auto.evolve is"
                    + " false: " + alter + "; rows that are there have nothing in them. Or set auto.evolve=true, which"
                    + " adds and fills them");
        }
        transaction.execute(alter);
        if (isEmpty) {
            for (Dimension dimension : sql.dimensions()) {
                if (dimension.isRepaired()) {
                    transaction.execute(index(table.name(), dimension));
                }
            }
        } else {
            TargetTable altered = find(transaction, table.name());
            int filled = transaction.execute(new RepairSql(altered, sql).all());
            log.info("Filled {} rows of {}", filled, table.name());
        }
        log.info("Altered table {}: {}", table.name(), additions);
    }

    private static String index(TableName table, Dimension dimension) {
        return "CREATE INDEX ON " + table.sql() + " ("
                + dimension.rowColumns().stream().map(TableName::quote).collect(Collectors.joining(", ")) + ", "
                + MetaColumns.LSN + ")";
    }

    /** Without it a change of the dimension reads the whole table. */
    static List<String> missingIndexes(Transaction transaction, TableName table, EnrichmentSql sql)
            throws SQLException {
        List<String> commands = new ArrayList<>();
        for (Dimension dimension : sql.dimensions()) {
            if (dimension.isRepaired() && !hasIndex(transaction, table, dimension)) {
                commands.add(index(table, dimension));
            }
        }
        return commands;
    }

    private static boolean hasIndex(Transaction transaction, TableName table, Dimension dimension) throws SQLException {
        try (PreparedStatement query = transaction.prepare(HAS_INDEX)) {
            query.setString(1, table.sql());
            query.setInt(2, dimension.rowColumns().size() - 1);
            query.setArray(
                    3,
                    transaction
                            .connection()
                            .createArrayOf("text", dimension.rowColumns().toArray()));
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }
}
