package io.ledgerconnect.common.watermark;

import io.ledgerconnect.common.position.Lsn;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;

/**
 * Says that every change of a stream through {@code lsn} has been sent before it, and which sequence was the last of
 * every channel. Emitted at commit boundaries only. This class owns the record's form in both directions.
 *
 * @param source the ledger database, as {@link io.ledgerconnect.common.position.SourceId#toString()} gives it
 * @param stream the capture
 * @param startLsn where the stream begins: what committed before it is in the snapshot, or is not in the stream at all
 * @param snapshot whether the stream began with a snapshot
 * @param sinceLsn the previous watermark's {@code lsn}: changes after it are counted in {@code tables}
 * @param lsn every transaction with a commit record before this WAL address has been sent
 * @param committedAtMicros time of the last commit through {@code lsn} as the server knew it, µs since 1970 UTC; on an
 *     idle ledger the time at which the server said that it had nothing more
 * @param channels the last sequence of every channel that has sent anything; also of those of earlier attempts at the
 *     stream's snapshot on whose rows it builds
 * @param tables what has been sent since the previous watermark
 */
public record Watermark(
        String source,
        String stream,
        long startLsn,
        boolean snapshot,
        long sinceLsn,
        long lsn,
        long committedAtMicros,
        List<ChannelEnd> channels,
        List<TableWindow> tables) {

    /** Ends the topic's name: {@code <topic.prefix>.watermarks}. */
    public static final String TOPIC_SUFFIX = ".watermarks";

    public static final String SCHEMA_NAME = "io.ledgerconnect.Watermark";
    private static final int VERSION = 1;

    /**
     * The last sequence of a channel that counts.
     *
     * @param stream whose channel it is: the watermark's own, or an earlier attempt at its snapshot
     * @param topic the topic that the source named for it
     */
    public record ChannelEnd(String stream, String table, String topic, int partition, long sequence) {}

    /**
     * What a table has sent since the previous watermark.
     *
     * @param fingerprint hash of everything that decides the table's positions and partitions (hex)
     * @param count changes
     * @param digest sum modulo 2^64 of the changes' hashes, unsigned hex; does not depend on their order
     */
    public record TableWindow(String table, String fingerprint, long count, String digest) {}

    private static final Schema CHANNEL = SchemaBuilder.struct()
            .name(SCHEMA_NAME + ".Channel")
            .field("table", Schema.STRING_SCHEMA)
            .field("topic", Schema.STRING_SCHEMA)
            .field("partition", Schema.INT32_SCHEMA)
            .field("sequence", Schema.INT64_SCHEMA)
            .field("stream", Schema.OPTIONAL_STRING_SCHEMA)
            .build();
    private static final Schema TABLE = SchemaBuilder.struct()
            .name(SCHEMA_NAME + ".Table")
            .field("table", Schema.STRING_SCHEMA)
            .field("fingerprint", Schema.STRING_SCHEMA)
            .field("count", Schema.INT64_SCHEMA)
            .field("digest", Schema.STRING_SCHEMA)
            .build();
    public static final Schema SCHEMA = SchemaBuilder.struct()
            .name(SCHEMA_NAME)
            .version(VERSION)
            .field("version", Schema.INT32_SCHEMA)
            .field("source", Schema.STRING_SCHEMA)
            .field("stream", Schema.STRING_SCHEMA)
            .field("start_lsn", Schema.STRING_SCHEMA)
            .field("snapshot", Schema.BOOLEAN_SCHEMA)
            .field("since_lsn", Schema.STRING_SCHEMA)
            .field("lsn", Schema.STRING_SCHEMA)
            .field("committed_at", Schema.INT64_SCHEMA)
            .field("channels", SchemaBuilder.array(CHANNEL).build())
            .field("tables", SchemaBuilder.array(TABLE).build())
            .build();

    public Struct toStruct() {
        List<Struct> channelStructs = new ArrayList<>(channels.size());
        for (ChannelEnd end : channels) {
            channelStructs.add(new Struct(CHANNEL)
                    .put("table", end.table)
                    .put("topic", end.topic)
                    .put("partition", end.partition)
                    .put("sequence", end.sequence)
                    .put("stream", end.stream.equals(stream) ? null : end.stream));
        }
        List<Struct> tableStructs = new ArrayList<>(tables.size());
        for (TableWindow window : tables) {
            tableStructs.add(new Struct(TABLE)
                    .put("table", window.table)
                    .put("fingerprint", window.fingerprint)
                    .put("count", window.count)
                    .put("digest", window.digest));
        }
        return new Struct(SCHEMA)
                .put("version", VERSION)
                .put("source", source)
                .put("stream", stream)
                .put("start_lsn", Lsn.format(startLsn))
                .put("snapshot", snapshot)
                .put("since_lsn", Lsn.format(sinceLsn))
                .put("lsn", Lsn.format(lsn))
                .put("committed_at", committedAtMicros)
                .put("channels", channelStructs)
                .put("tables", tableStructs);
    }

    /** Whether a record with this value schema is a watermark. */
    public static boolean isWatermark(Schema schema) {
        return schema != null && SCHEMA_NAME.equals(schema.name());
    }

    /**
     * Reads a watermark's record value.
     *
     * @throws IllegalArgumentException when it is of a version that is not known here
     * @throws org.apache.kafka.connect.errors.DataException when a field is missing
     */
    public static Watermark fromStruct(Struct struct) {
        int version = struct.getInt32("version");
        if (version != VERSION) {
            throw new IllegalArgumentException("A watermark is of version " + version + ", this connector knows "
                    + VERSION + ": upgrade the sink connector before the source connector");
        }
        String stream = struct.getString("stream");
        List<ChannelEnd> ends = new ArrayList<>();
        for (Struct channel : struct.<Struct>getArray("channels")) {
            ends.add(new ChannelEnd(
                    streamOf(channel).orElse(stream),
                    channel.getString("table"),
                    channel.getString("topic"),
                    channel.getInt32("partition"),
                    channel.getInt64("sequence")));
        }
        List<TableWindow> windows = new ArrayList<>();
        for (Struct table : struct.<Struct>getArray("tables")) {
            windows.add(new TableWindow(
                    table.getString("table"),
                    table.getString("fingerprint"),
                    table.getInt64("count"),
                    table.getString("digest")));
        }
        return new Watermark(
                struct.getString("source"),
                stream,
                Lsn.parse(struct.getString("start_lsn")),
                struct.getBoolean("snapshot"),
                Lsn.parse(struct.getString("since_lsn")),
                Lsn.parse(struct.getString("lsn")),
                struct.getInt64("committed_at"),
                List.copyOf(ends),
                List.copyOf(windows));
    }

    /** An earlier form of the record had no such field. */
    private static Optional<String> streamOf(Struct channel) {
        return channel.schema().field("stream") == null
                ? Optional.empty()
                : Optional.ofNullable(channel.getString("stream"));
    }
}
