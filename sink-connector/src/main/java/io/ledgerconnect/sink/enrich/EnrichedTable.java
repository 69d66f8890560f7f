package io.ledgerconnect.sink.enrich;

import io.ledgerconnect.sink.config.Enrichment;
import io.ledgerconnect.sink.config.Enrichment.AsOf;
import io.ledgerconnect.sink.config.Enrichment.Missing;
import io.ledgerconnect.sink.config.Enrichments;
import io.ledgerconnect.sink.config.SinkConfig.Tables;
import io.ledgerconnect.sink.config.TableMode;
import io.ledgerconnect.sink.config.TableName;
import io.ledgerconnect.sink.target.TargetCatalog;
import io.ledgerconnect.sink.target.TargetTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** A reporting table whose rows get columns besides the ledger's, as it is set. */
public final class EnrichedTable {
    private final TableName name;
    private final Tables settings;
    private final Enrichments enrichments;

    private EnrichedTable(TableName name, Tables settings, Enrichments enrichments) {
        this.name = name;
        this.settings = settings;
        this.enrichments = enrichments;
    }

    /** All of them, by name. */
    public static List<EnrichedTable> of(Tables settings) {
        List<EnrichedTable> tables = new ArrayList<>();
        settings.enriched().forEach((name, enrichments) -> tables.add(new EnrichedTable(name, settings, enrichments)));
        return List.copyOf(tables);
    }

    public TableName name() {
        return name;
    }

    TableMode mode() {
        return settings.of(name).mode();
    }

    public List<Enrichment> joins() {
        return enrichments.joins();
    }

    SortedMap<String, String> computed() {
        return enrichments.computed();
    }

    List<String> columns() {
        return enrichments.columns();
    }

    /** How its settings are called. */
    public String settingsName() {
        return settings.settingsName(name);
    }

    public TableName dimension(Enrichment join) {
        return join.dimensionOf(name);
    }

    /** Whether this connector writes the dimension as a history table. */
    boolean isHistory(Enrichment join) {
        return settings.of(dimension(join)).mode() == TableMode.HISTORY;
    }

    /** Whether rows are corrected when the dimension is written. */
    public boolean isRepaired(Enrichment join) {
        boolean possible = isHistory(join) && !(join.asOf() instanceof AsOf.Current);
        return possible && join.whenNotThere().orElse(Missing.REPAIR) == Missing.REPAIR;
    }

    /** The dimensions that its rows wait for. */
    List<TableName> waitedFor() {
        return joins().stream().filter(Enrichment::waits).map(this::dimension).toList();
    }

    boolean namesDependOnTopics() {
        return settings.nameFormat().hasTopic();
    }

    /** Whether rows are corrected when {@code dimension} is written. */
    boolean isRepairedBy(TableName dimension) {
        return joins().stream().anyMatch(join -> dimension(join).equals(dimension) && isRepaired(join));
    }

    /** What its rows get, or nothing while one of its dimensions is not there. */
    Optional<EnrichmentSql> resolve(Connection connection) throws SQLException {
        Map<TableName, TargetTable> known = new HashMap<>();
        List<Dimension> dimensions = new ArrayList<>();
        for (Enrichment join : joins()) {
            TableName dimension = dimension(join);
            if (!known.containsKey(dimension)) {
                TargetCatalog.find(connection, dimension).ifPresent(table -> known.put(dimension, table));
            }
            if (known.get(dimension) == null) {
                return Optional.empty();
            }
            dimensions.add(new Dimension(join, known.get(dimension), isRepaired(join)));
        }
        return Optional.of(new EnrichmentSql(List.copyOf(dimensions), computed()));
    }
}
