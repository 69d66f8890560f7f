package io.ledgerconnect.source.offset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ledgerconnect.common.position.SourceId;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.json.JsonConverter;
import org.junit.jupiter.api.Test;

class SourceOffsetTest {
    private static final StreamIdentity IDENTITY =
            new StreamIdentity(new SourceId("7345678901234567890", "led=ger"), 3, "slot", 0xFFFFFFFF00000001L, true);
    private static final Map<String, long[]> EARLIER = Map.of("public.a;b=c,d%ä", new long[] {5, 0, 1});
    private static final TableKey KEY = new TableKey(
            -2, 9, List.of(new TableKey.Part("a:b,c/d", 3, "number"), new TableKey.Part("é", 0, "character(5)")));
    private static final SourceOffset OFFSET = new SourceOffset(
            new Checkpoint(
                    IDENTITY,
                    true,
                    0xFFFFFFFF00000010L,
                    Map.of("public.a;b=c,d%ä", new long[] {1, 0, Long.MAX_VALUE}, "x.y", new long[] {0, 0, 0}),
                    Map.of("public.a;b=c,d%ä", KEY, "x.y", new TableKey(7, 3, List.of())),
                    Map.of("table.include.list", "public\\.(a|b),x=;y", "skipped.operations", ""),
                    new PublicationVersion("16400.742", Map.of(-2, "16401.743", 7, "16402.743+16403.1")),
                    SnapshotState.NONE),
            0xFFFFFFFF00000020L,
            17);

    /** As a worker stores it: JSON without schemas. */
    private static Map<String, Object> stored(Map<String, Object> offset) {
        try (JsonConverter converter = new JsonConverter()) {
            converter.configure(Map.of("schemas.enable", "false"), false);
            SchemaAndValue read = converter.toConnectData("", converter.fromConnectData("", null, offset));
            Map<String, Object> map = new HashMap<>();
            ((Map<?, ?>) read.value()).forEach((name, value) -> map.put((String) name, value));
            return map;
        }
    }

    @Test
    void comesBackFromStorageAsItWas() {
        SourceOffset read = SourceOffset.parse(stored(OFFSET));
        assertThat(read).isEqualTo(OFFSET);
        assertThat(read.checkpoint().identity()).isEqualTo(IDENTITY);
        assertThat(read.checkpoint().sequences().get("public.a;b=c,d%ä")).containsExactly(1, 0, Long.MAX_VALUE);
        assertThat(read.checkpoint().sequences()).hasSize(2);
        assertThat(read.checkpoint().keys()).isEqualTo(OFFSET.checkpoint().keys());
        assertThat(read.checkpoint().settings()).isEqualTo(OFFSET.checkpoint().settings());
        assertThat(read.checkpoint().publication())
                .isEqualTo(OFFSET.checkpoint().publication());
    }

    @Test
    void mayBeOfAnUnknownVersionOfThePublication() {
        Map<String, Object> without = stored(OFFSET);
        without.remove("publication");
        assertThat(SourceOffset.parse(without).checkpoint().publication()).isEqualTo(PublicationVersion.UNKNOWN);
        without.put("publication", "");
        assertThat(SourceOffset.parse(without)).isEqualTo(without);
    }

    @Test
    void isKnownToBeEditedWhenAnyFieldIsAnother() {
        assertThat(OffsetCheck.isEdited(stored(OFFSET))).isFalse();
        for (String field : OFFSET.keySet()) {
            Map<String, Object> edited = stored(OFFSET);
            edited.put(field, "0/1");
            assertThat(OffsetCheck.isEdited(edited)).as(field).isEqualTo(!field.equals("publication"));
        }
    }

    @Test
    void comesBackFromTextAsItWas() {
        assertThat(SourceOffset.decode(OFFSET.encode())).isEqualTo(OFFSET);
    }

    /** A snapshot that is read for the second time, and left rows to their changes. */
    private static SourceOffset ofASnapshot() {
        SnapshotState state = SnapshotState.begin("10:20:11,12", "f00d", 1_790_000_000_123_456L)
                .at(new Place(3, 1L << 32));
        Checkpoint first = Checkpoint.begin(IDENTITY, false, 7, Map.of(), PublicationVersion.UNKNOWN);
        Checkpoint sent = new Checkpoint(
                IDENTITY, false, 7, EARLIER, Map.of(), first.settings(), first.publication(), state.through(99));
        return new SourceOffset(sent.nextAttempt(0x5f21), 0, 0);
    }

