package io.ledgerconnect.sink.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.ledgerconnect.sink.config.SinkConfig.ConnectionSettings;
import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.PGConnection;

/**
 * One task's way to the reporting store: a pool of one connection, which checks, retires and replaces it. Not
 * thread-safe, like the task.
 */
public final class Database implements AutoCloseable {
    /** Connect's consumer is thrown out of its group after 300 s without a poll; every wait below ends before. */
    private static final int STATEMENT_TIMEOUT_SECONDS = 240;

    private static final int SOCKET_TIMEOUT_SECONDS = 270;
    /** A task that holds an applied position longer than this is stuck; waiting on is for the retry to log. */
    private static final int LOCK_TIMEOUT_SECONDS = 30;
    /** A frozen worker's transaction must not keep its successor out for longer. */
    private static final int IDLE_IN_TRANSACTION_TIMEOUT_SECONDS = 60;

    private static final int CONNECT_TIMEOUT_SECONDS = 10;

    /**
     * What the role or the database may have set otherwise, and by which the server would read a value as another: NULL
     * in the text of an array as the word, a piece of XML not at all, the point in the text of an amount of money as a
     * divider of thousands. Nothing else needs to be set: values go in binary, or as texts that every setting reads
     * alike; statements have no literals with backslashes; the driver sets the date style, the encoding and the digits
     * of floats, and the pool the isolation.
     */
    private static final String READING_OF_VALUES =
            "SET array_nulls = on; SET xmloption = content; SET lc_monetary = 'C'";

    /**
     * Rows are looked up by their keys, each time in pages that the last batch has read as well. With the server's
     * default, which is made for disks, it reads all of a small dimension and sorts it for every row instead of using
     * its index.
     */
    private static final String COST_OF_LOOKING_UP = "SET random_page_cost = 1.1";

    private final HikariDataSource pool;
    private Session session;

    public Database(ConnectionSettings settings, String applicationName) {
        pool = new HikariDataSource(pool(settings, applicationName));
    }

    private static HikariConfig pool(ConnectionSettings settings, String applicationName) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(applicationName);
        config.setDriverClassName("org.postgresql.Driver");
        config.setJdbcUrl(settings.url());
        config.setUsername(settings.user());
        config.setPassword(settings.password());
        config.setMaximumPoolSize(1);
        config.setAutoCommit(false);
        config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
        // The task starts without the database and waits for it.
        config.setInitializationFailTimeout(-1);
        config.setConnectionTimeout(CONNECT_TIMEOUT_SECONDS * 1000L);
        config.setConnectionInitSql("SET lock_timeout = '" + LOCK_TIMEOUT_SECONDS + "s'; SET statement_timeout = '"
                + STATEMENT_TIMEOUT_SECONDS + "s'; SET idle_in_transaction_session_timeout = '"
                + IDLE_IN_TRANSACTION_TIMEOUT_SECONDS + "s'; " + READING_OF_VALUES + "; " + COST_OF_LOOKING_UP);
        // Parameters of the URL win over these.
        config.addDataSourceProperty("ApplicationName", applicationName);
        config.addDataSourceProperty("tcpKeepAlive", "true");
        config.addDataSourceProperty("connectTimeout", String.valueOf(CONNECT_TIMEOUT_SECONDS));
        config.addDataSourceProperty("socketTimeout", String.valueOf(SOCKET_TIMEOUT_SECONDS));
        // DETAIL of a refused row contains its values, which belong in no log.
        config.addDataSourceProperty("logServerErrorDetail", "false");
        return config;
    }

    /**
     * Begins a transaction.
     *
     * @throws SQLException when the reporting store cannot be reached within 10 s
     */
    public Transaction begin() throws SQLException {
        Connection connection = pool.getConnection();
        try {
            return new Transaction(connection, sessionOf(connection.unwrap(PGConnection.class)));
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    private Session sessionOf(PGConnection raw) {
        if (session == null || session.raw() != raw) {
            session = new Session(raw);
        }
        return session;
    }

    /** Gives up the present connection: after a failover it may lead to a server that is read-only now. */
    public void evict() {
        pool.getHikariPoolMXBean().softEvictConnections();
    }

    @Override
    public void close() {
        pool.close();
    }
}
