package io.ledgerconnect.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What validation over REST says of tables' keys and replica identities. */
class KeyValidationTest {
    private static final String SECRET = "s3cret-of-the-ledger";

    private String database;
    private Map<String, String> settings;

    @BeforeEach
    void createLedger() throws SQLException {
        database = LedgerServer.newDatabase();
        LedgerServer.execute(database, "CREATE TABLE accounts (id bigint PRIMARY KEY, owner text)");
        settings = LedgerServer.settings(database);
        settings.put("database.password", SECRET);
    }

    private void expect(String setting, String... words) {
        ValidationErrors.of(settings).expectOne(setting, SECRET, words);
    }

    private void publish(String definition) throws SQLException {
        LedgerServer.execute(database, "CREATE PUBLICATION ledger_connect " + definition);
    }

    @Test
    void namesATableWithoutAKey() throws SQLException {
        LedgerServer.execute(database, "CREATE TABLE journal (line text)");
        expect("table.include.list", "public.journal", "no primary key");
    }

    @Test
    void namesATableWithoutReplicaIdentity() throws SQLException {
        LedgerServer.execute(database, "ALTER TABLE accounts REPLICA IDENTITY NOTHING");
        expect("table.include.list", "ALTER TABLE public.accounts REPLICA IDENTITY DEFAULT;");
    }

    @ParameterizedTest
    @ValueSource(strings = {"DEFAULT", "FULL", "NOTHING"})
    void namesATableWhoseKeyIsDeferrable(String identity) throws SQLException {
        LedgerServer.execute(
                database,
                "CREATE TABLE \"Late\" (id int CONSTRAINT \"Late key\" PRIMARY KEY DEFERRABLE)",
                "ALTER TABLE \"Late\" REPLICA IDENTITY " + identity);
        String advised = "ALTER TABLE public.\"Late\" DROP CONSTRAINT \"Late key\", ADD PRIMARY KEY (id);";
        expect("table.include.list", "deferrable", advised, "message.key.columns", "table.exclude.list");
        LedgerServer.execute(database, advised, "ALTER TABLE \"Late\" REPLICA IDENTITY DEFAULT");
        assertThat(ValidationErrors.of(settings).bySetting()).isEmpty();
    }

    @Test
    void takesOtherUniqueColumnsInPlaceOfADeferrableKey() throws SQLException {
        LedgerServer.execute(
                database,
                "CREATE TABLE late (id int PRIMARY KEY DEFERRABLE, nr int NOT NULL UNIQUE)",
                "ALTER TABLE late REPLICA IDENTITY FULL");
        settings.put("message.key.columns", "public.late:nr");
        assertThat(ValidationErrors.of(settings).bySetting()).isEmpty();
        settings.put("message.key.columns", "public.late:id");
        expect("message.key.columns", "public.late", "[id]", "may be the same for several rows");
    }

    @Test
    void takesAReplicaIdentityIndexInPlaceOfADeferrableKey() throws SQLException {
        LedgerServer.execute(
                database,
                "CREATE TABLE late (id int PRIMARY KEY DEFERRABLE, nr int NOT NULL UNIQUE)",
                "ALTER TABLE late REPLICA IDENTITY USING INDEX late_nr_key");
        assertThat(ValidationErrors.of(settings).bySetting()).isEmpty();
        LedgerServer.execute(
                database,
                "CREATE UNIQUE INDEX wide ON late (nr, id)",
                "ALTER TABLE late REPLICA IDENTITY USING INDEX wide");
        expect("table.include.list", "deferrable"); // the records' key would be the primary key again
    }

    @Test
    void namesATableWithFullIdentityAndNoKey() throws SQLException {
        LedgerServer.execute(
                database,
                "CREATE TABLE journal (line text NOT NULL UNIQUE)",
                "ALTER TABLE journal REPLICA IDENTITY FULL");
        expect("table.include.list", "message.key.columns");
        settings.put("message.key.columns", "public.journal:line");
        assertThat(ValidationErrors.of(settings).bySetting()).isEmpty();
    }

    @Test
    void namesKeyColumnsThatSeveralRowsMayShare() throws SQLException {
        LedgerServer.execute(
                database,
                "CREATE TABLE journal (id int PRIMARY KEY, line text NOT NULL, book int NOT NULL)",
                "ALTER TABLE journal REPLICA IDENTITY FULL",
                "CREATE UNIQUE INDEX ON journal (line) WHERE book = 1",
                "CREATE UNIQUE INDEX ON journal (lower(line))",
                "CREATE UNIQUE INDEX ON journal (book) INCLUDE (line)",
                "ALTER TABLE journal ADD UNIQUE (line) DEFERRABLE");
        settings.put("message.key.columns", "public.journal:line");
        String advised = "CREATE UNIQUE INDEX ON public.journal (line);";
        expect("message.key.columns", "public.journal", "[line]", advised);
        LedgerServer.execute(database, advised);
        assertThat(ValidationErrors.of(settings).bySetting()).isEmpty();
    }

    @Test
    void acceptsKeyColumnsThatContainAUniqueKey() throws SQLException {
        LedgerServer.execute(
                database,
                "CREATE TABLE journal (id int PRIMARY KEY, book int NOT NULL)",
                "ALTER TABLE journal REPLICA IDENTITY FULL");
        settings.put("message.key.columns", "public.journal:book,id");
        assertThat(ValidationErrors.of(settings).bySetting()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"g", "a, g"})
    void namesAKeyThatIsGenerated(String key) throws SQLException {
        LedgerServer.requireVersion(18);
        LedgerServer.execute(
                database,
                "CREATE TABLE sums (a int, g int GENERATED ALWAYS AS (a + 1) STORED, PRIMARY KEY (" + key + "))");
        expect("table.include.list", "Columns [g] of the key of table public.sums are generated", "yourself");
        publish("FOR ALL TABLES");
        String advised = "ALTER PUBLICATION ledger_connect SET (publish_generated_columns = stored);";
        expect("table.include.list", "Columns [g] of the key of table public.sums are generated", advised);
        LedgerServer.execute(database, advised);
        assertThat(ValidationErrors.of(settings).bySetting()).isEmpty();
    }

    @Test
    void namesAKeyThatThePublicationLeavesOut() throws SQLException {
        LedgerServer.requireVersion(15);
        LedgerServer.execute(database, "CREATE TABLE pairs (a int, b int, PRIMARY KEY (a, b))");
        publish("FOR TABLE accounts, pairs (a)");
        expect("table.include.list", "Columns [b] of the primary key of table public.pairs", "column list");
    }

    @Test
    void namesKeyColumnsThatTheTableDoesNotHave() {
        settings.put("message.key.columns", "public.accounts:nr");
        expect("message.key.columns", "public.accounts", "[nr]");
    }

    @Test
    void namesKeyColumnsThatADeleteWouldNotHave() throws SQLException {
        LedgerServer.execute(database, "ALTER TABLE accounts ALTER owner SET NOT NULL");
        settings.put("message.key.columns", "public.accounts:owner");
        expect("message.key.columns", "ALTER TABLE public.accounts REPLICA IDENTITY FULL;");
    }

    @Test
    void namesAKeyColumnThatMayBeNull() throws SQLException {
        LedgerServer.execute(database, "ALTER TABLE accounts REPLICA IDENTITY FULL");
        settings.put("message.key.columns", "public.accounts:owner");
        expect("message.key.columns", "owner", "null", "ALTER COLUMN owner SET NOT NULL");
    }
}
