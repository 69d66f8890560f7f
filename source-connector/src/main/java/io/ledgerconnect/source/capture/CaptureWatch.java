package io.ledgerconnect.source.capture;

import io.ledgerconnect.source.check.InsertOnlyTables;
import io.ledgerconnect.source.check.Restrictions;

/**
 * What is told of a capture besides its records. Outlives sessions, so that nothing is told twice.
 *
 * @param progress for metrics
 * @param slot how the slot stands
 * @param restrictions what the publication holds back
 * @param insertOnly what the ledger takes no UPDATE and DELETE of
 * @param large changes that Kafka may refuse
 */
record CaptureWatch(
        CaptureProgress progress,
        SlotWatch slot,
        Restrictions restrictions,
        InsertOnlyTables insertOnly,
        LargeChanges large) {}
