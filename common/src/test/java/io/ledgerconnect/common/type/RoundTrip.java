package io.ledgerconnect.common.type;

import io.ledgerconnect.common.Postgres;
import io.ledgerconnect.common.envelope.EnvelopeFields;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.json.JsonConverter;
import org.postgresql.PGConnection;

/**
 * Carries a table {@code source (id, v)} of a real server to a table {@code target} as the two connectors do: COPY
 * BINARY out, codec, record (and converter), codec of the target's column, COPY BINARY in.
 */
final class RoundTrip implements AutoCloseable {
    /** How a record travels between the connectors. */
    enum Carrier {
        DIRECT,
        JSON,
        JSON_NUMERIC
    }

    /** A column as the catalogue describes it. */
    record Column(PgType type, int modifier, String declaration) {}

    private static final byte[] COPY_HEADER = {
        'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0
    };

    private static final JsonConverter JSON = json("BASE64");
    private static final JsonConverter JSON_NUMERIC = json("NUMERIC");

    private final Connection connection = Postgres.connect();
    private final PgTypeCatalog types = new PgTypeCatalog();
    private final Statement statement = connection.createStatement();

    RoundTrip() throws SQLException {
        execute("SET client_min_messages = warning");
        execute("SET timezone = 'UTC'");
        execute("CREATE EXTENSION IF NOT EXISTS citext");
        execute("CREATE EXTENSION IF NOT EXISTS ltree");
        execute("CREATE TYPE pg_temp.mood AS ENUM ('sad', 'so, so', 'great \"1\"')");
        execute("CREATE DOMAIN pg_temp.amount AS numeric(12,2)");
        execute("CREATE DOMAIN pg_temp.positive_amount AS pg_temp.amount CHECK (VALUE > 0)");
        execute("CREATE DOMAIN pg_temp.moods AS pg_temp.mood[]");
        execute("CREATE DOMAIN pg_temp.amounts AS numeric(12,2)[]");
        execute("CREATE TYPE pg_temp.purse AS (amount numeric(12,2), mood pg_temp.mood)");
        execute("CREATE TYPE pg_temp.trip AS (purse pg_temp.purse, stops int[], \"from\" text, note text, day date)");
        execute("CREATE TYPE pg_temp.wordrange AS RANGE (subtype = text)");
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }

    void execute(String sql) throws SQLException {
        statement.execute(sql);
    }

    /** The server's major version. */
    int version() throws SQLException {
        return Integer.parseInt(value("SHOW server_version_num")) / 10_000;
    }

    String value(String sql) throws SQLException {
        try (ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? row.getString(1) : null;
        }
    }

    void createSource(String type, List<String> values) throws SQLException {
        execute("DROP TABLE IF EXISTS pg_temp.source");
        execute("CREATE TEMP TABLE source (id int GENERATED ALWAYS AS IDENTITY, v " + type + ")");
        StringJoiner rows = new StringJoiner(",");
        for (String value : values) {
            rows.add(value == null ? "(NULL)" : "('" + value.replace("'", "''") + "')");
        }
        execute("INSERT INTO pg_temp.source (v) VALUES " + rows);
    }

    /** Makes the source's column an array of what it was: all its values, each alone, none, null, and nulls. */
    void gatherSourceIntoArrays(String type) throws SQLException {
        execute("CREATE TEMP TABLE arrays (id int GENERATED ALWAYS AS IDENTITY, v " + type + "[])");
        execute("INSERT INTO pg_temp.arrays (v) SELECT array_agg(v ORDER BY id) FROM pg_temp.source");
        execute("INSERT INTO pg_temp.arrays (v) SELECT ARRAY[v] FROM pg_temp.source ORDER BY id");
        execute("INSERT INTO pg_temp.arrays (v) VALUES ('{}'), (NULL), (ARRAY[NULL, NULL]::" + type + "[])");
        execute("DROP TABLE pg_temp.source");
        execute("ALTER TABLE pg_temp.arrays RENAME TO source");
    }

