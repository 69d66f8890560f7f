package io.ledgerconnect.cli.connection;

import io.ledgerconnect.cli.CommandException;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * How a worker's REST API is entered. Its text has no secret.
 *
 * @param user for basic authentication
 * @param authorities file of PEM certificates that vouch for the worker
 * @param keystore PKCS#12 file with the client's key and certificate
 */
record RestAccess(
        Optional<String> user,
        Optional<String> password,
        Optional<Path> authorities,
        Optional<Path> keystore,
        Optional<String> keystorePassword) {
    static final RestAccess OPEN =
            new RestAccess(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /** The value of the header Authorization. */
    Optional<String> authorization() {
        return user.map(name -> "Basic "
                + Base64.getEncoder()
                        .encodeToString((name + ':' + password.orElse("")).getBytes(StandardCharsets.UTF_8)));
    }

    void secure(HttpClient.Builder http) {
        if (authorities.isEmpty() && keystore.isEmpty()) {
            return;
        }
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(
                    keystore.isPresent() ? keys(keystore.get()).getKeyManagers() : null,
                    authorities.isPresent() ? trust(authorities.get()).getTrustManagers() : null,
                    null);
            http.sslContext(context);
        } catch (GeneralSecurityException e) {
            throw new CommandException(
                    "This Java cannot speak TLS with what --connect-ca and --connect-keystore give.", e);
        }
    }

    private static TrustManagerFactory trust(Path file) throws GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        try (InputStream in = Files.newInputStream(file)) {
            trusted.load(null, null);
            int number = 0;
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                trusted.setCertificateEntry("ca" + number++, certificate);
            }
        } catch (IOException | GeneralSecurityException e) {
            throw new CommandException("--connect-ca " + file + " cannot be read as certificates in PEM.", e);
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        return factory;
    }

    private KeyManagerFactory keys(Path file) throws GeneralSecurityException {
        char[] secret = keystorePassword.orElse("").toCharArray();
        KeyStore own = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            own.load(in, secret);
        } catch (IOException | GeneralSecurityException e) {
            throw new CommandException(
                    "--connect-keystore " + file + " cannot be read as PKCS#12 with the password in "
                            + RestOptions.KEYSTORE_PASSWORD_VARIABLE + '.',
                    e);
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(own, secret);
        return factory;
    }

    @Override
    public String toString() {
        return "access as " + user.orElse("nobody");
    }
}
