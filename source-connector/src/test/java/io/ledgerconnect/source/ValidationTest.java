package io.ledgerconnect.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ledgerconnect.source.config.SourceConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a user sees who validates a configuration over REST: one clear sentence at the right setting. */
class ValidationTest {
    private static final String SECRET = "s3cret-of-the-ledger";

    private String database;
    private Map<String, String> settings;

    @BeforeEach
    void createLedger() throws SQLException {
        database = LedgerServer.newDatabase();
        LedgerServer.execute(
                database, "CREATE TABLE accounts (id bigint PRIMARY KEY, owner text)", "CREATE SCHEMA other");
        settings = LedgerServer.settings(database);
        settings.put("database.password", SECRET);
    }

    private void expect(String setting, String... words) {
        ValidationErrors.of(settings).expectOne(setting, SECRET, words);
    }

    /** A role that owns nothing, and what it is allowed. */
    private void captureAs(String role, String... grants) throws SQLException {
        String name = role + '_' + database;
        List<String> statements = new ArrayList<>(List.of("CREATE ROLE " + name + " LOGIN REPLICATION"));
        for (String grant : grants) {
            statements.add(grant.replace("?", name));
        }
        LedgerServer.execute(database, statements.toArray(String[]::new));
        settings.put("database.user", name);
    }

    private void publish(String definition) throws SQLException {
        LedgerServer.execute(database, "CREATE PUBLICATION ledger_connect " + definition);
    }

    @Test
    void acceptsAConfigurationThatWorks() {
        assertThat(ValidationErrors.of(settings).bySetting()).isEmpty();
    }

    @Test
    void acceptsASettingThatIsNull() {
        settings.put("database.sslcert", null);
        settings.put("transforms", null);
        assertThat(ValidationErrors.of(settings).bySetting()).isEmpty();
    }

    static Stream<Arguments> wrongSettings() {
        return Stream.of(
                Arguments.of("database.port", "70000"),
                Arguments.of("database.sslmode", "sometimes"),
                Arguments.of("topic.prefix", "a b"),
                Arguments.of("slot.name", "Ledger-Slot"),
                Arguments.of("snapshot.mode", "always"),
                Arguments.of("snapshot.max.threads", "0"),
                Arguments.of("table.include.list", "public.(accounts"),
                Arguments.of("column.exclude.list", "[x"),
                Arguments.of("message.key.columns", "public.accounts"),
                Arguments.of("skipped.operations", "x"),
                Arguments.of("decimal.handling.mode", "exact"),
                Arguments.of("time.precision.mode", "nanos"),
                Arguments.of("publication.autocreate.mode", "maybe"),
                Arguments.of("publication.name", " "),
                Arguments.of("watermark.interval.ms", "1"),
                Arguments.of("topic.creation.default.partitions", "three"),
                Arguments.of("topic.creation.default.partitions", "0"),
                Arguments.of("errors.tolerance", "all"),
                Arguments.of("producer.override.acks", "1"),
                Arguments.of("producer.override.max.in.flight.requests.per.connection", "5"));
    }

    @ParameterizedTest
    @MethodSource("wrongSettings")
    void namesTheSettingThatIsWrong(String setting, String value) {
        settings.put(setting, value);
        ValidationErrors.of(settings).expectOne(setting, SECRET);
    }

    @Test
    void refusesRequestsInFlightWithIdempotenceToo() {
        settings.put("producer.override.max.in.flight.requests.per.connection", "5");
        settings.put("producer.override.enable.idempotence", "true");
        expect("producer.override.max.in.flight.requests.per.connection", "Use 1");
    }

