package io.ledgerconnect.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ledgerconnect.common.envelope.Operation;
import io.ledgerconnect.common.type.PgType;
import io.ledgerconnect.common.type.PgTypeCatalog;
import io.ledgerconnect.common.type.Representation;
import io.ledgerconnect.common.type.TypeCodec;
import io.ledgerconnect.common.type.TypeCodecs;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every type that a ledger uses arrives as it was, in tables that exist and in tables that the sink creates. */
class TypeTest {
    private static final List<String> COLUMNS = List.of(
            "smallint '-32768'",
            "integer '2147483647'",
            "bigint '-9223372036854775808'",
            "numeric(18,2) '-1234567890123456.78'",
            "numeric(10,0) '9999999999'",
            "numeric '123456789012345678901234567890.000000001'",
            "numeric '-0.00'",
            "text 'Ünïcödé 결제'",
            "varchar(10) 'ten chars!'",
            "char(5) 'ab'",
            "uuid '0191d4b0-0000-7000-8000-000000000001'",
            "boolean 'true'",
            "date '2026-02-28'",
            "date 'infinity'",
            "time '23:59:59.999999'",
            "timestamp '2026-11-22 12:34:56.789012'",
            "timestamp(3) '1969-12-31 23:59:59.999'",
            "timestamptz '2026-11-22 12:34:56.789012+09'",
            "timestamptz '-infinity'",
            "interval '1 year 2 months 3 days 04:05:06.789'",
            "interval '-1 day -00:00:01'",
            "json '{\"b\": 1,  \"a\": [null]}'",
            "jsonb '{\"a\": 1}'",
            "bytea '\\x00ff10'",
            "real '1.5'",
            "double precision '-2.25e300'",
            "integer[] '{1,NULL,3}'",
            "text[] '{a,\"b c\",NULL}'",
            "numeric(10,2)[] '{1.10,2.20}'",
            "uuid[] '{}'",
            "money '12.34'",
            "bit(12) '100000000001'",
            "varbit(5) '00101'",
            "inet '192.168.1.0/24'",
            "cidr[] '{10.0.0.0/8,2001:db8::/32}'",
            "macaddr '08:00:2b:01:02:03'",
            "int4range '[1,5)'",
            "tstzrange '[\"2026-11-22 16:00:00+00\",)'",
            "nummultirange '{[1.5,2.5),[3,)}'",
            "point '(1.5,-2)'",
            "polygon '((1,2),(3,4),(5,6))'",
            "box[] '{(3,4),(1,2);(1,1),(0,0)}'",
            "tsvector '''a'':1 ''it'':2B'",
            "pg_lsn '16/B3748'",
            "text 'a\\b''c\\'",
            "xml 'text <a/> and <b>more</b>'",
            "bytea '\\x5c275c00'",
            "double precision '0.1'",
            "text[] '{NULL,\"NULL\",null,\"a\\\\\\\\b\"}'",
            "bigint NULL",
            "text NULL");

    private final ReportingStore store = new ReportingStore();

    @AfterEach
    void close() throws Exception {
        store.close();
    }

    private static String column(int index) {
        String definition = COLUMNS.get(index);
        return "c" + index + " " + definition.replaceAll(" ('.*'|NULL)$", "");
    }

    private static String literal(int index) {
        String definition = COLUMNS.get(index);
        return definition.endsWith(" NULL") ? "NULL" : definition.substring(definition.indexOf(" '") + 1);
    }

