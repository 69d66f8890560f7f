package io.ledgerconnect.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ledgerconnect.common.envelope.Operation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands in the place of a reporting table, and what tables do besides keeping rows. */
class RelationTest {
    private static final String COLUMNS =
            "amount bigint, note text, _op text, _lsn pg_lsn, _ordinal bigint, _committed_at timestamptz";
    private static final String TABLE = "CREATE TABLE reporting.transfers (id bigint PRIMARY KEY, " + COLUMNS + ")";

    private final ReportingStore store = new ReportingStore();
    private final Topics topics = new Topics();
    private final FakeSource source = new FakeSource(topics, "slot", 0x100, false);

    @BeforeEach
    void createSchema() {
        store.execute("CREATE SCHEMA reporting");
    }

    @AfterEach
    void close() throws Exception {
        store.close();
    }

    private void drain(String... settings) {
        RunningSink.drain(store, topics, settings);
    }

    private List<String> findings(String... settings) {
        Map<String, String> more =
                new HashMap<>(Map.of("topics.regex", "", "topics", "ledger.public.transfers,ledger.watermarks"));
        for (int i = 0; i < settings.length; i += 2) {
            more.put(settings[i], settings[i + 1]);
        }
        Map<String, String> properties = RunningSink.properties(store, more);
        properties.values().removeIf(String::isEmpty);
        return new ReportingSinkConnector()
                .validate(properties).configValues().stream()
                        .flatMap(value -> value.errorMessages().stream())
                        .toList();
    }

