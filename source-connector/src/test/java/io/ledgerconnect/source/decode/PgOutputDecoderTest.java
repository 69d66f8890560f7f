package io.ledgerconnect.source.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Messages byte by byte, as "Logical Replication Message Formats" in PostgreSQL's documentation lays them out. */
class PgOutputDecoderTest {
    private static final String OID = "0000407a ";

    /** Writes down what it hears. */
    private static final class Notes implements PgOutputDecoder.Listener {
        final List<String> heard = new ArrayList<>();

        @Override
        public void begin(long commitLsn, long committedAtMicros, int transactionId) {
            heard.add("begin " + Long.toHexString(commitLsn) + ' ' + committedAtMicros + ' ' + transactionId);
        }

        @Override
        public void relation(Relation relation) {
            heard.add(relation.toString());
        }

        @Override
        public void insert(int relationOid, Tuple row) {
            heard.add("insert " + relationOid + ' ' + text(row));
        }

        @Override
        public void update(int relationOid, Tuple oldRow, boolean identityOnly, Tuple newRow) {
            String old = oldRow == null ? "" : (identityOnly ? "key " : "old ") + text(oldRow) + ' ';
            heard.add("update " + relationOid + ' ' + old + text(newRow));
        }

        @Override
        public void delete(int relationOid, Tuple oldRow, boolean identityOnly) {
            heard.add("delete " + relationOid + ' ' + (identityOnly ? "key " : "old ") + text(oldRow));
        }

        @Override
        public void truncate(int[] relationOids) {
            heard.add("truncate " + Arrays.toString(relationOids));
        }

        @Override
        public void message(LogicalMessage message) {
            heard.add("message " + Long.toHexString(message.lsn()) + ' ' + message.prefix() + ' ' + message.text());
        }

        @Override
        public void commit(long commitLsn, long endLsn) {
            heard.add("commit " + Long.toHexString(commitLsn) + ' ' + Long.toHexString(endLsn));
        }

        private static String text(Tuple row) {
            List<String> columns = new ArrayList<>();
            for (int i = 0; i < row.columns(); i++) {
                byte[] bytes = new byte[row.length(i)];
                row.at(i).get(bytes);
                columns.add((char) row.kind(i) + new String(bytes, StandardCharsets.UTF_8));
            }
            return columns.toString();
        }
    }

    static Stream<Arguments> messages() {
        return Stream.of(
                Arguments.of("42 00000001deadbeef 0000000000000001 00000abc", "begin 1deadbeef 946684800000001 2748"),
                Arguments.of("43 00 00000001deadbeef 00000001deadbeff 0000000000000001", "commit 1deadbeef 1deadbeff"),
                Arguments.of(
                        "52" + OID + "7000 7400 64 0002 01 696400 00000014 ffffffff 00 6e00 000006a4 00140006",
                        "Relation[oid=16506, schema=p, table=t, replicaIdentity=d, columns=[Column[identity=true, name=id,"
                                + " typeOid=20, typeModifier=-1], Column[identity=false, name=n, typeOid=1700,"
                                + " typeModifier=1310726]]]"),
                Arguments.of(
                        "52" + OID + "00 7400 66 0000",
                        "Relation[oid=16506, schema=pg_catalog, table=t, replicaIdentity=f, columns=[]]"),
                Arguments.of("49" + OID + "4e 0004 62 00000002 6869 6e 75 74 00000000", "insert 16506 [bhi, n, u, t]"),
                Arguments.of("55" + OID + "4e 0001 62 00000001 61", "update 16506 [ba]"),
                Arguments.of(
                        "55" + OID + "4b 0002 62 00000001 61 6e 4e 0002 62 00000001 62 75",
                        "update 16506 key [ba, n] [bb, u]"),
                Arguments.of(
                        "55" + OID + "4f 0001 62 00000001 61 4e 0001 62 00000001 62", "update 16506 old [ba] [bb]"),
                Arguments.of("4d 01 00000001deadbeef 757365 00 00000002 6869", "message 1deadbeef use hi"),
                Arguments.of("44" + OID + "4b 0001 62 00000001 61", "delete 16506 key [ba]"),
                Arguments.of("44" + OID + "4f 0001 62 00000001 61", "delete 16506 old [ba]"),
                Arguments.of("54 00000002 03 0000407a 0000407b", "truncate [16506, 16507]"));
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    /** As the driver gives it: the message somewhere within a larger array. */
    private static ByteBuffer within(byte[] message) {
        byte[] larger = new byte[message.length + 7];
        System.arraycopy(message, 0, larger, 5, message.length);
        return ByteBuffer.wrap(larger, 5, message.length);
    }

    @ParameterizedTest
    @MethodSource("messages")
    void readsEveryMessage(String hex, String meaning) {
        Notes notes = new Notes();
        new PgOutputDecoder(notes).decode(within(bytes(hex)));
        assertThat(notes.heard).containsExactly(meaning);
    }

    @ParameterizedTest
    @MethodSource("messages")
    void refusesEveryMessageThatIsCutOff(String hex, String meaning) {
        byte[] whole = bytes(hex);
        // A commit's last field, its time, is not read: BEGIN had it.
        int needed = meaning.startsWith("commit") ? whole.length - 8 : whole.length;
        for (int length = 0; length < needed; length++) {
            Notes notes = new Notes();
            ByteBuffer cut = within(Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> new PgOutputDecoder(notes).decode(cut))
                    .isInstanceOf(PgOutputDecoder.MalformedMessageException.class);
            assertThat(notes.heard).isEmpty();
        }
    }

    @Test
    void passesOverOriginsAndTypes() {
        Notes notes = new Notes();
        new PgOutputDecoder(notes).decode(within(bytes("4f 0000000000000001 6f00")));
        new PgOutputDecoder(notes).decode(within(bytes("59 0000407a 7000 7400")));
        assertThat(notes.heard).isEmpty();
    }

    @Test
    void refusesMessagesItDoesNotKnow() {
        assertThatThrownBy(() -> new PgOutputDecoder(new Notes()).decode(within(bytes("53 00000001"))))
                .isInstanceOf(PgOutputDecoder.MalformedMessageException.class)
                .hasMessageContaining("unknown type 83");
    }

    @Test
    void readsRowsOfMoreColumnsThanBefore() {
        StringBuilder wide = new StringBuilder("49" + OID + "4e 0064");
        for (int i = 0; i < 100; i++) {
            wide.append(String.format("62 00000001 %02x", 0x30 + i % 10));
        }
        Notes notes = new Notes();
        PgOutputDecoder decoder = new PgOutputDecoder(notes);
        decoder.decode(within(bytes("49" + OID + "4e 0001 6e")));
        decoder.decode(within(bytes(wide.toString())));
        decoder.decode(within(bytes("49" + OID + "4e 0001 75")));
        assertThat(notes.heard.get(1)).startsWith("insert 16506 [b0, b1,").endsWith("b9]");
        assertThat(notes.heard.get(2)).isEqualTo("insert 16506 [u]");
    }
}
