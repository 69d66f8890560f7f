package io.ledgerconnect.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What column rules hide is in no record, whatever became of the row. */
class ColumnRulesTest {
    private static final String KEY = "a key of the tests";
    /** Computed by {@code printf %s … | openssl dgst -sha256 -hmac 'a key of the tests'}. */
    private static final String HMAC_OF_PHONE = "abe6b3cdeedecde5999f8b68f22dceaa5a1178b9ca9769bf07f38e5d5a576e6b";

    private static final String HMAC_OF_OTHER_PHONE =
            "7d0df3bc00b435efd6fd73c9ef32d1400b40e363f6b4670e4f375bbc34288fa2";

    private String database;
    private Map<String, String> settings;

    @BeforeEach
    void createLedger() throws SQLException {
        database = LedgerServer.newDatabase();
        LedgerServer.execute(
                database,
                "CREATE TABLE owners (phone text PRIMARY KEY, name text, iban varchar(34), note text, address inet)",
                "ALTER TABLE owners REPLICA IDENTITY FULL");
        settings = LedgerServer.settings(database);
        settings.put("column.mask.hmac", "public.owners.phone,public.owners.address");
        settings.put("column.mask.hmac.key", KEY);
        settings.put("column.truncate.to.4.chars", "public.owners.iban");
        settings.put("column.mask.with.3.chars", "public.owners.name");
    }

    private static final String ROW =
            "INSERT INTO owners VALUES ('0401234567', 'Aino Virtanen', 'FI21123456', 'seen', '192.0.2.7')";

    @Test
    void hidesInTheSnapshotAndInEveryChange() throws Exception {
        LedgerServer.execute(database, ROW);
        try (RunningTask task = new RunningTask(settings)) {
            task.pollUntil(RunningTask::isWatermark);
            LedgerServer.execute(
                    database,
                    "UPDATE owners SET note = 'changed'",
                    "UPDATE owners SET phone = '0407654321'",
                    "DELETE FROM owners");
            List<SourceRecord> changes = task.pollThroughNow(database);

            assertThat(changes).hasSizeGreaterThanOrEqualTo(6);
            assertThat(changes.toString()
                            + changes.stream().map(SourceRecord::headers).toList())
                    .doesNotContain("0401234567", "0407654321", "Aino", "Virtanen", "2112", "192.0.2.7");
            Struct read = after(changes.get(0));
            assertThat(read.getString("phone")).isEqualTo(HMAC_OF_PHONE);
            assertThat(((Struct) changes.get(0).key()).getString("phone")).isEqualTo(HMAC_OF_PHONE);
            assertThat(read.getString("name")).isEqualTo("***");
            assertThat(read.getString("iban")).isEqualTo("FI21");
            assertThat(read.getString("note")).isEqualTo("seen");
            assertThat(read.getString("address")).hasSize(64);
            for (String hidden : List.of("phone", "name", "iban", "address")) {
                assertThat(read.schema().field(hidden).schema().parameters()).containsEntry("ledger.type", "text");
            }
            Struct before = ((Struct) changes.get(1).value()).getStruct("before");
            assertThat(before.getString("name")).isEqualTo("***");
            assertThat(changes.stream().map(change -> ((Struct) change.key()).getString("phone")))
                    .containsOnly(HMAC_OF_PHONE, HMAC_OF_OTHER_PHONE);
        }
    }

    @Test
    void saysInTheSchemaWhatWasHiddenAsDebeziumDoes() throws Exception {
        LedgerServer.execute(database, ROW);
        try (RunningTask task = new RunningTask(settings)) {
            task.pollUntil(RunningTask::isWatermark);
            Schema row = after(task.changes().get(0)).schema();
            assertThat(row.field("phone").schema().parameters()).containsEntry("masked", "true");
            assertThat(row.field("name").schema().parameters()).containsEntry("masked", "true");
            assertThat(row.field("iban").schema().parameters()).containsEntry("truncateLength", "4");
            assertThat(row.field("note").schema().parameters()).doesNotContainKeys("masked", "truncateLength");
        }
    }

    @Test
    void leavesNullAndShortTextAsTheyAre() throws Exception {
        LedgerServer.execute(
                database, "INSERT INTO owners VALUES ('1', NULL, NULL, NULL, NULL), ('2', '', 'FI', '', NULL)");
        try (RunningTask task = new RunningTask(settings)) {
            task.pollUntil(RunningTask::isWatermark);
            List<SourceRecord> rows = task.changes();
            assertThat(after(rows.get(0)).getString("name")).isNull();
            assertThat(after(rows.get(0)).getString("iban")).isNull();
            assertThat(after(rows.get(0)).getString("address")).isNull();
            assertThat(after(rows.get(1)).getString("name")).isEqualTo("***");
            assertThat(after(rows.get(1)).getString("iban")).isEqualTo("FI");
        }
    }

    @Test
    void cutsNoCharacterInTwo() throws Exception {
        LedgerServer.execute(database, "INSERT INTO owners (phone, iban) VALUES ('1', '\uD83D\uDE00äb\uD83D\uDE00cd')");
        try (RunningTask task = new RunningTask(settings)) {
            task.pollUntil(RunningTask::isWatermark);
            assertThat(after(task.changes().get(0)).getString("iban")).isEqualTo("\uD83D\uDE00äb\uD83D\uDE00");
        }
    }

    @Test
    void stopsBeforeARenamedColumnIsLaidBare() throws Exception {
        LedgerServer.execute(database, ROW);
        try (RunningTask task = new RunningTask(settings)) {
            task.pollUntil(RunningTask::isWatermark);
            LedgerServer.execute(
                    database,
                    "UPDATE owners SET note = 'x'",
                    "ALTER TABLE owners RENAME iban TO account",
                    "UPDATE owners SET note = 'y'");
            assertThatThrownBy(() -> task.pollThroughNow(database))
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining("Column public.owners.iban, whose values a setting hides, is gone");
            assertThat(task.received.toString()).doesNotContain("FI21123456");
        }
        assertThatThrownBy(() -> new RunningTask(settings).pollUntil(RunningTask::isWatermark))
                .hasMessageContaining("'public.owners.iban' matches no column");
    }

    private static Struct after(SourceRecord change) {
        return ((Struct) change.value()).getStruct("after");
    }
}
