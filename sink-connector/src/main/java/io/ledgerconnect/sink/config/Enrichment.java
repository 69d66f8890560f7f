package io.ledgerconnect.sink.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The columns that rows of a reporting table get of one dimension table.
 *
 * @param name what the settings call it
 * @param dimension the dimension table as it is set: without a schema it is in that of the enriched table
 * @param on the columns that are compared, of which one row of the dimension is found
 * @param columns what is taken of it
 * @param missing what was set; empty for what suits the dimension
 * @param waiting how rows wait, where {@code missing} says that they do
 * @param defaults values by column of the enriched table, where the dimension has no row
 */
public record Enrichment(
        String name,
        String dimension,
        List<JoinColumn> on,
        AsOf asOf,
        List<EnrichedColumn> columns,
        Optional<Missing> missing,
        Waiting waiting,
        Map<String, String> defaults) {

    /** A column of the row that equals one of the dimension. */
    public record JoinColumn(String ofRow, String ofDimension) {}

    /** A column of the dimension, and what it is called in the enriched table. */
    public record EnrichedColumn(String ofDimension, String name) {}

    /** As of when the dimension is looked at. */
    public sealed interface AsOf {
        /** As of the end of the transaction that changed the row; the dimension is a history table. */
        record Position() implements AsOf {}

        /** As it is when the row is written. */
        record Current() implements AsOf {}

        /**
         * As of a time that the row has.
         *
         * @param from column of the dimension since when its row is valid
         * @param until until when, exclusive; null there means for good
         */
        record Time(String ofRow, String from, String until) implements AsOf {}
    }

    /** What is done about a dimension row that is not there, or not right yet, when a row is written. */
    public enum Missing {
        /** The row keeps what was found. */
        NULL,
        /** Who writes the dimension afterwards corrects the row. */
        REPAIR,
        /** The row waits until the dimension is applied through the row's position. */
        WAIT,
        /** The row is refused. */
        QUARANTINE
    }

    /**
     * How rows wait for the dimension.
     *
     * @param most for how long, while the dimension stands still
     * @param then what is done about a row that is not there even so, or after that time
     */
    public record Waiting(Duration most, Missing then) {}

    public boolean waits() {
        return missing.equals(Optional.of(Missing.WAIT));
    }

    /** What was set to be done when a row is written for which the dimension has none; empty for what suits it. */
    public Optional<Missing> whenNotThere() {
        return waits() ? Optional.of(waiting.then()) : missing;
    }

    public TableName dimensionOf(TableName enriched) {
        return TableName.parse(dimension, enriched.schema());
    }
}
