package io.ledgerconnect.common.position;

import io.ledgerconnect.common.envelope.Operation;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/**
 * The header {@value #NAME}: everything that the promise needs to know of a record, independent of its value.
 *
 * <p>Form, version 1, eleven or twelve fields divided by {@code /}, names percent-encoded:
 *
 * <pre>{@code
 * 1/<system id>/<database>/<stream>/<schema.table>/<partition>/<sequence>/<commit LSN, hex>/<ordinal>/<commit time, µs>/<operation>/<digest, 16 hex digits>
 * 1/7345678901234567890/ledger/ledger_slot@16B3748/public.transfers/0/17/16B4A10/2/1790000000000000/c/9f3c00a1b2c4d5e6
 * }</pre>
 *
 * The digest is left out where it could not be compared.
 *
 * <p>It is a string without quotes, brackets, commas or white space, because Connect's simple header converter guesses
 * types from such characters; this form comes back from the simple, string and JSON header converters as it went in.
 *
 * @param digest of the change as it was sent, see {@link ChangeDigest}; {@link ChangeDigest#NONE} when it is not told
 */
public record PositionHeader(
        Channel channel,
        long sequence,
        SourcePosition position,
        long committedAtMicros,
        Operation operation,
        long digest) {

    public static final String NAME = "ledger.position";
    /** The sequence of what was made for a record that came without a header: those that are sent count from 1. */
    public static final long UNCOUNTED = 0;

    private static final String VERSION = "1";
    private static final int DIGEST_DIGITS = 16;

    /** A header that does not tell the change's digest. */
    public PositionHeader(
            Channel channel, long sequence, SourcePosition position, long committedAtMicros, Operation operation) {
        this(channel, sequence, position, committedAtMicros, operation, ChangeDigest.NONE);
    }

    /** The part of the header that all records of a channel share, to be computed once per channel. */
    public static String prefix(Channel channel) {
        return VERSION
                + '/'
                + escape(channel.source().systemId())
                + '/'
                + escape(channel.source().database())
                + '/'
                + escape(channel.stream())
                + '/'
                + escape(channel.table())
                + '/'
                + channel.partition()
                + '/';
    }

    /** The header's text, from a channel's {@link #prefix}. */
    public static String encode(
            String prefix,
            long sequence,
            SourcePosition position,
            long committedAtMicros,
            Operation operation,
            long digest) {
        String header = prefix
                + sequence
                + '/'
                + Long.toHexString(position.commitLsn())
                + '/'
                + position.ordinal()
                + '/'
                + committedAtMicros
                + '/'
                + operation.code();
        return digest == ChangeDigest.NONE
                ? header
                : header + '/' + HexFormat.of().toHexDigits(digest);
    }

    public String encode() {
        return encode(prefix(channel), sequence, position, committedAtMicros, operation, digest);
    }

    private static String escape(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("%40", "@");
    }

    /**
     * Reads headers and remembers the channels it has met (their number is bounded by tables × partitions × streams).
     * Not thread-safe: one per task.
     */
    public static final class Reader {
        private final Map<String, Channel> channelsByPrefix = new HashMap<>();

        /**
         * Reads one header.
         *
         * @throws MalformedPositionException when {@code text} is not a header of a version known here
         */
        public PositionHeader read(String text) {
            int lastAt = separatorBefore(text, text.length());
            boolean digested = text.length() - lastAt - 1 == DIGEST_DIGITS;
            int end = digested ? lastAt : text.length();
            int operationAt = separatorBefore(text, end);
            int timeAt = separatorBefore(text, operationAt);
            int ordinalAt = separatorBefore(text, timeAt);
            int lsnAt = separatorBefore(text, ordinalAt);
            int sequenceAt = separatorBefore(text, lsnAt);
            try {
                return new PositionHeader(
                        channelsByPrefix.computeIfAbsent(text.substring(0, sequenceAt), Reader::channel),
                        countFromOne(text, sequenceAt + 1, lsnAt),
                        new SourcePosition(
                                commitLsn(text, lsnAt + 1, ordinalAt), countFromOne(text, ordinalAt + 1, timeAt)),
                        Long.parseLong(text, timeAt + 1, operationAt, 10),
                        Operation.of(text.substring(operationAt + 1, end)),
                        digested ? HexFormat.fromHexDigitsToLong(text, end + 1, text.length()) : ChangeDigest.NONE);
            } catch (IllegalArgumentException e) {
                throw malformed(text, e);
            }
        }

        private static long countFromOne(String text, int begin, int end) {
            long number = Long.parseLong(text, begin, end, 10);
            if (number < 1) {
                throw new IllegalArgumentException("sequences and ordinals count from 1");
            }
            return number;
        }

        private static long commitLsn(String text, int begin, int end) {
            if (begin == end) {
                throw new IllegalArgumentException("no commit LSN");
            }
            return HexFormat.fromHexDigitsToLong(text, begin, end);
        }

        private static int separatorBefore(String text, int end) {
            int at = end > 0 ? text.lastIndexOf('/', end - 1) : -1;
            if (at < 0) {
                throw malformed(text, null);
            }
            return at;
        }

        private static Channel channel(String prefix) {
            String[] fields = prefix.split("/", -1);
            if (fields.length != 6 || !fields[0].equals(VERSION)) {
                throw new IllegalArgumentException("unknown version or number of fields");
            }
            int partition = Integer.parseInt(fields[5]);
            if (partition < 0) {
                throw new IllegalArgumentException("partitions count from 0");
            }
            return new Channel(
                    new SourceId(name(fields[1]), name(fields[2])), name(fields[3]), name(fields[4]), partition);
        }

        private static String name(String field) {
            if (field.isEmpty()) {
                throw new IllegalArgumentException("a name is missing");
            }
            return URLDecoder.decode(field, StandardCharsets.UTF_8);
        }

        private static MalformedPositionException malformed(String text, Exception cause) {
            String shown = text.length() > 200 ? text.substring(0, 200) + "…" : text;
            return new MalformedPositionException(
                    "The header " + NAME + " of a record reads '" + shown + "', which is not version " + VERSION
                            + " of its form: something between source and sink rewrote it, or a newer source wrote it",
                    cause);
        }
    }

    /** A header that cannot be read. */
    public static final class MalformedPositionException extends IllegalArgumentException {
        MalformedPositionException(String message, Exception cause) {
            super(message, cause);
        }
    }
}
