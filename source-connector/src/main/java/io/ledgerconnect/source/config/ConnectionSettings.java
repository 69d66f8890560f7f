package io.ledgerconnect.source.config;

import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.config.types.Password;
import org.postgresql.PGProperty;

/**
 * Where the ledger is and how to log on.
 *
 * @param driver further connection properties of the driver by name, such as {@code sslmode}
 */
public record ConnectionSettings(
        String hostname, int port, String database, String user, Password password, Map<String, String> driver) {

    /** The driver's address; several hosts may stand in {@code hostname}, divided by commas. */
    String hosts() {
        StringBuilder hosts = new StringBuilder();
        for (String host : hostname.split(",")) {
            hosts.append(hosts.isEmpty() ? "" : ",").append(host.trim());
            if (!host.contains(":")) {
                hosts.append(':').append(port);
            }
        }
        return hosts.toString();
    }

    public String url() {
        return "jdbc:postgresql://" + hosts() + "/"
                + java.net.URLEncoder.encode(database, java.nio.charset.StandardCharsets.UTF_8);
    }

    public Properties driverProperties() {
        Properties properties = new Properties();
        properties.putAll(driver);
        PGProperty.USER.set(properties, user);
        if (password != null) {
            PGProperty.PASSWORD.set(properties, password.value());
        }
        PGProperty.TARGET_SERVER_TYPE.set(properties, "primary");
        return properties;
    }

    public boolean hasPassword() {
        return password != null && !password.value().isEmpty();
    }

    /** For messages: no credentials. */
    public String describe() {
        return "database '" + database + "' at " + hosts();
    }
}
