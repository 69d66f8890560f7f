package io.ledgerconnect.sink.target;

import io.ledgerconnect.sink.config.TableMode;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The columns that the sink adds to a reporting table. */
public final class MetaColumns {
    /** Commit position of the change that wrote the row. */
    public static final String LSN = "_lsn";
    /** The change's number among those of its table in the transaction. */
    public static final String ORDINAL = "_ordinal";
    /** When the ledger committed the change that wrote the row. */
    public static final String COMMITTED_AT = "_committed_at";
    /** What happened (r, c, u, d, t); in append tables. */
    public static final String OPERATION = "_op";
    /** Commit position of the change that ended the version, null while it is valid; in history tables. */
    public static final String UNTIL_LSN = "_until_lsn";
    /** The number of that change among those of its table in the transaction. */
    public static final String UNTIL_ORDINAL = "_until_ordinal";
    /** When the ledger committed that change. */
    public static final String UNTIL = "_until";
    /** Whether the version is valid: the server derives it from {@link #UNTIL_LSN}. */
    public static final String CURRENT = "_current";

    /** By name, as {@code pg_type.typname}. */
    private static final Map<String, String> TYPES = Map.of(
            LSN, "pg_lsn",
            ORDINAL, "int8",
            COMMITTED_AT, "timestamptz",
            OPERATION, "text",
            UNTIL_LSN, "pg_lsn",
            UNTIL_ORDINAL, "int8",
            UNTIL, "timestamptz",
            CURRENT, "bool");

    /** Of append tables, in the order in which they are written. */
    public static final List<String> ALL = List.of(OPERATION, LSN, ORDINAL, COMMITTED_AT);

    private static final List<String> OF_UPSERTS = List.of(LSN, ORDINAL, COMMITTED_AT);
    private static final List<String> WRITTEN_IN_HISTORY =
            List.of(LSN, ORDINAL, COMMITTED_AT, UNTIL_LSN, UNTIL_ORDINAL, UNTIL);

    private MetaColumns() {}

    /** Those that a table of this mode may have. */
    static List<String> of(TableMode mode) {
        return switch (mode) {
            case UPSERT -> OF_UPSERTS;
            case APPEND -> ALL;
            case HISTORY ->
                Stream.concat(WRITTEN_IN_HISTORY.stream(), Stream.of(CURRENT)).toList();
        };
    }

    /** Those that a table of this mode must have. */
    static List<String> requiredOf(TableMode mode) {
        return switch (mode) {
            case UPSERT -> List.of(LSN, COMMITTED_AT);
            case APPEND -> ALL;
            case HISTORY -> WRITTEN_IN_HISTORY;
        };
    }

    /** The columns by which the sink finds a row again in a table of this mode, for the ledger's key. */
    static List<String> identity(TableMode mode, List<String> key) {
        return mode == TableMode.HISTORY
                ? Stream.concat(key.stream(), Stream.of(LSN, ORDINAL)).toList()
                : key;
    }

    /** The type that such a column must have, as {@code pg_type.typname}. */
    public static String type(String name) {
        return TYPES.get(name);
    }

    /** The definitions of {@link #of} in a table that the sink creates. */
    static List<String> definitions(TableMode mode) {
        return of(mode).stream().map(MetaColumns::definition).toList();
    }

    /** Its definition in a table that the sink creates. */
    static String definition(String name) {
        String type = name + ' ' + type(name);
        return switch (name) {
            case UNTIL_LSN, UNTIL_ORDINAL, UNTIL -> type;
            case CURRENT -> type + " NOT NULL GENERATED ALWAYS AS (" + UNTIL_LSN + " IS NULL) STORED";
            default -> type + " NOT NULL";
        };
    }
}
