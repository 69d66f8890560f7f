package io.ledgerconnect.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.ledgerconnect.common.position.Channel;
import io.ledgerconnect.common.position.PositionHeader;
import io.ledgerconnect.common.position.SourcePosition;
import io.ledgerconnect.common.watermark.Watermark;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * What a sink checks: sequences without a hole or a repetition, positions that grow, watermarks that tell the truth.
 */
final class Sequences {
    private final PositionHeader.Reader reader = new PositionHeader.Reader();
    private final Map<Channel, PositionHeader> last = new HashMap<>();
    private Watermark lastWatermark;

    private Sequences() {}

    static void expectWhole(List<SourceRecord> records) {
        Sequences sequences = new Sequences();
        for (SourceRecord sent : records) {
            if (RunningTask.isWatermark(sent)) {
                sequences.check(Watermark.fromStruct((Struct) sent.value()));
            } else if (sent.value() != null && sent.headers().lastWithName(PositionHeader.NAME) != null) {
                sequences.check(sequences.reader.read(RunningTask.header(sent)));
            }
        }
    }

    /** The same for records of which the earlier ones are not given. */
    static void expectGoesOn(List<SourceRecord> records) {
        Sequences sequences = new Sequences();
        for (SourceRecord sent : records) {
            if (sent.value() != null && sent.headers().lastWithName(PositionHeader.NAME) != null) {
                PositionHeader header = sequences.reader.read(RunningTask.header(sent));
                if (sequences.last.containsKey(header.channel())) {
                    sequences.check(header);
                }
                sequences.last.put(header.channel(), header);
            }
        }
    }

    private void check(PositionHeader header) {
        PositionHeader before = last.put(header.channel(), header);
        assertThat(header.sequence()).as("%s", header).isEqualTo(before == null ? 1 : before.sequence() + 1);
        SourcePosition floor = before == null ? SourcePosition.BEGINNING : before.position();
        assertThat(header.position().isAfter(floor))
                .as("%s after %s", header, before)
                .isTrue();
        if (lastWatermark != null) {
            assertThat(Long.compareUnsigned(header.position().commitLsn(), lastWatermark.lsn()))
                    .as("%s after the watermark %s", header, lastWatermark)
                    .isGreaterThanOrEqualTo(0);
        }
    }

    private void check(Watermark watermark) {
        Map<String, Long> sent = new TreeMap<>();
        last.forEach((channel, header) -> sent.put(channel.table() + channel.partition(), header.sequence()));
        Map<String, Long> told = new TreeMap<>();
        watermark.channels().forEach(end -> told.put(end.table() + end.partition(), end.sequence()));
        assertThat(told).isEqualTo(sent);
        if (lastWatermark != null) {
            assertThat(Long.compareUnsigned(watermark.lsn(), lastWatermark.lsn()))
                    .isGreaterThanOrEqualTo(0);
            assertThat(watermark.committedAtMicros()).isGreaterThanOrEqualTo(lastWatermark.committedAtMicros());
        }
        lastWatermark = watermark;
    }
}
