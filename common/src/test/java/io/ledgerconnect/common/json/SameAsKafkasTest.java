package io.ledgerconnect.common.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.json.JsonConverter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Both converters get the same random data, which a seed repeats. */
final class SameAsKafkasTest {
    private static final int SEEDS = 60;
    private static final String MUTATIONS = "{}[],:\"\\0123456789-+.eEnulltrsa \u0000\t";

    static Stream<Map<String, Object>> settings() {
        return Stream.of("BASE64", "numeric")
                .flatMap(decimals -> Stream.of(true, false)
                        .flatMap(defaults -> Stream.of(true, false)
                                .map(schemas -> Map.of(
                                        "decimal.format",
                                        decimals,
                                        "replace.null.with.default",
                                        defaults,
                                        "schemas.enable",
                                        schemas))));
    }

    @ParameterizedTest
    @MethodSource("settings")
    void writesTheSameBytesWithoutKafkasHelp(Map<String, Object> settings) {
        for (int seed = 0; seed < SEEDS; seed++) {
            Pair pair = new Pair(settings);
            for (Written written : pair.write(pair.data(seed))) {
                assertThat(written.ours).as("seed %d", seed).isEqualTo(written.kafkas);
                assertThat(written.ours.error()).as("seed %d", seed).isNull();
            }
            assertThat(pair.helper.written).as("seed %d", seed).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("settings")
    void readsTheSameAndAsksKafkasOncePerSchema(Map<String, Object> settings) {
        for (int seed = 0; seed < SEEDS; seed++) {
            Pair pair = new Pair(settings);
            List<Written> records = pair.write(pair.data(seed));
            for (Written record : records) {
                assertThat(pair.readOurs(record.bytes()))
                        .as("seed %d", seed)
                        .isEqualTo(pair.readKafkas(record.bytes()));
            }
            if (pair.withSchemas) {
                int schemas =
                        (int) records.stream().map(Written::schema).distinct().count();
                assertThat(pair.helper.read).as("seed %d", seed).isEqualTo(schemas);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("settings")
    void damagedRecordsHaveTheSameOutcome(Map<String, Object> settings) {
        for (int seed = 0; seed < SEEDS; seed++) {
            Pair pair = new Pair(settings);
            RandomData data = pair.data(seed);
            for (Written record : pair.write(data)) {
                pair.readOurs(record.bytes());
                for (int i = 0; i < 20; i++) {
                    byte[] damaged = damage(record.bytes(), data);
                    assertThat(pair.readOurs(damaged)).as("seed %d", seed).isEqualTo(pair.readKafkas(damaged));
                }
            }
        }
    }

    /** Mostly at the end, where the payload is. */
    private static byte[] damage(byte[] record, RandomData data) {
        int at = record.length - 1 - data.number(Math.min(record.length, data.chance(80) ? 40 : 10_000));
        int kind = data.number(3);
        byte[] damaged = new byte[record.length - 1 + kind];
        System.arraycopy(record, 0, damaged, 0, at);
        int rest = kind == 2 ? at : at + 1;
        System.arraycopy(record, rest, damaged, damaged.length - (record.length - rest), record.length - rest);
        if (kind > 0) {
            damaged[at] = (byte) MUTATIONS.charAt(data.number(MUTATIONS.length()));
        }
        return damaged;
    }

    private record Written(Schema schema, Outcome ours, Outcome kafkas) {
        byte[] bytes() {
            return kafkas.value().toString().getBytes(StandardCharsets.ISO_8859_1);
        }
    }

    private static final class Pair {
        private final JsonConverter kafkas = new JsonConverter();
        private final CountingConverter helper = new CountingConverter();
        private final LedgerJsonConverter ours = new LedgerJsonConverter(helper);
        private final boolean withSchemas;
        private final boolean fillsDefaults;

        Pair(Map<String, Object> settings) {
            kafkas.configure(settings, false);
            ours.configure(settings, false);
            withSchemas = (Boolean) settings.get("schemas.enable");
            fillsDefaults = (Boolean) settings.get("replace.null.with.default");
        }

        RandomData data(long seed) {
            return new RandomData(seed, fillsDefaults);
        }

        /** Interleaved records of a few schemas. */
        List<Written> write(RandomData data) {
            List<Schema> schemas = List.of(data.schema(), data.schema(), data.schema());
            List<Written> records = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                Schema schema = schemas.get(i % schemas.size());
                Object value = data.value(schema);
                records.add(new Written(
                        schema, Outcome.written(ours, schema, value), Outcome.written(kafkas, schema, value)));
            }
            return records;
        }

        Outcome readOurs(byte[] record) {
            return Outcome.read(ours, "topic", record);
        }

        Outcome readKafkas(byte[] record) {
            return Outcome.read(kafkas, "topic", record);
        }
    }
}
