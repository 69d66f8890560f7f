package io.ledgerconnect.cli.audit;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The key of {@code column.mask.hmac}, in the form that HMAC (RFC 2104) uses it: the server needs no extension then. A
 * session gets it once, as a parameter, so that no statement that reads rows shows it. Its text never has the key.
 */
final class HmacKey {
    private static final String INNER = "ledger_connect.hmac_inner";
    private static final String OUTER = "ledger_connect.hmac_outer";
    /** HMAC-SHA-256 in hexadecimal of the text in the place of {@code %s}. */
    static final String SQL =
            "encode(sha256(" + padded(OUTER) + " || sha256(" + padded(INNER) + " || convert_to(%s, 'UTF8'))), 'hex')";

    private static final int BLOCK = 64;
    private static final byte INNER_PAD = 0x36;
    private static final byte OUTER_PAD = 0x5C;

    private final byte[] block;

    HmacKey(String key) {
        byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
        block = Arrays.copyOf(bytes.length > BLOCK ? sha256(bytes) : bytes, BLOCK);
    }

    private static String padded(String setting) {
        return "(SELECT decode(current_setting('" + setting + "'), 'hex'))";
    }

    /** Makes the session able to compute {@link #SQL}. */
    void give(Connection session) throws SQLException {
        try (PreparedStatement set =
                session.prepareStatement("SELECT set_config(?, ?, false), set_config(?, ?, false)")) {
            set.setString(1, INNER);
            set.setString(2, padded(INNER_PAD));
            set.setString(3, OUTER);
            set.setString(4, padded(OUTER_PAD));
            set.execute();
        }
    }

    private String padded(byte pad) {
        byte[] bytes = block.clone();
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] ^= pad;
        }
        return HexFormat.of().formatHex(bytes);
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
