package io.ledgerconnect.sink.database;

import java.sql.PreparedStatement;
import java.sql.SQLException;

/**
 * Advisory locks, held until the transaction ends.
 *
 * <p>Order, so that tasks do not deadlock: a pipeline's lock, then rows of {@code applied} by key, then enriched tables
 * by name, then the schema's.
 */
public final class AdvisoryLocks {
    /** The first key of this suite's advisory locks: "LC" and a number for what is locked. */
    private static final int SCHEMA = 0x4C43_0001;

    private static final int PIPELINE = 0x4C43_0002;

    private static final int ENRICHED = 0x4C43_0003;

    private AdvisoryLocks() {}

    /** For creating and altering tables. */
    public static void schema(Transaction transaction) throws SQLException {
        lock(transaction, "SELECT pg_catalog.pg_advisory_xact_lock(?, pg_catalog.hashtext(?))", SCHEMA, "");
    }

    /** For deciding about a pipeline's streams. */
    public static void pipeline(Transaction transaction, String pipeline) throws SQLException {
        lock(transaction, "SELECT pg_catalog.pg_advisory_xact_lock(?, pg_catalog.hashtext(?))", PIPELINE, pipeline);
    }

    /** For meeting a channel for the first time, which must not happen while streams are decided about. */
    public static void pipelineShared(Transaction transaction, String pipeline) throws SQLException {
        lock(
                transaction,
                "SELECT pg_catalog.pg_advisory_xact_lock_shared(?, pg_catalog.hashtext(?))",
                PIPELINE,
                pipeline);
    }

    /** For writing a dimension of an enriched table, whose rows are corrected then. */
    public static void enriched(Transaction transaction, String table) throws SQLException {
        lock(transaction, "SELECT pg_catalog.pg_advisory_xact_lock(?, pg_catalog.hashtext(?))", ENRICHED, table);
    }

    /** For writing an enriched table. */
    public static void enrichedShared(Transaction transaction, String table) throws SQLException {
        lock(transaction, "SELECT pg_catalog.pg_advisory_xact_lock_shared(?, pg_catalog.hashtext(?))", ENRICHED, table);
    }

    private static void lock(Transaction transaction, String sql, int kind, String name) throws SQLException {
        try (PreparedStatement statement = transaction.prepare(sql)) {
            statement.setInt(1, kind);
            statement.setString(2, name);
            statement.execute();
        }
    }
}
