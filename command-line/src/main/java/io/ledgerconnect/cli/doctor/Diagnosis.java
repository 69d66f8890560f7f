package io.ledgerconnect.cli.doctor;

import io.ledgerconnect.cli.ExitStatus;
import io.ledgerconnect.cli.doctor.Finding.Level;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was looked at, and what was found. Used by one thread. */
final class Diagnosis {
    private final List<Finding> findings = new ArrayList<>();
    private final Map<String, String> seen = new LinkedHashMap<>();
    private final Map<String, String> unseen = new LinkedHashMap<>();
    private boolean isIncomplete;

    /** Something was looked at, and this is what it is. */
    void saw(String subject, String what) {
        seen.put(subject, what);
    }

    /** Something that belongs to the pipeline could not be looked at. */
    void couldNotSee(String subject, String why) {
        unseen.put(subject, why);
        isIncomplete = true;
    }

    /** Something was not asked for. */
    void didNotLook(String subject, String why) {
        unseen.put(subject, why);
    }

    void stopped(String subject, String sentence, String mend) {
        findings.add(new Finding(Level.STOPPED, subject, sentence, mend));
    }

    void problem(String subject, String sentence, String mend) {
        findings.add(new Finding(Level.PROBLEM, subject, sentence, mend));
    }

    void warning(String subject, String sentence, String mend) {
        findings.add(new Finding(Level.WARNING, subject, sentence, mend));
    }

    /** The worst first; else in the order in which they were found, which is that of the data's flow. */
    List<Finding> findings() {
        return findings.stream().sorted(Comparator.comparing(Finding::level)).toList();
    }

    Map<String, String> seen() {
        return seen;
    }

    Map<String, String> unseen() {
        return unseen;
    }

    long count(Level level) {
        return findings.stream().filter(finding -> finding.level() == level).count();
    }

    int exitStatus() {
        if (count(Level.STOPPED) > 0) {
            return ExitStatus.STOPPED;
        }
        if (count(Level.PROBLEM) > 0) {
            return ExitStatus.NOT_SO;
        }
        return isIncomplete ? ExitStatus.ERROR : ExitStatus.OK;
    }
}