    @ParameterizedTest
    @CsvSource({
        "table.includelist, table.include.list",
        "tabel.include.list, table.include.list",
        "skipped.operation, skipped.operations",
        "slot_name, slot.name",
        "databasehostnames, database.hostname"
    })
    void namesASettingThatIsMisspelt(String setting, String meant) {
        settings.put(setting, "public.accounts");
        expect(setting, "There is no setting " + setting + "; did you mean " + meant + "?");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plugin.name",
                "heartbeat.interval.ms",
                "schema.include.list",
                "slot.max.retries",
                "snapshot.fetch.size",
                "task.class",
                "errors.tolerence"
            })
    void leavesOtherUnknownSettingsAlone(String setting) {
        settings.put(setting, "x");
        assertThat(ValidationErrors.of(settings).bySetting()).isEmpty();
    }

    @Test
    void refusesToSendInTheClearWhatDebeziumMasks() {
        String setting = "column.mask.hash.SHA-256.with.salt.x";
        settings.put(setting, "public.accounts.iban");
        String sentence =
                setting + " has no effect here: the values would be sent in the clear. Leave the columns out with"
                        + " column.exclude.list.";
        expect(setting, sentence);
        assertThatThrownBy(() -> new LedgerSourceTask().start(settings))
                .isInstanceOf(ConnectException.class)
                .hasMessage(sentence);
    }

    @Test
    void knowsWhatConnectGivesToATask() {
        settings.put("task.class", LedgerSourceTask.class.getName());
        settings.put("plugin.name", "pgoutput");
        assertThat(new SourceConfig(settings).unknownSettings()).containsExactly("plugin.name");
    }

    @ParameterizedTest
    @ValueSource(strings = {"table", "column"})
    void refusesToIncludeAndToExcludeAtOnce(String what) {
        settings.put(what + ".include.list", "public.accounts.*");
        settings.put(what + ".exclude.list", "public.owners.*");
        expect(what + ".exclude.list", what + ".include.list", "Use one");
    }

    @Test
    void namesTablesThatAPublicationOfAllTablesWouldHarm() throws SQLException {
        LedgerServer.execute(database, "CREATE TABLE other.notes (note text)");
        settings.put("table.include.list", "public.accounts");
        settings.put("publication.autocreate.mode", "all_tables");
        expect("publication.autocreate.mode", "other.notes", "UPDATE and DELETE");
    }

    @Test
    void namesAHostThatDoesNotAnswer() {
        settings.put("database.port", "1");
        expect("database.hostname", "localhost:1", "cannot be reached");
    }

    @Test
    void namesAHostThatNobodyKnows() {
        settings.put("database.hostname", "no-such-host.invalid");
        expect("database.hostname", "The host name no-such-host.invalid is unknown.");
    }

    @Test
    void namesAHostThatNeverAnswers() throws IOException {
        List<Socket> waiting = new ArrayList<>();
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getByName("localhost"))) {
            // Connections that nobody accepts fill the backlog; the next one gets no answer.
            for (int i = 0; i < 4; i++) {
                Socket socket = new Socket();
                waiting.add(socket);
                try {
                    socket.connect(full.getLocalSocketAddress(), 200);
                } catch (SocketTimeoutException e) {
                    break;
                }
            }
            settings.put("database.port", Integer.toString(full.getLocalPort()));
            expect("database.hostname", "timed out");
        } finally {
            for (Socket socket : waiting) {
                socket.close();
            }
        }
    }

    @Test
    void namesADatabaseThatIsNotThere() {
        settings.put("database.dbname", "nowhere");
        expect("database.dbname", "'nowhere'");
    }

    @Test
    void namesARoleThatIsNotThere() {
        settings.put("database.user", "nobody");
        expect("database.user", "nobody");
    }

    @Test
    void namesAMissingReplicationPrivilege() throws SQLException {
        publish("FOR ALL TABLES");
        captureAs("reader", "ALTER ROLE ? NOREPLICATION", "GRANT SELECT ON accounts TO ?");
        expect("database.user", "lacks REPLICATION", "ALTER ROLE reader_" + database + " REPLICATION;");
    }

    @Test
    void namesADatabaseThatTheRoleMayNotConnectTo() throws SQLException {
        captureAs("stranger", "REVOKE CONNECT ON DATABASE " + database + " FROM public");
        expect("database.user", "GRANT CONNECT ON DATABASE " + database + " TO stranger_" + database + ";");
    }

    @Test
    void namesTablesThatTheRoleMayNotRead() throws SQLException {
        publish("FOR ALL TABLES");
        captureAs("blind");
        expect("database.user", "GRANT SELECT ON public.accounts TO blind_" + database + ";");
    }

    @Test
    void namesASchemaThatTheRoleMayNotUse() throws SQLException {
        LedgerServer.execute(database, "DROP TABLE accounts", "CREATE TABLE other.\"Big Book\" (id int PRIMARY KEY)");
        publish("FOR ALL TABLES");
        captureAs("outsider", "GRANT SELECT ON ALL TABLES IN SCHEMA other TO ?");
        expect("database.user", "GRANT USAGE ON SCHEMA other TO outsider_" + database + ";");
    }

    @Test
    void namesTablesWhoseRowsAPolicyHides() throws SQLException {
        publish("FOR ALL TABLES");
        captureAs(
                "tenant",
                "GRANT SELECT ON accounts TO ?",
                "ALTER TABLE accounts ENABLE ROW LEVEL SECURITY",
                "CREATE POLICY own ON accounts USING (owner = current_user)");
        expect("database.user", "public.accounts", "BYPASSRLS");
    }

    @Test
    void namesAColumnOfAnUnsupportedType() throws SQLException {
        LedgerServer.execute(database, "ALTER TABLE accounts ADD place pg_ndistinct");
        expect("column.exclude.list", "public.accounts.place", "pg_ndistinct");
        settings.put("column.exclude.list", "public\\.accounts\\.place");
        assertThat(ValidationErrors.of(settings).bySetting()).isEmpty();
    }

    @Test
    void namesAPatternThatMatchesNothing() {
        settings.put("table.include.list", "public\\.accounts,public\\.acounts");
        expect("table.include.list", "public\\.acounts");
    }

    @Test
    void namesTablesThatWouldShareATopic() throws SQLException {
        LedgerServer.execute(
                database, "CREATE TABLE \"a b\" (id int PRIMARY KEY)", "CREATE TABLE a_b (id int PRIMARY KEY)");
        expect("table.include.list", "public.\"a b\"", "public.a_b", "t.public.a_b", "table.exclude.list");
    }

    @Test
    void tellsTablesApartWhoseNamesReadTheSame() throws SQLException {
        LedgerServer.execute(
                database,
                "CREATE SCHEMA \"other.deep\"",
                "CREATE TABLE \"other.deep\".book (id int PRIMARY KEY)",
                "CREATE TABLE other.\"deep.book\" (id int PRIMARY KEY)");
        expect(
                "table.include.list",
                "\"other.deep\".book",
                "other.\"deep.book\"",
                "t.other.deep.book",
                "Run ALTER TABLE ",
                " RENAME TO");
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "-1, as many as the brokers choose"})
    void namesTopicsThatWouldHaveTooFewPartitions(String partitions, String told) {
        settings.put("topic.creation.default.partitions", "3");
        settings.put("topic.creation.groups", "marks, small,all");
        settings.put("topic.creation.marks.include", "t\\.watermarks");
        settings.put("topic.creation.marks.partitions", "1");
        settings.put("topic.creation.small.include", "x,t\\.public\\..*");
        settings.put("topic.creation.small.partitions", partitions);
        settings.put("topic.creation.all.include", ".*");
        expect("topic.creation.small.partitions", "t.public.accounts", "says " + told, "small.partitions=3");
        settings.put("topic.creation.small.exclude", ".*accounts");
        assertThat(ValidationErrors.of(settings).bySetting()).isEmpty();
        settings.remove("topic.creation.small.exclude");
        settings.put("topic.creation.small.partitions", "4");
        assertThat(ValidationErrors.of(settings).bySetting()).isEmpty();
    }

    @Test
    void namesTablesThatThePublicationLacks() throws SQLException {
        LedgerServer.execute(database, "CREATE TABLE other.\"Big Book\" (id int PRIMARY KEY)");
        publish("FOR TABLE accounts");
        expect("publication.name", "lacks other.Big Book", "ADD TABLE other.\"Big Book\";", "table.exclude.list");
        settings.put("table.include.list", ".*");
        expect("publication.name", "lacks other.Big Book", "take them out of table.include.list");
    }

    @Test
    void namesOperationsThatThePublicationLeavesOut() throws SQLException {
        publish("FOR ALL TABLES WITH (publish = 'insert, update, truncate')");
        expect("publication.name", "does not publish delete");
        LedgerServer.execute(database, "ALTER PUBLICATION ledger_connect SET (publish = 'insert')");
        expect("publication.name", "does not publish update, delete, truncate");
        settings.put("skipped.operations", "u,d,t");
        assertThat(ValidationErrors.of(settings).bySetting()).isEmpty();
    }

    @Test
    void warnsOnceAStartOfWhatThePublicationHoldsBack() throws Exception {
        LedgerServer.requireVersion(15);
        LedgerServer.execute(database, "CREATE TABLE pairs (a int PRIMARY KEY, b int, c int)");
        publish("FOR TABLE accounts WHERE (id > 7), pairs (a, b)");
        String errors = Logged.during(() -> {
            assertThat(ValidationErrors.of(settings).bySetting()).isEmpty();
            Map<Map<String, ?>, Map<String, Object>> offsets = new HashMap<>();
            try (RunningTask task = new RunningTask(settings, offsets)) {
                task.store(task.pollUntil(RunningTask::isWatermark));
                LedgerServer.execute(database, "SELECT pg_terminate_backend(" + LedgerServer.walsender(database) + ")");
                task.pollThroughNow(database);
            }
            try (RunningTask task = new RunningTask(settings, offsets)) {
                task.pollUntil(RunningTask::isWatermark);
            }
        });
        String warning = "ledger_connect holds back part of the ledger, which will not arrive: public.accounts has rows"
                + " WHERE (id > 7) only; public.pairs lacks columns [c]";
        assertThat(errors.split(Pattern.quote(warning), -1)).as(errors).hasSize(1 + 2);
    }

    @Test
    void namesAPublicationThatShowsPartitions() throws SQLException {
        LedgerServer.execute(
                database,
                "CREATE TABLE entries (id int PRIMARY KEY) PARTITION BY RANGE (id)",
                "CREATE TABLE entries1 PARTITION OF entries DEFAULT");
        publish("FOR TABLE accounts, entries");
        expect("publication.name", "SET (publish_via_partition_root = true);");
    }

    @Test
    void namesAPublicationThatIsNotThereAndNotToBeCreated() {
        settings.put("publication.autocreate.mode", "disabled");
        expect("publication.name", "CREATE PUBLICATION ledger_connect FOR TABLE public.accounts");
    }

    @Test
    void namesAPublicationThatTheRoleMayNotCreate() throws SQLException {
        captureAs("modest", "GRANT SELECT ON accounts TO ?");
        expect("publication.autocreate.mode", "CREATE PUBLICATION ledger_connect", "modest_" + database);
    }

    @ParameterizedTest
    @ValueSource(strings = {"database.password", "database.port", "slot.name", "database.hostname"})
    void namesAPlaceholderThatTheWorkerLeft(String setting) {
        settings.put(setting, "${env:LEDGER_SETTING}");
        expect(setting, setting + " still holds the placeholder ${env:LEDGER_SETTING}", "config.providers");
    }

    @Test
    void namesTheEncryptionThatTheServerDoesNotOffer() {
        settings.put("database.sslmode", "require");
        expect("database.sslmode", "database.sslmode=require", "SSL");
    }

    @Test
    void namesASchemaThatIsNotThereOnce() {
        settings.put("table.include.list", "nowhere\\.a,nowhere\\.b,nowhere.c,public\\.accounts");
        expect("table.include.list", "no table in a schema 'nowhere'", "nowhere\\.a, nowhere\\.b, nowhere.c");
    }

    @ParameterizedTest
    @CsvSource({
        "value.converter, org.apache.kafka.connect.storage.StringConverter",
        "value.converter, String",
        "value.converter, org.apache.kafka.connect.converters.ByteArrayConverter",
        "key.converter, org.apache.kafka.connect.storage.StringConverter",
        "key.converter, LongConverter",
        "header.converter, org.apache.kafka.connect.converters.ByteArrayConverter",
        "header.converter, IntegerConverter"
    })
    void namesAConverterThatLosesWhatRecordsHold(String setting, String converter) {
        settings.put(setting, converter);
        expect(setting, converter, "JsonConverter");
    }

    @ParameterizedTest
    @CsvSource({
        "value.converter, io.ledgerconnect.common.json.LedgerJsonConverter",
        "value.converter, io.confluent.connect.avro.AvroConverter",
        "key.converter, org.apache.kafka.connect.json.JsonConverter",
        "header.converter, org.apache.kafka.connect.storage.StringConverter",
        "header.converter, org.apache.kafka.connect.storage.SimpleHeaderConverter"
    })
    void acceptsConvertersThatKeepIt(String setting, String converter) {
        settings.put(setting, converter);
        assertThat(ValidationErrors.of(settings).bySetting()).isEmpty();
    }

    @Test
    void namesAPhysicalSlot() throws SQLException {
        LedgerServer.execute(database, "SELECT pg_create_physical_replication_slot('" + database + "')");
        expect("slot.name", database, "physical", "pgoutput", "Choose another slot.name");
    }

    @Test
    void namesASlotThatSendsPreparedTransactions() throws SQLException {
        LedgerServer.execute(
                database,
                "SELECT pg_create_logical_replication_slot('" + database + "', 'pgoutput', twophase => true)");
        expect("slot.name", database, "two_phase", "Choose another slot.name");
    }

    @Test
    void namesASlotOfAnotherDatabase() throws SQLException {
        LedgerServer.execute("postgres", "SELECT pg_create_logical_replication_slot('" + database + "', 'pgoutput')");
        expect("slot.name", "belongs to database 'postgres'");
    }

    @Test
    void namesASlotThatAnotherApplicationReads() throws Exception {
        Map<String, String> first = new HashMap<>(settings);
        first.put("name", "first"); // the same topic.prefix
        try (RunningTask task = new RunningTask(first)) {
            task.pollUntil(RunningTask::isWatermark);
            expect("slot.name", "is in use by process", "'ledger-connect first'");
        }
    }

    @Test
    void acceptsASlotThatThisConnectorItselfReads() throws Exception {
        settings.put("name", "a-name-that-is-longer-than-names-of-postgresql-may-be-by-default");
        try (RunningTask task = new RunningTask(settings)) {
            task.pollUntil(RunningTask::isWatermark);
            assertThat(ValidationErrors.of(settings).bySetting()).isEmpty();
        }
    }

    @Test
    void namesMissingSlots() throws SQLException {
        String fill = "SELECT pg_create_physical_replication_slot('fill' || i) FROM generate_series(1,"
                + " current_setting('max_replication_slots')::int - 1 - (SELECT count(*) FROM pg_replication_slots)::int) i";
        LedgerServer.execute(database, fill);
        try {
            expect("slot.name", "has 1 free replication slots, needed are 2", "max_replication_slots = 32;");
        } finally {
            LedgerServer.execute(
                    database,
                    "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name LIKE 'fill%'");
        }
    }

    @Test
    void doesNotWaitForATableThatIsLocked() throws SQLException {
        LedgerServer.execute(database, "CREATE TABLE vast (id int)");
        settings.put("table.include.list", "public.accounts");
        try (Connection locker = LedgerServer.connect(database)) {
            locker.setAutoCommit(false);
            try (var statement = locker.createStatement()) {
                statement.execute("LOCK TABLE vast IN ACCESS EXCLUSIVE MODE");
            }
            assertThat(ValidationErrors.of(settings).bySetting()).isEmpty();
        }
    }
}
