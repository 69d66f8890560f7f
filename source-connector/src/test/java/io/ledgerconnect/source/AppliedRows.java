package io.ledgerconnect.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.ledgerconnect.common.position.PositionHeader;
import io.ledgerconnect.common.position.SourcePosition;
import io.ledgerconnect.common.watermark.Watermark;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * What a sink makes of the topics, whichever attempts at a snapshot sent them: it passes over what is not after the
 * applied position, and believes a watermark once it has every sequence that the watermark names. Tables have columns
 * {@code id} and {@code v}.
 */
final class AppliedRows {
    private final Map<String, SourcePosition> applied = new HashMap<>();
    private final Map<String, Long> sequences = new HashMap<>();
    private final Map<String, Map<Integer, String>> tables = new TreeMap<>();
    private boolean complete;
    int reads;
    int repeats;

    AppliedRows apply(List<SourceRecord> records) {
        for (SourceRecord sent : records) {
            if (RunningTask.isWatermark(sent)) {
                Watermark watermark = Watermark.fromStruct((Struct) sent.value());
                complete = watermark.channels().stream()
                        .allMatch(end -> sequences.getOrDefault(end.stream() + end.table() + end.partition(), 0L)
                                >= end.sequence());
            } else if (sent.value() != null) {
                apply(sent, RunningTask.position(sent));
            }
        }
        return this;
    }

    private void apply(SourceRecord change, PositionHeader header) {
        String table = header.channel().table();
        String channel = table + header.channel().partition();
        long sequence = sequences.merge(header.channel().stream() + channel, 1L, Long::sum);
        assertThat(header.sequence()).as("%s", header).isEqualTo(sequence);
        if (!header.position().isAfter(applied.getOrDefault(channel, SourcePosition.BEGINNING))) {
            assertThat(RunningTask.operation(change)).as("repeated").isEqualTo("r");
            repeats++;
            return;
        }
        applied.put(channel, header.position());
        reads += RunningTask.operation(change).equals("r") ? 1 : 0;
        Map<Integer, String> rows = tables.computeIfAbsent(table, name -> new TreeMap<>());
        if (RunningTask.operation(change).equals("t")) {
            rows.clear();
            return;
        }
        Struct after = RunningTask.after(change);
        int id = RunningTask.key(change).getInt32("id");
        if (RunningTask.operation(change).equals("c")) {
            assertThat(rows)
                    .as("%s of row %d, which was read before", header, id)
                    .doesNotContainKey(id);
        }
        if (after == null) {
            rows.remove(id);
        } else {
            rows.put(id, after.getString("v"));
        }
    }

    /** The last watermark has come true, and the tables are as they are in the ledger. */
    void expectEqual(String database, String... names) throws SQLException {
        assertThat(complete).as("complete").isTrue();
        try (Connection connection = LedgerServer.connect(database);
                Statement statement = connection.createStatement()) {
            for (String name : names) {
                Map<Integer, String> rows = new TreeMap<>();
                try (ResultSet row = statement.executeQuery("SELECT id, v FROM " + name)) {
                    while (row.next()) {
                        rows.put(row.getInt(1), row.getString(2));
                    }
                }
                Map<Integer, String> known = tables.getOrDefault(name, Map.of());
                long different = rows.entrySet().stream()
                        .filter(row -> !row.getValue().equals(known.get(row.getKey())))
                        .count();
                assertThat(different)
                        .as("rows of %s missing or different", name)
                        .isZero();
                assertThat(known.size()).as("rows of %s", name).isEqualTo(rows.size());
            }
        }
    }
}