    @Test
    void keepsHowFarASnapshotHasCome() {
        SourceOffset offset = ofASnapshot();
        for (SourceOffset read : List.of(SourceOffset.parse(stored(offset)), SourceOffset.decode(offset.encode()))) {
            assertThat(read).isEqualTo(offset);
            SnapshotState state = read.checkpoint().snapshot();
            assertThat(state.place()).isEqualTo(new Place(3, 1L << 32));
            assertThat(state.visible()).isEqualTo("10:20:11,12");
            assertThat(state.files()).isEqualTo("f00d");
            assertThat(state.atMicros()).isEqualTo(1_790_000_000_123_456L);
            assertThat(state.throughLsn()).isEqualTo(99);
            assertThat(state.earlier()).containsOnlyKeys("slot@ffffffff00000001");
            assertThat(state.earlier().get("slot@ffffffff00000001").get("public.a;b=c,d%ä"))
                    .containsExactly(5, 0, 1);
            assertThat(read.checkpoint().identity().stream()).isEqualTo("slot.5f21@ffffffff00000001");
        }
    }

    @Test
    void isNotReadWithTextInThePlaceOfAnotherType() {
        for (String field : List.of("snapshot_complete", "record")) {
            Map<String, Object> other = stored(OFFSET);
            other.put(field, "1");
            assertThatThrownBy(() -> SourceOffset.parse(other)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void holdsPrimitivesOnly() {
        assertThat(OFFSET.values())
                .allMatch(value -> value instanceof String || value instanceof Long || value instanceof Boolean);
        assertThat(OFFSET.toString().getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(1000);
    }

    @Test
    void coversWhatWasSentBeforeItAndThatOnly() {
        assertThat(OFFSET.covers(0xFFFFFFFF0000001FL, 1000)).isTrue();
        assertThat(OFFSET.covers(0xFFFFFFFF00000020L, 17)).isTrue();
        assertThat(OFFSET.covers(0xFFFFFFFF00000020L, 18)).isFalse();
        assertThat(OFFSET.covers(0xFFFFFFFF00000021L, 1)).isFalse();
        assertThat(OFFSET.isBefore(0xFFFFFFFF00000020L)).isFalse();
        assertThat(OFFSET.isBefore(0xFFFFFFFF00000021L)).isTrue();
    }

    @Test
    void ofACheckpointCoversNothingAfterIt() {
        SourceOffset offset = new SourceOffset(OFFSET.checkpoint(), 0, 0);
        assertThat(offset.covers(1, 1)).isFalse();
        assertThat(offset.isBefore(1)).isTrue();
        assertThat(offset.furthestLsn()).isEqualTo(0xFFFFFFFF00000010L);
    }

    @Test
    void isRefusedWithAReasonWhenItIsNotOne() {
        for (String field : OFFSET.keySet()) {
            Map<String, Object> without = stored(OFFSET);
            without.remove(field);
            if (field.equals("publication") || field.equals("check")) {
                continue; // may be absent: earlier versions had none
            }
            assertThatThrownBy(() -> SourceOffset.parse(without))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(field);
            Map<String, Object> another = stored(OFFSET);
            another.put(field, new Object());
            assertThatThrownBy(() -> SourceOffset.parse(another)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void isRefusedWhenItsValuesAreMalformed() {
        for (Map.Entry<String, Object> wrong : Map.<String, Object>of(
                        "version",
                        2,
                        "lsn",
                        "16B3748",
                        "start_lsn",
                        "0/",
                        "commit_lsn",
                        "x/y",
                        "sequences",
                        "a=1,,2",
                        "publication",
                        "1.2/3")
                .entrySet()) {
            Map<String, Object> map = stored(OFFSET);
            map.put(wrong.getKey(), wrong.getValue());
            assertThatThrownBy(() -> SourceOffset.parse(map)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
