package io.ledgerconnect.cli.doctor;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ledgerconnect.cli.doctor.Finding.Level;
import java.util.Locale;

/** A diagnosis for programs. */
final class DoctorJson {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private DoctorJson() {}

    static ObjectNode of(Diagnosis diagnosis) {
        ObjectNode node = JSON.objectNode();
        for (Level level : Level.values()) {
            node.put(lower(level), diagnosis.count(level));
        }
        ArrayNode findings = node.putArray("findings");
        diagnosis
                .findings()
                .forEach(finding -> findings.addObject()
                        .put("level", lower(finding.level()))
                        .put("subject", finding.subject())
                        .put("sentence", finding.sentence())
                        .put("mend", finding.mend()));
        ObjectNode seen = node.putObject("looked_at");
        diagnosis.seen().forEach(seen::put);
        ObjectNode unseen = node.putObject("not_looked_at");
        diagnosis.unseen().forEach(unseen::put);
        return node;
    }

    private static String lower(Level level) {
        return level.name().toLowerCase(Locale.ROOT);
    }
}
