package io.ledgerconnect.integration.migration;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What a comparison came to under each setting, and under each replica identity. */
final class ComparisonSummary {
    private static final String FORMAT = "  %-50s %8s %8s %8s %8s %8s%n";
    private static final int LONGEST_NAME = 50;

    private ComparisonSummary() {}

    /**
     * Fields of records, each once for each variant; one that only one of both sends is a field too, and so is the
     * sequence of records of a table or topic where it differs.
     *
     * @param values how many values of them were compared
     * @param listed fields that differ only as {@link KnownDifferences} says
     */
    private record Count(long values, long fields, long equal, long listed, long others) {
        Count plus(Count other) {
            return new Count(
                    values + other.values,
                    fields + other.fields,
                    equal + other.equal,
                    listed + other.listed,
                    others + other.others);
        }

        String line(String name) {
            String shortened = name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME - 1) + "…";
            return FORMAT.formatted(shortened, values, fields, equal, listed, others);
        }
    }

    static String of(List<Comparison> comparisons) {
        Map<String, Count> settings = new TreeMap<>();
        Map<String, Count> identities = new TreeMap<>();
        for (Comparison comparison : comparisons) {
            Count all = count(comparison, place -> true);
            comparison
                    .variant()
                    .all()
                    .forEach((setting, value) -> settings.merge(setting + '=' + value, all, Count::plus));
            for (String identity : LedgerHistory.REPLICA_IDENTITIES) {
                Count some = count(comparison, place -> isOfTable(place, identity));
                identities.merge("REPLICA IDENTITY " + identity, some, Count::plus);
            }
        }
        StringBuilder text = new StringBuilder("\nSummary\n");
        text.append(FORMAT.formatted("setting", "values", "fields", "equal", "listed", "others"));
        settings.forEach((setting, count) -> text.append(count.line(setting)));
        identities.forEach((identity, count) -> text.append(count.line(identity)));
        return text.toString();
    }

    private static boolean isOfTable(String place, String identity) {
        String table = place.split("\\.")[0];
        return !LedgerHistory.OF_EVERY_RECORD.contains(table)
                && LedgerHistory.replicaIdentity(table).equals(identity);
    }

    private static Count count(Comparison comparison, Predicate<String> chosen) {
        Set<String> declared = KnownDifferences.keys(comparison.variant());
        Map<String, Boolean> differing = ComparisonReport.declaredPlaceByPlace(comparison).stream()
                .filter(difference -> chosen.test(difference.place()))
                .collect(Collectors.toMap(
                        Difference::place,
                        difference -> declared.contains(difference.key()),
                        (some, more) -> some && more));
        Set<String> fields = comparison.places().stream().filter(chosen).collect(Collectors.toCollection(TreeSet::new));
        fields.addAll(differing.keySet());
        long listed = differing.values().stream().filter(known -> known).count();
        return new Count(
                fields.stream().mapToLong(comparison::values).sum(),
                fields.size(),
                fields.size() - differing.size(),
                listed,
                differing.size() - listed);
    }
}