    Column column(String table) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT atttypid, atttypmod, format_type(atttypid, atttypmod)"
                + " FROM pg_attribute WHERE attrelid = 'pg_temp." + table + "'::regclass AND attname = 'v'")) {
            row.next();
            int oid = (int) row.getLong(1);
            int modifier = row.getInt(2);
            String declaration = row.getString(3);
            return new Column(types.type(connection, oid), modifier, declaration);
        }
    }

    /** The schema that the source connector gives to the column. */
    static Schema schema(Column column, TypeCodec codec) {
        return codec.schema()
                .parameter(EnvelopeFields.TYPE_PARAMETER, column.declaration())
                .optional()
                .build();
    }

    /** Carries the source's rows into a new target, whose column has the default type for the schema. */
    void carry(Representation representation, Carrier carrier) throws Exception {
        Column source = column("source");
        TypeCodec codec = TypeCodecs.forColumn(source.type(), source.modifier(), representation);
        Schema schema = schema(source, codec);
        TypeCodec reader = codec.of(schema);
        List<SchemaAndValue> records = new ArrayList<>();
        for (byte[] value : copyOut()) {
            records.add(transport(schema, value == null ? null : read(reader, value), carrier));
        }
        execute("DROP TABLE IF EXISTS pg_temp.target");
        execute("CREATE TEMP TABLE target (id int GENERATED ALWAYS AS IDENTITY, v " + DefaultColumnTypes.sqlType(schema)
                + ")");
        Column target = column("target");
        int version = version();
        boolean asText = TypeCodecs.forTarget(target.type(), target.modifier(), schema, version)
                .writesText();
        execute("DROP TABLE IF EXISTS pg_temp.stage");
        execute("CREATE TEMP TABLE stage (id int GENERATED ALWAYS AS IDENTITY, v "
                + (asText ? schema.type() == Schema.Type.ARRAY ? "text[]" : "text" : target.declaration()) + ")");
        BinaryWriter out = new BinaryWriter(16);
        out.putBytes(COPY_HEADER);
        for (SchemaAndValue value : records) {
            // As in the sink, the codec follows the schema of the record.
            write(TypeCodecs.forTarget(target.type(), target.modifier(), value.schema(), version), value.value(), out);
        }
        out.putShort(-1);
        copyIn(out);
        execute("INSERT INTO pg_temp.target (v) SELECT v::" + target.declaration() + " FROM pg_temp.stage ORDER BY id");
    }

    /** The texts of the source's rows as the record has them, where the codec makes text, else null. */
    List<Object> recordTexts() throws Exception {
        Column source = column("source");
        TypeCodec codec = TypeCodecs.forColumn(
                source.type(), source.modifier(), Representation.DEFAULT.with(Representation.Arrays.TEXT));
        if (!(codec instanceof TextFormCodec)) {
            return null;
        }
        List<Object> texts = new ArrayList<>();
        for (byte[] value : copyOut()) {
            texts.add(value == null ? null : read(codec, value));
        }
        return texts;
    }

    List<Object> serverTexts() throws SQLException {
        List<Object> texts = new ArrayList<>();
        try (ResultSet row = statement.executeQuery(
                "SELECT CASE WHEN v IS DISTINCT FROM NULL THEN format('%s', v) END FROM pg_temp.source ORDER BY id")) {
            while (row.next()) {
                texts.add(row.getString(1));
            }
        }
        return texts;
    }

    static Object read(TypeCodec codec, byte[] bytes) {
        // Amid other bytes, as in a message.
        ByteBuffer in =
                ByteBuffer.allocate(bytes.length + 7).position(3).put(bytes).position(3);
        Object value = codec.read(in, bytes.length);
        if (in.position() != bytes.length + 3) {
            throw new IllegalStateException("read to " + in.position() + " of " + (bytes.length + 3));
        }
        return value;
    }

    private static void write(TypeCodec codec, Object value, BinaryWriter out) {
        out.putShort(1);
        if (value == null) {
            out.putNullField();
        } else {
            int field = out.beginField();
            codec.write(value, out);
            out.endField(field);
        }
    }

    private static SchemaAndValue transport(Schema schema, Object value, Carrier carrier) {
        Schema row = SchemaBuilder.struct().field("v", schema).build();
        Struct struct = new Struct(row).put("v", value);
        struct.validate();
        if (carrier == Carrier.DIRECT) {
            return new SchemaAndValue(schema, value);
        }
        JsonConverter converter = carrier == Carrier.JSON ? JSON : JSON_NUMERIC;
        Struct carried = (Struct) converter
                .toConnectData("t", converter.fromConnectData("t", row, struct))
                .value();
        return new SchemaAndValue(carried.schema().field("v").schema(), carried.get("v"));
    }

    private static JsonConverter json(String decimalFormat) {
        JsonConverter converter = new JsonConverter();
        converter.configure(Map.of("schemas.enable", true, "decimal.format", decimalFormat), false);
        return converter;
    }

    private List<byte[]> copyOut() throws SQLException, IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyOut("COPY (SELECT v FROM pg_temp.source ORDER BY id) TO STDOUT (FORMAT binary)", bytes);
        ByteBuffer in = ByteBuffer.wrap(bytes.toByteArray()).position(COPY_HEADER.length);
        List<byte[]> values = new ArrayList<>();
        while (in.getShort() == 1) {
            int length = in.getInt();
            byte[] value = length < 0 ? null : new byte[length];
            if (value != null) {
                in.get(value);
            }
            values.add(value);
        }
        return values;
    }

    private void copyIn(BinaryWriter out) throws SQLException, IOException {
        connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyIn(
                        "COPY pg_temp.stage (v) FROM STDIN (FORMAT binary)",
                        new ByteArrayInputStream(out.array(), 0, out.size()));
    }

    /** Rows of which the texts differ, at most a few, shortened; empty when the tables are equal. */
    String difference(String expected) throws SQLException {
        String source = "SELECT id, (" + expected + ")::text FROM pg_temp.source";
        String target = "SELECT id, v::text FROM pg_temp.target";
        return value(
                "SELECT coalesce(string_agg(side || id || '=' || coalesce(left(v, 80), 'null'), ' ; ' ORDER BY id, side), '')"
                        + " FROM (SELECT 'expected ' AS side, * FROM (" + source + " EXCEPT " + target + ") s(id, v)"
                        + " UNION ALL SELECT 'arrived ', * FROM (" + target + " EXCEPT " + source + ") t(id, v)) d");
    }
}
