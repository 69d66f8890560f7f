package io.ledgerconnect.sink.target;

import io.ledgerconnect.sink.config.TableMode;
import java.util.List;
import java.util.Map;

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

    private static final Map<String, String> TYPES =
            Map.of(LSN, "pg_lsn", ORDINAL, "int8", COMMITTED_AT, "timestamptz", OPERATION, "text");

    /** In the order in which they are written. */
    public static final List<String> ALL = List.of(OPERATION, LSN, ORDINAL, COMMITTED_AT);

    private static final List<String> OF_UPSERTS = List.of(LSN, ORDINAL, COMMITTED_AT);

    private MetaColumns() {}

    /** Those that the sink writes in a table of this mode. */
    static List<String> of(TableMode mode) {
        return mode == TableMode.APPEND ? ALL : OF_UPSERTS;
    }

    /** The type that such a column must have, as {@code pg_type.typname}. */
    public static String type(String name) {
        return TYPES.get(name);
    }
}
