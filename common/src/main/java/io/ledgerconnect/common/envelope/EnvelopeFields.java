package io.ledgerconnect.common.envelope;

/**
 * The names of an envelope's fields, as users of Debezium know them, and of the headers and schema parameters that this
 * suite adds.
 */
public final class EnvelopeFields {
    public static final String BEFORE = "before";
    public static final String AFTER = "after";
    public static final String SOURCE = "source";
    public static final String OPERATION = "op";
    public static final String TIMESTAMP_MILLIS = "ts_ms";
    public static final String TIMESTAMP_MICROS = "ts_us";
    public static final String TIMESTAMP_NANOS = "ts_ns";
    public static final String TRANSACTION = "transaction";

    /** Ends the name of every envelope's schema. */
    public static final String SCHEMA_SUFFIX = ".Envelope";

    /**
     * Header of an update, or of the create that a change of key becomes, in which the server did not send some
     * unchanged values stored out of line; {@link AbsentColumns} has its form. Their fields in {@code after} hold
     * {@link #UNAVAILABLE} or null, and mean nothing: after an update a consumer leaves these columns as they are,
     * after a create it does not know them.
     */
    public static final String ABSENT_HEADER = "ledger.absent";

    /** What stands in a text field for a value that the server did not send; Debezium's default. */
    public static final String UNAVAILABLE = "__debezium_unavailable_value";

    /** Parameter of a column's schema: the type in the ledger as {@code format_type} prints it. */
    public static final String TYPE_PARAMETER = "ledger.type";

    private EnvelopeFields() {}
}
