package io.ledgerconnect.source.record;

/** What is said where a type is gone that changes still to be captured are of. */
final class DroppedType {
    private DroppedType() {}

    /**
     * @param what was dropped, such as "The type of column"
     * @param column {@code schema.table.column}
     */
    static String sentence(String what, String column) {
        return what + ' ' + column
                + " was dropped before all changes that use it were captured, so they cannot"
                + " be read any more. If the column's values are not needed, leave it out: column.exclude.list="
                + column.replace(".", "\\.") + ". Otherwise begin anew with a fresh snapshot";
    }
}
