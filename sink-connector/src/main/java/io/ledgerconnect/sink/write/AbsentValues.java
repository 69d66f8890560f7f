package io.ledgerconnect.sink.write;

import io.ledgerconnect.sink.read.Change;
import java.util.Set;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;

/** Which columns of a row the ledger did not send. */
final class AbsentValues {
    private AbsentValues() {}

    /**
     * Their names as the row has them.
     *
     * @throws ConnectException when the row has no field of such a name: under another one, the placeholder that stands
     *     there would be written as a value
     */
    static Set<String> of(Change change, Struct row) {
        Set<String> absent = change.absentColumns(row);
        for (String column : absent) {
            if (row.schema().field(column) == null) {
                throw new ConnectException(
                        "The record at " + change.place() + " says that the ledger did not send column "
                                + column + " of " + change.channel().table()
                                + ", but its row has no field of that name: a transform renamed or removed it, so it cannot be"
                                + " told which field holds a placeholder instead of a value. Take the transform out and rename"
                                + " the column in a view of the reporting table, leave the column out in the source connector"
                                + " (column.exclude.list), or ALTER TABLE "
                                + change.channel().table()
                                + " REPLICA IDENTITY FULL in the ledger, so that it sends every value");
            }
        }
        return absent;
    }
}
