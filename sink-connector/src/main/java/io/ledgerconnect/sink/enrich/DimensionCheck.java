package io.ledgerconnect.sink.enrich;

import io.ledgerconnect.sink.config.EnrichSettings;
import io.ledgerconnect.sink.config.Enrichment.AsOf;
import io.ledgerconnect.sink.config.Enrichment.EnrichedColumn;
import io.ledgerconnect.sink.config.TableName;
import io.ledgerconnect.sink.target.MetaColumns;
import io.ledgerconnect.sink.target.TargetTable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Whether a dimension table that is there can be joined as it is set. */
final class DimensionCheck {
    private final Dimension dimension;
    private final String settings;
    private final List<Problem> problems = new ArrayList<>();

    private DimensionCheck(EnrichedTable table, Dimension dimension) {
        this.dimension = dimension;
        this.settings = table.settingsName();
    }

    static List<Problem> problems(EnrichedTable table, Dimension dimension) {
        DimensionCheck check = new DimensionCheck(table, dimension);
        check.checkColumns();
        check.checkAsOf();
        if (check.problems.isEmpty()) {
            check.checkUnique();
        }
        return check.problems;
    }

    private void checkColumns() {
        require(EnrichSettings.on(settings, dimension.settings()), dimension.dimensionColumns());
        require(
                EnrichSettings.columns(settings, dimension.settings()),
                dimension.settings().columns().stream()
                        .map(EnrichedColumn::ofDimension)
                        .toList());
    }

    private void require(String setting, List<String> columns) {
        List<String> missing = columns.stream()
                .filter(column -> !dimension.table().has(column))
                .toList();
        if (!missing.isEmpty()) {
            add(
                    setting,
                    "The dimension table " + name() + " has no column " + String.join(", ", missing) + "; it has "
                            + String.join(", ", dimension.table().columns().keySet()));
        }
    }

    private void checkAsOf() {
        String setting = EnrichSettings.asOf(settings, dimension.settings());
        AsOf asOf = dimension.settings().asOf();
        if (asOf instanceof AsOf.Position && !dimension.hasVersions()) {
            add(
                    setting,
                    "The dimension table " + name() + " is not a history table, so it is not known what it was as of a"
                            + " position: set table." + name() + ".mode=history, or as.of=current");
        }
        if (asOf instanceof AsOf.Time time) {
            require(
                    EnrichSettings.of(settings, dimension.settings().name(), "valid"),
                    List.of(time.from(), time.until()));
        }
    }

    /** Else it would be left to chance which row is found. */
    private void checkUnique() {
        TargetTable target = dimension.table();
        Set<String> on = new HashSet<>(dimension.dimensionColumns());
        Set<String> unique = dimension.hasVersions() ? versionKey(on) : new HashSet<>(on);
        if (dimension.settings().asOf() instanceof AsOf.Time time) {
            unique.add(time.from());
        }
        if (target.uniqueKeys().stream().noneMatch(unique::containsAll)) {
            add(
                    EnrichSettings.on(settings, dimension.settings()),
                    "The dimension table " + name() + " has no unique index on " + on
                            + (dimension.hasVersions() ? " and the position" : "")
                            + ", so several of its rows could be meant: name all columns of its key, or CREATE UNIQUE"
                            + " INDEX ON " + name().sql() + " ("
                            + String.join(
                                    ", ", on.stream().map(TableName::quote).toList()) + ")");
        }
        if (problems.isEmpty() && dimension.isRepaired() && !target.uniqueKeys().contains(versionKey(on))) {
            add(
                    EnrichSettings.on(settings, dimension.settings()),
                    "on names more columns of the dimension table " + name() + " than its key has, and rows are"
                            + " corrected by its key: name the key's columns only");
        }
    }

    private static Set<String> versionKey(Set<String> key) {
        Set<String> identity = new HashSet<>(key);
        identity.addAll(List.of(MetaColumns.LSN, MetaColumns.ORDINAL));
        return identity;
    }

    private TableName name() {
        return dimension.table().name();
    }

    private void add(String setting, String sentence) {
        problems.add(new Problem(setting, sentence));
    }
}
