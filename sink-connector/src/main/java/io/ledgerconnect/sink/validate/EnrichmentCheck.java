package io.ledgerconnect.sink.validate;

import static io.ledgerconnect.common.watermark.Watermark.TOPIC_SUFFIX;

import io.ledgerconnect.sink.config.EnrichSettings;
import io.ledgerconnect.sink.config.Enrichment;
import io.ledgerconnect.sink.config.SinkConfig;
import io.ledgerconnect.sink.config.TableName;
import io.ledgerconnect.sink.enrich.EnrichedTable;
import io.ledgerconnect.sink.enrich.StoreProblems;
import io.ledgerconnect.sink.rollup.Rollups;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whether rows can be enriched, and their rollups kept, as it is set. */
final class EnrichmentCheck {
    private EnrichmentCheck() {}

    static void check(Connection connection, SinkConfig config, List<Finding> findings) throws SQLException {
        for (String table : config.tables().enrichedWithoutSchema()) {
            findings.add(new Finding(EnrichSettings.names(table), withoutSchema(table)));
        }
        checkWaits(config, findings);
        StoreProblems.of(connection, config.tables(), table -> isExpected(config, table))
                .forEach(problem -> findings.add(new Finding(problem.setting(), problem.sentence())));
        Rollups.problems(connection, config.tables())
                .forEach(problem -> findings.add(new Finding(problem.setting(), problem.sentence())));
    }

    /** What a row waits for must be read here, and the watermarks that tell how far it is. */
    private static void checkWaits(SinkConfig config, List<Finding> findings) {
        if (!NamedTables.areAllKnown(config)) {
            return;
        }
        Set<TableName> tables = NamedTables.of(config).keySet();
        boolean haveWatermarks = config.topics().names().stream().anyMatch(topic -> topic.endsWith(TOPIC_SUFFIX));
        for (EnrichedTable table : EnrichedTable.of(config.tables())) {
            for (Enrichment join : table.joins()) {
                String setting = EnrichSettings.missing(table.settingsName(), join);
                TableName dimension = table.dimension(join);
                if (join.waits() && !tables.contains(dimension)) {
                    findings.add(new Finding(
                            setting,
                            "missing=wait needs a dimension that this connector fills, and none of its topics leads to "
                                    + dimension + ", but to " + tables + ": add its topic, or set missing=null"));
                } else if (join.waits() && !haveWatermarks) {
                    findings.add(new Finding(
                            setting,
                            "missing=wait learns from the watermarks how far " + dimension
                                    + " is, and none of the topics" + " ends with " + TOPIC_SUFFIX
                                    + ": add the source's watermark topic"));
                }
            }
        }
    }

    private static String withoutSchema(String table) {
        return "table.name.format has a placeholder for the schema of " + table + ", so it is not known which table is"
                + " enriched: write table.SCHEMA." + table + " instead of table." + table;
    }

    /** With a pattern for topics only settings of its own tell of a table that is to come. */
    private static boolean isExpected(SinkConfig config, TableName table) {
        Optional<String> schema = config.tables().nameFormat().fixedSchema();
        boolean isSet = config.tables().byName().containsKey(table.toString())
                || (schema.equals(Optional.of(table.schema()))
                        && config.tables().byName().containsKey(table.table()));
        return config.tables().autoCreate()
                && (NamedTables.of(config).containsKey(table)
                        || (config.topics().names().isEmpty() && isSet));
    }
}
