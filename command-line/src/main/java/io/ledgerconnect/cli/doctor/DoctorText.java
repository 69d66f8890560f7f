package io.ledgerconnect.cli.doctor;

import io.ledgerconnect.cli.TextTable;
import io.ledgerconnect.cli.doctor.Finding.Level;
import java.io.PrintWriter;

/** A diagnosis for people: what was seen, what was found, and a count. */
final class DoctorText {
    private DoctorText() {}

    static void print(Diagnosis diagnosis, PrintWriter out) {
        TextTable seen = new TextTable("looked at", "");
        diagnosis.seen().forEach(seen::add);
        seen.print(out);
        diagnosis.unseen().forEach((subject, why) -> out.println("not looked at: " + subject + ": " + why));
        diagnosis.findings().forEach(finding -> print(finding, out));
        out.println();
        out.println(sentence(diagnosis));
    }

    private static void print(Finding finding, PrintWriter out) {
        out.println();
        out.println(finding.level() + ": " + finding.subject() + ": " + finding.sentence());
        if (!finding.mend().isEmpty()) {
            out.println("  " + finding.mend());
        }
    }

    private static String sentence(Diagnosis diagnosis) {
        if (diagnosis.findings().isEmpty()) {
            return "Nothing is wrong in what was looked at.";
        }
        long stopped = diagnosis.count(Level.STOPPED);
        return (stopped > 0 ? "The pipeline has stopped. " : "") + (stopped + diagnosis.count(Level.PROBLEM))
                + " problems, " + diagnosis.count(Level.WARNING) + " warnings.";
    }
}
