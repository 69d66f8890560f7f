package io.ledgerconnect.common.envelope;

/** What happened to a row; the codes are those of the envelope's field {@code op}. */
public enum Operation {
    READ("r"),
    CREATE("c"),
    UPDATE("u"),
    DELETE("d"),
    TRUNCATE("t"),
    /** A logical message, which is of no table. */
    MESSAGE("m");

    private final String code;

    Operation(String code) {
        this.code = code;
    }

    public String code() {
        return code;
    }

    /**
     * The operation with this code.
     *
     * @throws IllegalArgumentException when there is none
     */
    public static Operation of(String code) {
        for (Operation operation : values()) {
            if (operation.code.equals(code)) {
                return operation;
            }
        }
        throw new IllegalArgumentException("'" + code + "' is not an operation (r, c, u, d, t, m)");
    }
}
