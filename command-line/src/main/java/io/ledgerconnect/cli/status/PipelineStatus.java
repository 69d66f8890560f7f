package io.ledgerconnect.cli.status;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How far one pipeline is with one ledger.
 *
 * @param source the ledger, {@code SYSTEM_ID/DATABASE}
 * @param lsn complete through; empty before the first watermark is
 * @param time the ledger's clock there
 * @param lagSeconds from there to now, by the reporting store's clock
 * @param receivedLsn the newest watermark that the sink has read
 * @param lagBytes of WAL, from where it is complete to there
 * @param quarantined records that the store refused
 * @param quarantinedBelow those of them at or below {@code lsn}
 * @param channels those that are behind the newest watermark
 * @param waitingStreams captures that are not applied before the pipeline has reached their start
 */
public record PipelineStatus(
        String pipeline,
        String source,
        Optional<String> lsn,
        Optional<Instant> time,
        Optional<Double> lagSeconds,
        Optional<String> receivedLsn,
        Optional<Long> lagBytes,
        long quarantined,
        long quarantinedBelow,
        Optional<Gap> firstGap,
        List<WaitingChannel> channels,
        List<WaitingStream> waitingStreams) {

    public PipelineStatus {
        channels = List.copyOf(channels);
        waitingStreams = List.copyOf(waitingStreams);
    }

    /**
     * The gap that comes first in the ledger's history.
     *
     * @param afterPosition the last change before it, {@code LSN #ORDINAL}
     * @param nextSequence what follows in the topic; empty where nothing does
     */
    public record Gap(
            String channel,
            int partition,
            String stream,
            long missingSequence,
            String afterPosition,
            Optional<Long> nextSequence,
            String where) {

        public String describe() {
            return channel + " partition " + partition + " of stream " + stream + ": sequence " + missingSequence
                    + " is missing after position " + afterPosition + ", " + where + ' '
                    + nextSequence.map(next -> "goes on with " + next).orElse("brings nothing more");
        }
    }

    /**
     * A channel that is behind the newest watermark.
     *
     * @param applied its last sequence that was applied, or 0
     * @param needed its last sequence by the watermark
     * @param where in Kafka it is read on, {@code TOPIC-PARTITION offset N}; empty before its first record
     */
    public record WaitingChannel(
            String channel, int partition, String stream, long applied, long needed, Optional<String> where) {

        public String describe() {
            return channel + " partition " + partition + " of stream " + stream + ": applied through sequence "
                    + applied
                    + " of " + needed
                    + where.map(place -> ", waits for " + place).orElse(", waits for its first record");
        }
    }

    /** A capture that waits until the pipeline is complete through its start. */
    public record WaitingStream(String stream, String startLsn) {
        public String describe() {
            return "stream " + stream + " is applied once everything through " + startLsn + " is there";
        }
    }
}
