package io.ledgerconnect.integration.migration;

import static io.ledgerconnect.integration.migration.KnownDifference.of;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * All differences between both connectors' records, once: the comparison and the documentation are held against them.
 */
final class KnownDifferences {
    /** Every column has it, so it is the one difference that is not declared place by place. */
    private static final String TYPE_PARAMETER = "parameter ledger.type";

    private static final String LEFT_OUT = "left out of the record";
    private static final String SERVERS_TEXT = "the text that the server would write";
    private static final String NOTHING_LOST = "Nothing is left out without a word.";

    static final List<KnownDifference> ALL = List.of(
            of(
                    "schema of every column",
                    "–",
                    "parameter `ledger.type`, the declared type",
                    "The sink creates columns as the ledger has them."),
            of(
                    "`source.sequence`, `xmin`, `origin`, `origin_lsn`",
                    "fields, mostly null but for `sequence`",
                    "not there",
                    "The header `ledger.position` orders changes.",
                    "source.sequence: presence",
                    "source.xmin: presence",
                    "source.origin: presence",
                    "source.origin_lsn: presence"),
            of(
                            "`source.snapshot` in a snapshot",
                            "`first`, `true`, `last` and more",
                            "`true`",
                            "Several threads read, so no row is known to be the first or last. The watermark tells when the snapshot is over.",
                            "source.snapshot: value")
                    .exceptUnder(Variant.FEWER),
            of(
                            "`transaction.id`",
                            "transaction, and an LSN as a decimal number",
                            "transaction, and the LSN of its commit as PostgreSQL writes it",
                            "It can be compared with what the server shows.",
                            "transaction.id: value",
                            "transactions.id: key value, value")
                    .under(Variant.TEXT),
            of(
                            "logical messages in `provide.transaction.metadata`",
                            "are events of their transaction, under the address of an object; a transaction without events has BEGIN and END too",
                            "are not: rows are",
                            "The numbers are those of the rows that a reporting store gets.",
                            "transaction: value",
                            "transaction.total_order: value",
                            "transactions: records",
                            "transactions.event_count: value",
                            "transactions.data_collections: value")
                    .under(Variant.TEXT),
            of(
                    "columns that are NOT NULL, outside the key",
                    "required; where the server sends no value (`before` of a delete) an empty text or 0",
                    "optional; null",
                    "A value that is not there is not made up.",
                    "accounts.owner: optional, value before",
                    "index_identity.id: optional, value before",
                    "generated.counted: optional"),
            of(
                    "columns with a DEFAULT",
                    "the schema has the default, and the JSON converter writes it in the place of null",
                    "no default; null stays null",
                    "With the default, a balance that is null would arrive as another one.",
                    "accounts.balance: default, value, value before"),
            of(
                            "key under REPLICA IDENTITY USING INDEX",
                            "the primary key, which is 0 or empty in deletes: the server does not send it",
                            "the columns of the index",
                            "A delete must have the key of its row.",
                            "index_identity: records",
                            "index_identity.code: key presence",
                            "index_identity.id: key presence")
                    .exceptUnder(Variant.COLUMNS),
            of(
                    "snapshot of a table that others inherit from",
                    "the rows of its children as well, which come once more in their own topics",
                    "its own rows",
                    "Every row once.",
                    "parent: records"),
            of(
                    "generated columns that the server does not publish",
                    "in snapshots, and nowhere else",
                    "left out",
                    "One schema for all rows. PostgreSQL 18 can publish them.",
                    "generated.twice: presence"),
            of(
                    "snapshot of a partitioned table that is published through its root",
                    "each partition once more, in a topic of its own",
                    "through the root only",
                    "Every row once.",
                    "parted_2025: records",
                    "parted_2026: records"),
            of(
                            "`numeric` without a scale, `precise`",
                            "zeros at the end removed: 1.50 has scale 1",
                            "as stored: 1.50 has scale 2",
                            "PostgreSQL keeps and shows them.",
                            "numbers.c_numeric_zeros: value",
                            "arrays.c_numerics_zeros: value")
                    .under(Variant.PRECISE, Variant.MICROSECONDS),
            of(
                            "`numeric` with a negative scale, `precise`",
                            "scale 2046 and two thousand zeros for -2",
                            "scale -2",
                            "It is the declared one.",
                            "numbers.c_numeric_5_minus_2: parameter scale, value")
                    .under(Variant.PRECISE, Variant.MICROSECONDS),
            of(
                            "`numeric` with a negative scale, `string`",
                            "two thousand zeros after the point",
                            "none",
                            "The server shows none.",
                            "numbers.c_numeric_5_minus_2: value")
                    .under(Variant.TEXT),
            of(
                            "`numeric` NaN and infinities, `string`",
                            "`NAN`, `POSITIVE_INFINITY`, `NEGATIVE_INFINITY`",
                            "`NaN`, `Infinity`, `-Infinity`",
                            "PostgreSQL reads them back.",
                            "specials.c_numeric: value",
                            "specials.c_numeric_10_2: value")
                    .under(Variant.TEXT),
            of(
                    "`varbit`",
                    "`Bits`",
                    "text, `0101`",
                    "Bits do not tell how many zeros stand in front.",
                    "bytes.c_varbit: type, name, version, parameter length, value",
                    "bytes.c_varbit_9: type, name, version, parameter length, value"),
            of(
                            "`bytea` as text (`binary.handling.mode`)",
                            "–",
                            "parameter `ledger.encoding`, with the setting's value",
                            "The sink makes bytes of it again.",
                            "bytes.c_bytea: parameter ledger.encoding",
                            "arrays.c_byteas: element parameter ledger.encoding",
                            "messages.content: parameter ledger.encoding")
                    .under(Variant.TEXT, Variant.LOOSE, Variant.MICROSECONDS),
            of(
                    "`date` before our era, and `infinity`",
                    "in snapshots the era is lost; `infinity` is a date, another one in snapshots than in the stream",
                    "the date; the largest and the smallest number",
                    "They go back to what they were.",
                    "times.c_date_bc: value",
                    "times.c_date_end: value"),
            of(
                            "`timestamp` `infinity`, `connect`",
                            "stand-ins, 9223372036825200000",
                            "the largest and the smallest number",
                            "They go back to what they were.",
                            "times.c_timestamp_end: value")
                    .under(Variant.LOOSE),
            of(
                    "`timetz`, alone and in arrays",
                    "moved to UTC",
                    "with its own offset",
                    "PostgreSQL tells 19:00+01 from 18:00+00.",
                    "times.c_timetz_offset: value",
                    "arrays.c_timetzs: value"),
            of(
                            "null in masked columns",
                            "the mask",
                            "null",
                            "A value that is not there needs no hiding, and takes part in no join.",
                            "texts.c_text: value, value before",
                            "texts.c_bpchar: value, value before")
                    .under(Variant.COLUMNS),
            of("`name`", "null, except in snapshots", "its text", NOTHING_LOST, "texts.c_name: value"),
            of(
                    "`line`, `lseg`, `box`, `path`, `polygon`, `circle`",
                    "structs, most of them with well-known binary",
                    SERVERS_TEXT,
                    "It can be cast back, and keeps open paths open.",
                    geometry("line"),
                    geometry("lseg"),
                    geometry("box"),
                    geometry("path"),
                    geometry("polygon"),
                    geometry("circle")),
            of(
                    "multiranges, composites, `tsquery`, `pg_lsn`, `pg_snapshot`, `txid_snapshot`, `xid`, `xid8`, `cid`, `tid`, `jsonpath`, `lquery`, `ltxtquery`",
                    LEFT_OUT,
                    SERVERS_TEXT,
                    NOTHING_LOST,
                    "ranges.c_int4multirange: presence",
                    "ranges.c_int8multirange: presence",
                    "ranges.c_nummultirange: presence",
                    "ranges.c_datemultirange: presence",
                    "ranges.c_tsmultirange: presence",
                    "ranges.c_tstzmultirange: presence",
                    "texts.c_composite: presence",
                    "others.c_tsquery: presence",
                    "others.c_pg_lsn: presence",
                    "others.c_pg_snapshot: presence",
                    "others.c_xid8: presence",
                    "others.c_tid: presence",
                    "others.c_jsonpath: presence",
                    "others.c_xid: presence",
                    "others.c_cid: presence",
                    "others.c_txid_snapshot: presence",
                    "others.c_lquery: presence",
                    "others.c_ltxtquery: presence"),
            of(
                    "arrays of `interval`, `money`, `name`, `pg_lsn`, `point`, `varbit`, `xml`, of domains, composites and multiranges",
                    LEFT_OUT,
                    "arrays",
                    NOTHING_LOST,
                    "arrays.c_intervals: presence",
                    "arrays.c_moneys: presence",
                    "arrays.c_points: presence",
                    "arrays.c_xmls: presence",
                    "arrays.c_multiranges: presence",
                    "arrays.c_varbits: presence",
                    "arrays.c_lsns: presence",
                    "arrays.c_names: presence",
                    "arrays.c_prices: presence",
                    "others.c_row_array: presence"),
            of(
                    "arrays of `bit`",
                    "one `Bits`, and its value null",
                    "array of `Bits`",
                    NOTHING_LOST,
                    "arrays.c_bits: type, name, version, parameter length, value"),
            of(
                    "arrays of enums and of `tsvector`",
                    "elements are required, and null among them makes the array null",
                    "elements are optional",
                    NOTHING_LOST,
                    "arrays.c_enums: element optional",
                    "arrays.c_tsvectors: element optional",
                    "arrays.c_enums_null: element optional, value"),
            of(
                            "arrays of `time`, in microseconds",
                            "cut to milliseconds",
                            "exact",
                            NOTHING_LOST,
                            "arrays.c_times: value")
                    .under(Variant.PRECISE, Variant.TEXT, Variant.MICROSECONDS));

    private KnownDifferences() {}

    private static String geometry(String type) {
        return "shapes.c_" + type + ": type, name, version, value";
    }

    /** What a comparison under the variant must find, by {@link Difference#key}. */
    static Set<String> keys(Variant variant) {
        return ALL.stream()
                .flatMap(known -> known.keys(variant).stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Whether it is the one that every column has. */
    static boolean isEverywhere(Difference difference) {
        return difference.aspect().endsWith(TYPE_PARAMETER);
    }

    /** The documentation's table. */
    static String markdown() {
        return "| Where | Debezium 3.7 | Here | Why |\n|---|---|---|---|\n"
                + ALL.stream().map(KnownDifference::markdownRow).collect(Collectors.joining());
    }
}