    /** Found by validation, and refused by a task before it writes anything. */
    private void assertRefused(String sentence, String... settings) {
        assertThat(findings(settings)).singleElement().asString().contains(sentence);
        source.transaction(0x200).insert(1, 1);
        assertThatThrownBy(() -> drain(settings))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining(sentence);
        assertThat(store.value("SELECT count(*) FROM ledger_connect.applied")).isEqualTo("0");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CREATE VIEW reporting.transfers AS SELECT * FROM reporting.base | is a view",
                "CREATE MATERIALIZED VIEW reporting.transfers AS SELECT * FROM reporting.base | is a materialized view",
                "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w;"
                        + " CREATE FOREIGN TABLE reporting.transfers (id bigint) SERVER s | is a foreign table",
                "CREATE SEQUENCE reporting.transfers | is not a table",
            })
    void otherRelationsAreRefused(String create, String sentence) {
        store.execute(TABLE.replace("transfers", "base"));
        store.execute(create);
        assertRefused("reporting.transfers " + sentence);
        assertThat(findings("table.transfers.mode", "append"))
                .singleElement()
                .asString()
                .contains(sentence);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ALTER TABLE reporting.transfers SET UNLOGGED | reporting.transfers is unlogged",
                "CREATE RULE hide AS ON DELETE TO reporting.transfers DO INSTEAD NOTHING | DROP RULE \"hide\"",
                "CREATE RULE copy AS ON INSERT TO reporting.transfers DO ALSO NOTIFY x | DROP RULE \"copy\"",
                "CREATE TABLE reporting.old () INHERITS (reporting.transfers) | reporting.old inherits",
                "ALTER TABLE reporting.transfers ADD CONSTRAINT c FOREIGN KEY (amount) REFERENCES reporting.transfers"
                        + " ON DELETE CASCADE | DROP CONSTRAINT \"c\"",
                "ALTER TABLE reporting.transfers ADD CONSTRAINT c FOREIGN KEY (amount) REFERENCES reporting.transfers"
                        + " ON DELETE SET NULL | DROP CONSTRAINT \"c\"",
            })
    void tablesThatDoNotKeepRowsAsTheyAreWrittenAreRefused(String alter, String sentence) {
        store.execute(TABLE);
        store.execute(alter);
        assertRefused(sentence);
    }

    @Test
    void rulesAreRefusedWhereTheyApply() {
        store.execute(TABLE + "; CREATE RULE hide AS ON DELETE TO reporting.transfers DO INSTEAD NOTHING;"
                + " ALTER TABLE reporting.transfers ENABLE REPLICA RULE hide");
        assertThat(findings()).isEmpty();
        store.execute("ALTER DATABASE " + store.value("SELECT current_database()")
                + " SET session_replication_role = replica");
        assertRefused("DROP RULE \"hide\"");
    }

    @Test
    void inheritedTableIsAppendedTo() {
        store.execute(TABLE + "; CREATE TABLE reporting.old () INHERITS (reporting.transfers)");
        source.transaction(0x200).insert(1, 1);
        drain("table.transfers.mode", "append");
        assertThat(store.rows("SELECT id FROM ONLY reporting.transfers")).containsExactly("1");
    }

    @Test
    void rowSecurityIsRefusedForARoleThatItAppliesTo() {
        String role = "role_" + store.value("SELECT current_database()");
        store.execute(TABLE + "; CREATE ROLE " + role + " LOGIN; GRANT USAGE, CREATE ON SCHEMA reporting TO " + role
                + "; GRANT ALL ON reporting.transfers TO " + role
                + "; CREATE SCHEMA ledger_connect AUTHORIZATION " + role
                + "; ALTER TABLE reporting.transfers ENABLE ROW LEVEL SECURITY;"
                + " CREATE POLICY p ON reporting.transfers USING (amount < 10) WITH CHECK (true)");
        assertRefused("Row-level security of reporting.transfers", "connection.user", role);
        drain();
        assertThat(store.rows("SELECT id FROM reporting.transfers"))
                .as("by a superuser, whom it does not concern")
                .containsExactly("1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"HASH", "RANGE"})
    void partitionedTableIsUpserted(String strategy) {
        store.execute(TABLE + " PARTITION BY " + strategy + " (id)");
        store.execute(
                strategy.equals("HASH")
                        ? "CREATE TABLE reporting.t0 PARTITION OF reporting.transfers FOR VALUES WITH (MODULUS 2, REMAINDER 0);"
                                + " CREATE TABLE reporting.t1 PARTITION OF reporting.transfers FOR VALUES WITH (MODULUS 2, REMAINDER 1)"
                        : "CREATE TABLE reporting.t0 PARTITION OF reporting.transfers FOR VALUES FROM (0) TO (3);"
                                + " CREATE TABLE reporting.t1 PARTITION OF reporting.transfers FOR VALUES FROM (3) TO (9)");
        assertThat(findings()).isEmpty();
        for (int id = 1; id <= 5; id++) {
            source.transaction(0x200 + id).insert(id, id);
        }
        drain();
        source.transaction(0x300).update(1, 10);
        source.updateWithout(3, 30L, "note");
        source.delete(2);
        source.delete(5);
        source.insert(6, 6);
        drain();
        assertThat(store.rows("SELECT id, amount, note FROM reporting.transfers ORDER BY id"))
                .containsExactly("1|10|note 1", "3|30|note 3", "4|4|note 4", "6|6|note 6");
        source.transaction(0x400).truncate("transfers", 0);
        source.insert(7, 7);
        drain();
        assertThat(store.rows("SELECT id FROM reporting.transfers")).containsExactly("7");
    }

    @Test
    void partitionedTableIsAppendedTo() {
        store.execute(
                "CREATE TABLE reporting.transfers (id bigint, " + COLUMNS + ") PARTITION BY RANGE (_committed_at);"
                        + " CREATE TABLE reporting.t0 PARTITION OF reporting.transfers DEFAULT");
        source.transaction(0x200).insert(1, 1);
        source.update(1, 2);
        source.delete(1);
        drain("table.transfers.mode", "append");
        assertThat(store.rows("SELECT id, amount, _op FROM reporting.transfers ORDER BY _ordinal"))
                .containsExactly("1|1|c", "1|2|u", "1||d");
    }

    @Test
    void rowThatNoPartitionTakesIsRefused() {
        store.execute(TABLE + " PARTITION BY RANGE (id); CREATE TABLE reporting.t0 PARTITION OF reporting.transfers"
                + " FOR VALUES FROM (0) TO (3)");
        source.transaction(0x200).insert(1, 1);
        source.insert(3, 3);
        drain("errors.tolerance", "all");
        assertThat(store.rows("SELECT id FROM reporting.transfers")).containsExactly("1");
        assertThat(store.rows("SELECT key->>'id', sqlstate FROM ledger_connect.quarantine"))
                .containsExactly("3|23514");
    }

    @Test
    void partitionThatIsUnloggedOrForeignIsRefused() {
        store.execute(TABLE + " PARTITION BY RANGE (id); CREATE UNLOGGED TABLE reporting.t0 PARTITION OF"
                + " reporting.transfers FOR VALUES FROM (0) TO (3)");
        assertRefused("reporting.t0 is unlogged");
    }

    @Test
    void foreignPartitionIsRefused() {
        store.execute("CREATE TABLE reporting.transfers (id bigint, " + COLUMNS + ") PARTITION BY RANGE (id);"
                + " CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w;"
                + " CREATE FOREIGN TABLE reporting.t0 PARTITION OF reporting.transfers DEFAULT SERVER s");
        assertRefused("reporting.t0 of reporting.transfers is a foreign table", "table.transfers.mode", "append");
    }

    @Test
    void truncateOfATableThatDoesNotKeepRowsIsRefused() {
        store.execute(TABLE);
        source.transaction(0x200).insert(1, 1);
        drain();
        store.execute("CREATE RULE hide AS ON DELETE TO reporting.transfers DO INSTEAD NOTHING");
        source.transaction(0x300).truncate("transfers", 0);
        assertThatThrownBy(this::drain).hasMessageContaining("DROP RULE \"hide\"");
    }

    @Test
    void rowsThatReferToEachOtherStopTheSinkUntilTheirOrderIsRight() {
        store.execute(TABLE + "; CREATE TABLE reporting.accounts (id bigint PRIMARY KEY, amount bigint CONSTRAINT c"
                + " REFERENCES reporting.transfers, note text, _lsn pg_lsn, _committed_at timestamptz)");
        source.transaction(0x200).insert(7, 1);
        source.write("accounts", 0, Operation.CREATE, 1, 7L, null);
        assertThatThrownBy(this::drain)
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("SQLSTATE 23503")
                .hasMessageContaining("ALTER TABLE \"reporting\".\"accounts\" DROP CONSTRAINT \"c\"");
        store.execute("ALTER TABLE reporting.accounts DROP CONSTRAINT c");
        drain();
        assertThat(store.rows("SELECT id, amount FROM reporting.accounts")).containsExactly("1|7");
    }

    private void createTrigger(String when, String body) {
        store.execute("CREATE FUNCTION reporting.trigger() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN " + body
                + " END $$; CREATE TRIGGER t BEFORE " + when + " ON reporting.transfers FOR EACH ROW"
                + " EXECUTE FUNCTION reporting.trigger()");
    }

    @ParameterizedTest
    @ValueSource(strings = {"upsert", "append"})
    void rowThatATriggerLeavesOutIsRefused(String mode) {
        store.execute(TABLE);
        createTrigger("INSERT", "IF NEW.id = 2 THEN RETURN NULL; END IF; RETURN NEW;");
        for (int id = 1; id <= 3; id++) {
            source.insert(id, id);
        }
        assertThatThrownBy(() -> drain("table.transfers.mode", mode))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("ledger.public.transfers-0 offset 1")
                .hasMessageContaining("a trigger of the table");
        drain("table.transfers.mode", mode, "errors.tolerance", "all");
        assertThat(store.rows("SELECT id FROM reporting.transfers ORDER BY id")).containsExactly("1", "3");
        assertThat(store.rows("SELECT key->>'id' FROM ledger_connect.quarantine"))
                .containsExactly("2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UPDATE", "DELETE"})
    void changeThatATriggerLeavesOutIsRefused(String operation) {
        store.execute(TABLE);
        createTrigger(operation, "RETURN NULL;");
        source.transaction(0x200).insert(1, 1);
        source.insert(2, 1);
        drain();
        source.transaction(0x300).update(1, 2);
        source.delete(2);
        assertThatThrownBy(this::drain).hasMessageContaining("a trigger of the table");
    }

    @Test
    void triggerThatFillsAColumnOfItsOwnIsLeftAlone() {
        store.execute(TABLE + "; ALTER TABLE reporting.transfers ADD written timestamptz");
        createTrigger("INSERT OR UPDATE", "NEW.written = now(); RETURN NEW;");
        source.transaction(0x200).insert(1, 1);
        source.insert(2, 1);
        drain();
        source.transaction(0x300).updateWithout(1, 2L, "note");
        source.delete(2);
        drain();
        assertThat(store.rows("SELECT id, amount, note, written IS NOT NULL FROM reporting.transfers"))
                .containsExactly("1|2|note 1|t");
    }
}
