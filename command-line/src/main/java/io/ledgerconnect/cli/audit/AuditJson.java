package io.ledgerconnect.cli.audit;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ledgerconnect.cli.audit.AuditedTable.LeftOut;
import io.ledgerconnect.cli.audit.AuditedTable.Pair;
import io.ledgerconnect.cli.status.PipelineStatus;
import java.util.List;
import java.util.Locale;

/** An audit's result for programs. */
final class AuditJson {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private AuditJson() {}

    /** @param values whether values that were asked for are told too */
    static ObjectNode of(AuditResult result, boolean values) {
        ObjectNode node = JSON.objectNode()
                .put("result", lower(result.verdict()))
                .put("pipeline", result.pipeline())
                .put("source", result.source())
                .put("ledger", result.ledger().address())
                .put("ledger_version", result.ledger().version())
                .put("reporting_store", result.store().address())
                .put("reporting_store_version", result.store().version())
                .put("position", result.position())
                .put("begun", result.begun().toString())
                .put("seconds", result.duration().toMillis() / 1000.0)
                .put("waited_seconds", result.completion().waited().toMillis() / 1000.0)
                .put("complete", lower(result.completion().result()))
                .put(
                        "complete_through_lsn",
                        result.completion().statuses().stream()
                                .findFirst()
                                .flatMap(PipelineStatus::lsn)
                                .orElse(null))
                .put("stop", result.completion().stop().orElse(null))
                .put("rows", result.rows())
                .put("differences", result.differences())
                .put("undecided", result.undecided())
                .put("rechecks", result.rechecks());
        put(node.putArray("tables_without_reporting_table"), result.absent());
        put(node.putArray("tables_gone"), result.gone());
        ArrayNode tables = node.putArray("tables");
        result.tables().forEach(table -> tables.add(of(table, values)));
        return node;
    }

    private static ObjectNode of(TableFindings findings, boolean values) {
        AuditedTable table = findings.table();
        ObjectNode node = JSON.objectNode()
                .put("table", table.name())
                .put("reporting_table", table.target())
                .put("mode", table.mode().written())
                .put("equal", findings.isEqual())
                .put("ledger_rows", findings.ledgerRows())
                .put("reporting_rows", findings.reportingRows())
                .put("ledger_digest", findings.ledgerDigest().toString(16))
                .put("reporting_digest", findings.reportingDigest().toString(16))
                .put("ledger_seconds", findings.ledgerSeconds())
                .put("reporting_seconds", findings.reportingSeconds())
                .put("undecided", findings.undecided().size())
                .put("kept_deleted", findings.kept())
                .put("differences_cut_off", findings.isFull());
        put(node.putArray("key"), table.key().stream().map(Pair::name).toList());
        put(node.putArray("missing_columns"), table.missing());
        put(
                node.putArray("columns_not_compared"),
                table.leftOut().stream().map(LeftOut::column).toList());
        ObjectNode reasons = node.putObject("not_compared_because");
        table.leftOut().forEach(column -> reasons.put(column.column(), column.why()));
        ObjectNode rules = node.putObject("compared_by_rule");
        table.columns().forEach(pair -> pair.rule().ifPresent(rule -> rules.put(pair.name(), rule.setting())));
        ObjectNode renamed = node.putObject("renamed");
        table.columns().stream()
                .filter(Pair::isRenamed)
                .forEach(pair -> renamed.put(pair.name(), pair.reporting().name()));
        putSums(node.putArray("sums"), findings);
        ArrayNode differences = node.putArray("differences");
        findings.differences().forEach(difference -> differences.add(of(difference, values)));
        return node;
    }

    /** As texts: a number of JSON may be rounded by who reads it. */
    private static void putSums(ArrayNode array, TableFindings findings) {
        for (SumLine line : SumLine.of(findings)) {
            ObjectNode node = array.addObject().put("column", line.column());
            line.group().ifPresent(group -> node.put("of", group));
            node.put("ledger", line.ledger().toPlainString())
                    .put("reporting", line.reporting().toPlainString())
                    .put("changed_since", line.changed().toPlainString())
                    .put("equal", line.isEqual());
        }
    }

    private static ObjectNode of(Difference difference, boolean values) {
        ObjectNode node = JSON.objectNode().put("kind", lower(difference.kind()));
        put(node.putArray("key"), difference.key().values());
        node.put("position", difference.position());
        put(node.putArray("columns"), difference.columns());
        if (values && !difference.ledgerTexts().isEmpty()) {
            put(node.putArray("ledger_values"), difference.ledgerTexts());
            put(node.putArray("reporting_values"), difference.reportingTexts());
        }
        return node;
    }

    private static void put(ArrayNode array, List<String> texts) {
        texts.forEach(array::add);
    }

    static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
