package io.ledgerconnect.cli.doctor;

/**
 * Something that is not as it should be.
 *
 * @param subject where, such as {@code connector ledger-sink}
 * @param sentence what is wrong, and what it means for the data
 * @param mend the command or setting that mends it; empty where the sentence has it
 */
record Finding(Level level, String subject, String sentence, String mend) {
    /** How much it matters, the worst first. */
    enum Level {
        /** Nothing arrives until somebody acts. */
        STOPPED,
        /** Data is at risk, or is not what it should be. */
        PROBLEM,
        /** It holds today. */
        WARNING
    }
}
