package io.ledgerconnect.sink.enrich;

import io.ledgerconnect.sink.config.EnrichSettings;
import io.ledgerconnect.sink.config.Enrichment;
import io.ledgerconnect.sink.config.Enrichment.AsOf;
import io.ledgerconnect.sink.config.Enrichment.EnrichedColumn;
import io.ledgerconnect.sink.config.Enrichment.Missing;
import io.ledgerconnect.sink.config.TableName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What is wrong with the settings of an enriched table whatever the reporting store has. */
public final class SettingsCheck {
    private static final Set<String> WRITTEN_BY_SINK =
            Set.of("_lsn", "_ordinal", "_committed_at", "_op", "_until_lsn", "_until_ordinal", "_until", "_current");

    private final EnrichedTable table;
    private final String settings;
    private final List<Problem> problems = new ArrayList<>();
    /** Which setting gives a column. */
    private final Map<String, String> givenBy = new HashMap<>();

    private SettingsCheck(EnrichedTable table) {
        this.table = table;
        this.settings = table.settingsName();
    }

    /**
     * What is wrong.
     *
     * @param all the enriched tables, by name
     */
    public static List<Problem> problems(EnrichedTable table, Map<TableName, EnrichedTable> all) {
        SettingsCheck check = new SettingsCheck(table);
        table.joins().forEach(join -> check.checkChain(join, all.get(table.dimension(join))));
        table.joins().forEach(check::checkJoin);
        table.joins().stream().filter(Enrichment::waits).forEach(join -> check.checkWait(join, all));
        table.computed()
                .keySet()
                .forEach(column -> check.checkName(column, EnrichSettings.compute(check.settings, column)));
        return check.problems;
    }

    private void checkJoin(Enrichment join) {
        join.columns().forEach(column -> checkName(column.name(), EnrichSettings.columns(settings, join)));
        Set<String> names = Set.copyOf(
                join.columns().stream().map(EnrichedColumn::name).distinct().toList());
        for (String column : join.defaults().keySet()) {
            if (!names.contains(column)) {
                add(
                        EnrichSettings.defaultOf(settings, join, column),
                        column + " is not among the columns that " + table.name() + " gets of " + table.dimension(join)
                                + ": " + names);
            }
        }
        if (join.missing().filter(Missing.REPAIR::equals).isPresent() && !table.isRepaired(join)) {
            add(
                    EnrichSettings.missing(settings, join),
                    join.asOf() instanceof AsOf.Current
                            ? "missing=repair corrects rows for the time at which they changed, and as.of=current takes"
                                    + " what is there when they are written: set as.of=position, or missing=null"
                            : "missing=repair needs a history table that this connector writes, so that it sees the"
                                    + " dimension change: set table." + table.dimension(join) + ".mode=history, or"
                                    + " missing=null if somebody else fills " + table.dimension(join));
        }
        if (join.whenNotThere().equals(Optional.of(Missing.QUARANTINE))
                && !join.defaults().isEmpty()) {
            add(
                    join.waits() ? EnrichSettings.waitThen(settings, join) : EnrichSettings.missing(settings, join),
                    "quarantine refuses a row for which " + table.dimension(join)
                            + " has none, so a default would never be taken: set null, or take the default out");
        }
        if (table.dimension(join).equals(table.name())) {
            add(EnrichSettings.dimension(settings, join), table.name() + " would be its own dimension");
        }
    }

    /** Only of what this connector writes by position is it known how far it is applied. */
    private void checkWait(Enrichment join, Map<TableName, EnrichedTable> all) {
        String setting = EnrichSettings.missing(settings, join);
        if (!(join.asOf() instanceof AsOf.Position)) {
            add(setting, "missing=wait waits for the row's position: set as.of=position, or missing=null");
        } else if (!table.isHistory(join)) {
            add(
                    setting,
                    "missing=wait needs a history table that this connector writes, of which is known how far it is"
                            + " applied: set table." + table.dimension(join) + ".mode=history, or missing=null if"
                            + " somebody else fills " + table.dimension(join));
        } else if (table.namesDependOnTopics()) {
            add(
                    setting,
                    "missing=wait must know which ledger table fills " + table.dimension(join)
                            + ", and table.name.format takes names from topics: write ${table} there, or missing=repair");
        } else if (!table.dimension(join).equals(table.name())
                && leadsTo(table.dimension(join), new HashSet<>(), all)) {
            add(
                    setting,
                    "rows of " + table.name() + " would wait for " + table.dimension(join)
                            + ", whose rows wait for those of " + table.name() + ": set missing=repair in one of them");
        }
    }

    private boolean leadsTo(TableName from, Set<TableName> seen, Map<TableName, EnrichedTable> all) {
        if (from.equals(table.name())) {
            return true;
        }
        EnrichedTable next = seen.add(from) ? all.get(from) : null;
        return next != null && next.waitedFor().stream().anyMatch(dimension -> leadsTo(dimension, seen, all));
    }

    /** Such a column changes without a change of the dimension, so rows that have it would not be corrected. */
    private void checkChain(Enrichment join, EnrichedTable dimension) {
        for (EnrichedColumn column : dimension == null ? List.<EnrichedColumn>of() : join.columns()) {
            if (dimension.columns().contains(column.ofDimension())) {
                add(
                        EnrichSettings.columns(settings, join),
                        column.ofDimension() + " is not of the ledger, but of the enrichment of " + dimension.name()
                                + ": take it from where that has it, with an enrichment of its own");
            }
        }
    }

    private void checkName(String column, String setting) {
        String other = givenBy.putIfAbsent(column, setting);
        if (other != null) {
            add(
                    setting,
                    table.name() + " would get two columns " + column
                            + (other.equals(setting) ? "" : ", also by " + other)
                            + ": give one another name, with COLUMN as NAME");
        }
        if (WRITTEN_BY_SINK.contains(column)) {
            add(
                    setting,
                    column + " is the name of a column that the sink writes itself: give it another name, with COLUMN"
                            + " as NAME");
        }
    }

    private void add(String setting, String sentence) {
        problems.add(new Problem(setting, sentence));
    }
}
