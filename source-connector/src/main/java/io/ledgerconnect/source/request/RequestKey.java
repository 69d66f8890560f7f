package io.ledgerconnect.source.request;

import io.ledgerconnect.source.config.SourceConfig;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.kafka.common.config.types.Password;

/**
 * Tells the messages of this suite's captures from those that others write: anyone who may log in to a database may
 * write logical messages, and the rows in these go into the topics. HMAC-SHA-256 (RFC 2104) over what they are for and
 * what they say, keyed by a secret that the captures of a ledger share. Not thread-safe.
 */
public final class RequestKey {
    /** Bytes of a signature. */
    static final int LENGTH = 32;

    private static final String ALGORITHM = "HmacSHA256";

    private final Mac mac;
    private final byte[] scope;

    private RequestKey(Mac mac, byte[] scope) {
        this.mac = mac;
        this.scope = scope;
    }

    /**
     * The key of a capture; empty where it has no secret.
     *
     * @param source the ledger, as {@link io.ledgerconnect.common.position.SourceId} tells it
     */
    public static Optional<RequestKey> of(SourceConfig config, String source) {
        Password secret = config.requestKey();
        if (secret == null || secret.value().isEmpty()) {
            return Optional.empty();
        }
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret.value().getBytes(StandardCharsets.UTF_8), ALGORITHM));
            String scope = "snapshot request\n" + source + '\n' + config.publicationName() + '\n';
            return Optional.of(new RequestKey(mac, scope.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java has " + ALGORITHM, e);
        }
    }

    byte[] sign(byte[] content) {
        mac.update(scope);
        return mac.doFinal(content);
    }

    /** Whether a message, which begins with its signature, was signed with this key. */
    boolean hasSigned(byte[] message) {
        return message.length >= LENGTH
                && MessageDigest.isEqual(
                        Arrays.copyOf(message, LENGTH), sign(Arrays.copyOfRange(message, LENGTH, message.length)));
    }
}
