package io.ledgerconnect.source.check;

import io.ledgerconnect.common.type.TypeCodec;
import io.ledgerconnect.source.catalog.LedgerTable;
import io.ledgerconnect.source.config.ColumnRules;
import io.ledgerconnect.source.config.ColumnRules.Rule;
import io.ledgerconnect.source.config.SourceConfig;
import io.ledgerconnect.source.record.HiddenText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Whether the settings that hide values hide what they name. A rule without effect would send in the clear what
 * somebody has decided not to send, so anything in doubt is an error.
 */
final class ColumnRuleChecks {
    private final SourceConfig config;
    private final ColumnRules rules;
    private final List<Finding> findings = new ArrayList<>();

    ColumnRuleChecks(SourceConfig config) {
        this.config = config;
        this.rules = config.columnRules();
    }

    /** All that was found, and expressions that match no column: a spelling mistake, or the column was renamed. */
    List<Finding> findings(List<LedgerTable> tables) {
        List<String> columns = tables.stream()
                .flatMap(table -> table.relation().columns().stream().map(column -> table.name() + '.' + column.name()))
                .toList();
        for (Rule rule : rules.all()) {
            rule.columns().stream()
                    .filter(expression -> columns.stream()
                            .noneMatch(column -> expression.matcher(column).matches()))
                    .map(Pattern::pattern)
                    .forEach(expression -> find(
                            rule.setting(),
                            "'" + expression
                                    + "' matches no column of the captured tables, so it hides nothing. An expression"
                                    + " must match all of SCHEMA.TABLE.COLUMN, such as public\\.accounts\\.iban. Look at the"
                                    + " spelling, or take it out of " + rule.setting() + '.'));
        }
        return findings;
    }

    /** Looks at a column that is sent in this form. */
    void column(LedgerTable table, String column, TypeCodec codec) {
        String name = table.name() + '.' + column;
        List<Rule> named = rules.of(name);
        if (named.size() > 1) {
            find(named.get(1).setting(), ColumnRules.ambiguous(name, named));
        } else if (!named.isEmpty()) {
            boolean inKey = config.messageKeys()
                    .columns(table.name())
                    .orElseGet(table::recordKey)
                    .contains(column);
            HiddenText.refusal(name, codec, inKey, named.get(0))
                    .ifPresent(sentence -> find(named.get(0).setting(), sentence));
        }
    }

    private void find(String setting, String sentence) {
        findings.add(new Finding(setting, sentence));
    }

    /** What needs no ledger: settings that cannot be read, or would hide less than they seem to. */
    static List<Finding> settings(Map<String, String> given) {
        Map<String, String> problems = new LinkedHashMap<>();
        given.forEach((name, value) -> {
            if (ColumnRules.hasLength(name) && value != null) {
                ColumnRules.problem(name, value).ifPresent(problem -> problems.put(name, name + ' ' + problem + '.'));
            } else if (ColumnRules.isUnknownMask(name)) {
                problems.put(
                        name,
                        name
                                + " has no effect here: the values would be sent in the clear. Use column.mask.hmac, a hash"
                                + " with a secret key, or leave the columns out with column.exclude.list.");
            }
        });
        ColumnRules.keyProblem(given).ifPresent(problem -> problems.put(ColumnRules.HMAC_KEY, problem));
        return problems.entrySet().stream()
                .map(problem -> new Finding(problem.getKey(), problem.getValue()))
                .toList();
    }
}