    private void createLedger() {
        StringBuilder columns = new StringBuilder("id bigint PRIMARY KEY, e public.mood");
        StringBuilder values = new StringBuilder("1, 'fine'");
        for (int i = 0; i < COLUMNS.size(); i++) {
            columns.append(", ").append(column(i));
            values.append(", ").append(literal(i));
        }
        store.execute("CREATE TYPE public.mood AS ENUM ('fine', 'bad')");
        store.execute("CREATE TABLE public.ledger (" + columns + ")");
        store.execute("INSERT INTO public.ledger VALUES (" + values + ")");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void everyTypeArrivesAsItWas(boolean existing) throws Exception {
        createLedger();
        if (existing) {
            store.execute("CREATE SCHEMA reporting");
            store.execute(
                    "CREATE TABLE reporting.ledger (LIKE public.ledger INCLUDING ALL, _lsn pg_lsn, _committed_at timestamptz)");
        }
        send(Map.of(), Representation.DEFAULT);
        expectEqual();
    }

    @Test
    void everyTypeIsAppendedAsItWas() throws Exception {
        createLedger();
        send(Map.of("table.ledger.mode", "append"), Representation.DEFAULT);
        expectEqual();
    }

    @Test
    void refusesBitsThatTheColumnWouldCutOff() throws Exception {
        createLedger();
        store.execute("CREATE SCHEMA reporting");
        store.execute(
                "CREATE TABLE reporting.ledger (LIKE public.ledger INCLUDING ALL, _lsn pg_lsn, _committed_at timestamptz)");
        int bits = COLUMNS.indexOf("varbit(5) '00101'");
        store.execute("ALTER TABLE reporting.ledger ALTER c" + bits + " TYPE varbit(4)");
        assertThatThrownBy(() -> send(Map.of(), Representation.DEFAULT, bits)).hasMessageContaining("22001");
    }

    @ParameterizedTest
    @ValueSource(strings = {"upsert", "append"})
    void arraysOfAnyDimensionsArriveAsText(String mode) throws Exception {
        store.execute("CREATE TABLE public.ledger (id bigint PRIMARY KEY, c0 integer[], c1 char(3)[], c2 varbit(4)[],"
                + " c3 bit(4)[])");
        store.execute("INSERT INTO public.ledger VALUES (1, '[0:1][1:2]={{1,2},{NULL,4}}', '{{abc},{\"b\"}}',"
                + " '{{01},{1111}}', '{{0011}}')");
        store.execute("CREATE SCHEMA reporting");
        if (mode.equals("upsert")) {
            store.execute("CREATE TABLE reporting.ledger (id bigint PRIMARY KEY, c0 integer[], c1 bpchar[],"
                    + " c2 varbit(4)[], c3 bit(4)[], _lsn pg_lsn, _committed_at timestamptz)");
        }
        send(Map.of("table.ledger.mode", mode), Representation.DEFAULT.with(Representation.Arrays.TEXT), 0, 1, 2, 3);
        String columns = "SELECT c0::text, c1::text, c2::text, c3::text FROM ";
        assertThat(store.value(columns + "reporting.ledger"))
                .isEqualTo(store.value(columns + "public.ledger"))
                .isEqualTo("[0:1][1:2]={{1,2},{NULL,4}}|{{abc},{\"b  \"}}|{{01},{1111}}|{{0011}}");
    }

    /** Each of them alters what a statement reads or writes, or how it is read, somewhere. */
    private static final List<String> ADVERSE = List.of(
            "array_nulls = off",
            "backslash_quote = off",
            "bytea_output = escape",
            "check_function_bodies = off",
            "client_encoding = 'LATIN1'",
            "DateStyle = 'SQL, DMY'",
            "default_transaction_isolation = serializable",
            "extra_float_digits = -15",
            "IntervalStyle = sql_standard",
            "quote_all_identifiers = on",
            "row_security = off",
            "search_path = ''",
            "standard_conforming_strings = off",
            "TimeZone = 'Asia/Kathmandu'",
            "transform_null_equals = on",
            "xmlbinary = hex",
            "xmloption = document");

    private void setAdversely() {
        String alter = "ALTER DATABASE " + store.value("SELECT current_database()") + " SET ";
        ADVERSE.forEach(setting -> store.execute(alter + setting));
        // No decimals, and a dot that groups digits; where the machine has such locales.
        for (String locale : List.of("de_DE.utf8", "ja_JP.utf8")) {
            store.execute("DO $$ BEGIN EXECUTE '" + alter + "lc_monetary = ''" + locale
                    + "'''; EXCEPTION WHEN invalid_parameter_value THEN NULL; END $$");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"upsert", "append"})
    void settingsOfTheStoreAlterNoValue(String mode) throws Exception {
        createLedger();
        setAdversely();
        send(Map.of("table.ledger.mode", mode), Representation.DEFAULT);
        expectEqual();
    }

    @ParameterizedTest
    @ValueSource(strings = {"upsert", "append"})
    void settingsOfTheStoreAlterNoArrayThatIsText(String mode) throws Exception {
        List<String> arrays = List.of(
                "integer[] '{1,NULL,3}'",
                "text[] '{NULL,\"NULL\",x,\"a\\\\b''\"}'",
                "bytea[] '{NULL,\"\\\\x5c2700\"}'",
                "interval[] '{\"-1 mons\",\"-1 mons +3 days 04:05:06.7\",\"-1 days -00:00:01\",NULL}'",
                "date[] '{2026-02-03,0044-03-15 BC,NULL}'",
                "timestamp[] '{\"2026-02-03 04:05:06.7\",infinity}'",
                "timestamptz[] '{\"2026-02-03 04:05:06.789012+09\",NULL}'",
                "double precision[] '{0.1,NaN,NULL}'",
                "real[] '{0.1,-0}'",
                "money[] '{12.34,NULL}'",
                "xml[] '{\"text <a/>\",NULL}'");
        StringBuilder columns = new StringBuilder();
        StringBuilder values = new StringBuilder();
        int[] all = new int[arrays.size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = i;
            int divider = arrays.get(i).indexOf(" '");
            columns.append(", c").append(i).append(' ').append(arrays.get(i), 0, divider);
            values.append(", ").append(arrays.get(i).substring(divider + 1));
        }
        store.execute("CREATE TABLE public.ledger (id bigint PRIMARY KEY" + columns + ")");
        store.execute("INSERT INTO public.ledger VALUES (1" + values + ")");
        setAdversely();
        send(Map.of("table.ledger.mode", mode), Representation.DEFAULT.with(Representation.Arrays.TEXT), all);
        for (int i = 0; i < all.length; i++) {
            String column = "SELECT c" + i + "::text FROM ";
            assertThat(store.value(column + "reporting.ledger")).isEqualTo(store.value(column + "public.ledger"));
        }
    }

    @Test
    void refusesElementsThatTheColumnWouldCutOff() throws Exception {
        store.execute("CREATE TABLE public.ledger (id bigint PRIMARY KEY, c0 text[], c1 varbit[])");
        store.execute("INSERT INTO public.ledger VALUES (1, '{{abcd}}', '{{00111}}')");
        store.execute("CREATE SCHEMA reporting");
        store.execute("CREATE TABLE reporting.ledger (id bigint PRIMARY KEY, c0 varchar(3)[],"
                + " c1 varbit(4)[], _lsn pg_lsn, _committed_at timestamptz)");
        Representation text = Representation.DEFAULT.with(Representation.Arrays.TEXT);
        assertThatThrownBy(() -> send(Map.of(), text, 0)).hasMessageContaining("declare it without");
        assertThatThrownBy(() -> send(Map.of(), text, 1)).hasMessageContaining("22001");
    }

    private void expectEqual() {
        List<String> differences = new ArrayList<>();
        for (int i = 0; i < COLUMNS.size(); i++) {
            String same = "SELECT l.c" + i + "::text IS NOT DISTINCT FROM r.c" + i
                    + "::text FROM public.ledger l JOIN reporting.ledger r USING (id)";
            if (!"t".equals(store.value(same))) {
                differences.add(
                        COLUMNS.get(i) + " became " + store.value("SELECT c" + i + "::text FROM reporting.ledger"));
            }
        }
        // A created table knows no lengths of char, and shows none of their padding.
        assertThat(differences).isEmpty();
        assertThat(store.value("SELECT e FROM reporting.ledger")).isEqualTo("fine");
    }

    @ParameterizedTest
    @EnumSource(Representation.Decimals.class)
    void everyDecimalModeIsWritten(Representation.Decimals decimals) throws Exception {
        createLedger();
        store.execute("CREATE SCHEMA reporting");
        store.execute(
                "CREATE TABLE reporting.ledger (LIKE public.ledger INCLUDING ALL, _lsn pg_lsn, _committed_at timestamptz)");
        send(
                Map.of(),
                new Representation(decimals, Representation.Times.CONNECT, Representation.Intervals.NUMERIC),
                3,
                4,
                12,
                16);
        assertThat(store.value("SELECT c4, c12, c16 FROM reporting.ledger"))
                .isEqualTo("9999999999|2026-02-28|1969-12-31 23:59:59.999");
    }

    /** Reads the ledger's row in binary as a source connector does, and sends it through the sink. */
    private void send(Map<String, String> settings, Representation representation, int... only) throws Exception {
        SchemaBuilder schema = SchemaBuilder.struct().name("row").optional();
        schema.field("id", Schema.INT64_SCHEMA);
        List<Object> values = new ArrayList<>();
        try (Connection connection = store.connect()) {
            // The settings of the store are not those of the ledger.
            connection.createStatement().execute("SET quote_all_identifiers = off");
            PgTypeCatalog types = new PgTypeCatalog();
            for (String name : names(only)) {
                try (PreparedStatement query = connection.prepareStatement(
                        "SELECT a.atttypid, a.atttypmod, pg_catalog.format_type(a.atttypid, a.atttypmod) "
                                + "FROM pg_attribute a WHERE attrelid = 'public.ledger'::regclass AND attname = ?")) {
                    query.setString(1, name);
                    ResultSet row = query.executeQuery();
                    row.next();
                    PgType type = types.type(connection, (int) row.getLong(1));
                    TypeCodec codec = TypeCodecs.forColumn(type, row.getInt(2), representation);
                    Schema column = codec.schema()
                            .optional()
                            .parameter("ledger.type", row.getString(3))
                            .build();
                    schema.field(name, column);
                    byte[] binary = binary(connection, name);
                    values.add(binary == null ? null : codec.of(column).read(ByteBuffer.wrap(binary), binary.length));
                }
            }
        }
        Struct row = new Struct(schema.build()).put("id", 1L);
        int i = 0;
        for (String name : names(only)) {
            row.put(name, values.get(i++));
        }
        Topics topics = new Topics();
        new FakeSource(topics, "slot", 0x100, false)
                .transaction(0x200)
                .send("ledger", 0, Operation.CREATE, FakeSource.key(1), null, row, List.of());
        try (RunningSink sink = new RunningSink(store, topics, settings)) {
            sink.drain();
        }
    }

    private static List<String> names(int... only) {
        List<String> names = new ArrayList<>();
        if (only.length == 0) {
            names.add("e");
            for (int i = 0; i < COLUMNS.size(); i++) {
                names.add("c" + i);
            }
        }
        for (int i : only) {
            names.add("c" + i);
        }
        return names;
    }

    /** The column's binary form, cut out of a COPY of one field. */
    private static byte[] binary(Connection connection, String column) throws Exception {
        java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
        connection
                .unwrap(org.postgresql.PGConnection.class)
                .getCopyAPI()
                .copyOut("COPY (SELECT " + column + " FROM public.ledger) TO STDOUT (FORMAT binary)", out);
        ByteBuffer copy = ByteBuffer.wrap(out.toByteArray());
        copy.position(11 + 4 + 4 + 2);
        int length = copy.getInt();
        if (length < 0) {
            return null;
        }
        byte[] binary = new byte[length];
        copy.get(binary);
        return binary;
    }
}
