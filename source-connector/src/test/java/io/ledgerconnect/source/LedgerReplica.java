package io.ledgerconnect.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * What a reader of the topics makes of the records, strictly: nothing is created that is there, nothing changed or
 * deleted that is not. Tables have columns {@code id} and {@code v}.
 */
final class LedgerReplica {
    private final Map<String, Map<Integer, String>> tables = new TreeMap<>();

    LedgerReplica apply(List<SourceRecord> changes) {
        changes.stream().filter(change -> change.value() != null).forEach(this::apply);
        return this;
    }

    private void apply(SourceRecord change) {
        String table = RunningTask.position(change).channel().table();
        Map<Integer, String> rows = tables.computeIfAbsent(table, name -> new TreeMap<>());
        String operation = RunningTask.operation(change);
        if (operation.equals("t")) {
            rows.clear();
            return;
        }
        int id = RunningTask.key(change).getInt32("id");
        boolean creates = operation.equals("c") || operation.equals("r");
        assertThat(rows.containsKey(id))
                .as("%s of row %d of %s at %s", operation, id, table, RunningTask.header(change))
                .isEqualTo(!creates);
        Struct after = RunningTask.after(change);
        if (after == null) {
            rows.remove(id);
        } else {
            rows.put(id, after.getString("v"));
        }
    }

    void expectEqual(String database, String... names) throws SQLException {
        try (Connection connection = LedgerServer.connect(database);
                Statement statement = connection.createStatement()) {
            for (String name : names) {
                Map<Integer, String> rows = new TreeMap<>();
                try (ResultSet row = statement.executeQuery("SELECT id, v FROM " + name)) {
                    while (row.next()) {
                        rows.put(row.getInt(1), row.getString(2));
                    }
                }
                // Not assertThat(map): it would print both.
                assertThat(tables.getOrDefault(name, Map.of()).equals(rows))
                        .as("table %s", name)
                        .isTrue();
            }
        }
    }
}
