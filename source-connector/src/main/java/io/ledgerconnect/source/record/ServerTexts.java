package io.ledgerconnect.source.record;

import io.ledgerconnect.common.type.TypesByOid;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.postgresql.core.BaseConnection;
import org.postgresql.util.PGBinaryObject;
import org.postgresql.util.PGobject;

/**
 * Asks the server for the text of values whose binary form is not known here: a value that it sent, in the type's
 * binary form, cast to text. One round trip a value, but for those that were asked for lately. Used by one thread only.
 */
final class ServerTexts {
    private static final int MOST_KEPT = 1024;
    private static final int LARGEST_KEPT = 256;

    private static final String TYPE_NAME = """
            SELECT pg_catalog.format('%I.%I', n.nspname, t.typname)
            FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace WHERE t.oid = ?""";

    private final Connection connection;
    private final Map<Integer, String> names = new LinkedHashMap<>();
    private final Map<Value, byte[]> lately = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Value, byte[]> eldest) {
            return size() > MOST_KEPT;
        }
    };

    /** The bytes of a value of a type. */
    private record Value(int type, ByteBuffer bytes) {}

    ServerTexts(Connection connection) {
        this.connection = connection;
    }

    /**
     * The value's text, in UTF-8.
     *
     * @param in at the value
     * @throws SQLException when the server does not answer, or has no such type any more
     */
    byte[] text(int type, ByteBuffer in, int length) throws SQLException {
        byte[] bytes = new byte[length];
        in.get(bytes);
        if (length > LARGEST_KEPT) {
            return ask(type, bytes);
        }
        Value value = new Value(type, ByteBuffer.wrap(bytes));
        byte[] known = lately.get(value);
        if (known == null) {
            known = ask(type, bytes);
            lately.put(value, known);
        }
        return known;
    }

    private byte[] ask(int type, byte[] bytes) throws SQLException {
        String name = name(type);
        try (PreparedStatement query = connection.prepareStatement("SELECT (?)::pg_catalog.text")) {
            query.setObject(1, new Binary(name, bytes));
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return row.getString(1).getBytes(StandardCharsets.UTF_8);
            }
        }
    }

    private String name(int type) throws SQLException {
        String known = names.get(type);
        if (known != null) {
            return known;
        }
        try (PreparedStatement query = connection.prepareStatement(TYPE_NAME)) {
            query.setLong(1, Integer.toUnsignedLong(type));
            try (ResultSet row = query.executeQuery()) {
                if (!row.next()) {
                    throw TypesByOid.undefined(type);
                }
                connection.unwrap(BaseConnection.class).getQueryExecutor().addBinarySendOid(type);
                names.put(type, row.getString(1));
                return row.getString(1);
            }
        }
    }

    /** A parameter in its type's binary form. */
    private static final class Binary extends PGobject implements PGBinaryObject {
        private static final long serialVersionUID = 1L;

        private final byte[] bytes;

        Binary(String typeName, byte[] bytes) {
            setType(typeName);
            this.bytes = bytes;
        }

        @Override
        public void setByteValue(byte[] value, int offset) {
            throw new UnsupportedOperationException("a parameter only");
        }

        @Override
        public int lengthInBytes() {
            return bytes.length;
        }

        @Override
        public void toBytes(byte[] target, int offset) {
            System.arraycopy(bytes, 0, target, offset, bytes.length);
        }
    }
}
