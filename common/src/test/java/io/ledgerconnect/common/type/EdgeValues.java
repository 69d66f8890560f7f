package io.ledgerconnect.common.type;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.apache.kafka.connect.data.Schema;

/**
 * Values at the edges of a type.
 *
 * @param type a column's declaration
 * @param representable the schemas that can represent all of them
 */
record EdgeValues(String type, Predicate<Schema> representable, List<String> values) {
    private static final String NINES = "9".repeat(1000);
    private static final String[] TIMES = {
        "00:00:00", "00:00:00.000001", "12:34:56.789", "12:34:56.789012", "23:59:59.999499", "24:00:00"
    };
    private static final String[] TIMESTAMPS = {
        "infinity",
        "-infinity",
        "4714-11-24 00:00:00 BC",
        "0044-03-15 12:00:00.000001 BC",
        "0001-12-31 23:59:59.999499 BC",
        "0001-01-01 00:00:00",
        "0999-01-01 00:00:00",
        "1582-10-10 00:00:00",
        "1969-12-31 23:59:59.999001",
        "1970-01-01 00:00:00",
        "1999-12-31 23:59:59.999",
        "2000-01-01 00:00:00",
        "2026-11-22 16:00:00.123456",
        "2026-11-22 16:00:00.1",
        "2026-11-22 16:00:00.00001",
        "9999-12-31 23:59:59.999499",
        "10000-01-01 00:00:00",
        "294247-01-10 04:00:54"
    };
    /** Older servers have it, but do not read it. */
    private static final String LONGEST_INTERVAL = "178956970 years 7 months 2147483647 days 2562047788 hours";

    private static final String FAR_FUTURE = "294276-12-31 23:59:59";
    private static final String[] INTERVALS = {
        "0",
        "1 microsecond",
        "-1 microsecond",
        "1 year 2 months 3 days 04:05:06.789012",
        "-1 year -2 months -3 days -04:05:06.789012",
        "1 month -1 day",
        "-1 month 1 day -00:00:00.5",
        "-11 months",
        "25 months",
        "1000:00:00",
        "-00:59:59.999999",
        "-1 minute",
        "1 day -23:59:59"
    };

    static final List<EdgeValues> ALL = all();

    private static List<EdgeValues> all() {
        List<EdgeValues> all = new ArrayList<>();
        numbers(all);
        decimals(all);
        texts(all);
        times(all);
        others(all);
        return List.copyOf(all);
    }

    private static void numbers(List<EdgeValues> all) {
        add(all, "int2", "-32768", "-1", "0", "1", "32767");
        add(all, "int4", "-2147483648", "-1", "0", "1", "2147483647");
        add(all, "int8", "-9223372036854775808", "-1", "0", "1", "9223372036854775807");
        add(all, "oid", "0", "1", "2147483648", "4294967295");
        add(all, "float4", "0", "1.5", "-1e-45", "3.4028235e38", "-3.4028235e38", "0.1", "16777217");
        add(all, "float8", "0", "0.1", "5e-324", "1.7976931348623157e308", "-1e300", "9007199254740993", "1e22");
        add(all, "boolean", "true", "false");
    }

    private static void decimals(List<EdgeValues> all) {
        add(all, "numeric(10,2)", "0", "0.01", "-0.10", "1", "99999999.99", "-99999999.99", "10000", "12340000.5");
        add(all, "numeric(20)", "0", "1", "-1", "99999999999999999999", "10000000000000000", "9223372036854775808");
        add(
                all,
                "numeric(38,18)",
                "0",
                "0.000000000000000001",
                "99999999999999999999.999999999999999999",
                "1",
                "-123.45");
        add(all, "numeric(5,-2)", "0", "100", "-100", "12300", "9999900", "149", "150");
        add(all, "numeric(3,5)", "0", "0.00999", "-0.00001", "0.001");
        all.add(new EdgeValues(
                "numeric(1000)",
                schema -> element(schema).type() != Schema.Type.FLOAT64,
                List.of("0", "1", NINES, "-" + NINES)));
        add(
                all,
                "numeric",
                "0",
                "0.000",
                "-0",
                "1",
                "1.10",
                "-1.5",
                "10000",
                "1000000000000",
                "0.0001",
                "0.00001",
                "1e-20",
                "1234567890.0987654321",
                "0.1000",
                "10000.0001",
                "9999.9999",
                "-" + "9".repeat(300) + ".5");
        all.add(new EdgeValues(
                "numeric",
                schema -> element(schema).type() != Schema.Type.FLOAT64,
                List.of(
                        "1e-16383",
                        NINES + "." + NINES,
                        "-" + NINES,
                        "1e1000",
                        "1e131071",
                        "9".repeat(131072) + "." + "9".repeat(16383))));
        all.add(new EdgeValues(
                "numeric",
                schema -> element(schema).type() == Schema.Type.STRING,
                List.of("NaN", "Infinity", "-Infinity")));
        add(all, "amount", "0.01", "-9999999999.99");
        add(all, "positive_amount", "0.01", "9999999999.99");
        add(all, "amounts", "{}", "{0.01,NULL,-9999999999.99}");
    }

    private static void texts(List<EdgeValues> all) {
        String[] texts = {
            "", "a", " padded ", "NULL", "\\N", "it's \"quoted\"", "tab\tline\nreturn\r", "é中文\uD83D\uDCB6\uFFFD"
        };
        add(all, "text", texts);
        add(all, "text", "x".repeat(100_000), "\uD83D\uDCB6".repeat(10_000));
        add(all, "varchar", texts);
        add(all, "varchar(20)", "", "a", "\uD83D\uDCB6".repeat(20), "trailing   ");
        add(all, "char(5)", "", "a", "abcde", "\uD83D\uDCB6");
        add(all, "char", "", "a");
        add(all, "bpchar", "", "a ");
        add(all, "name", "a", "ledger");
        add(all, "citext", texts);
        add(all, "ltree", "", "top", "top.middle_1.leaf");
        add(all, "lquery", "top.*{1,2}.!leaf@", "*");
        add(all, "ltxtquery", "top & (leaf* | !other)");
        add(
                all,
                "uuid",
                "00000000-0000-0000-0000-000000000000",
                "ffffffff-ffff-ffff-ffff-ffffffffffff",
                "01936a5e-7c00-7abc-8def-0123456789ab");
        add(
                all,
                "json",
                "null",
                "1.0",
                "\"text\"",
                " {\"b\" : 1.00, \"a\": [ ], \"b\": 2} ",
                "{\"é\": \"\\u00e9\\n\"}");
        add(all, "jsonb", "null", "1.0", "\"text\"", "{\"b\": 1.00, \"a\": []}", "{\"é\": \"\\u00e9\\n\"}", "1e100");
        add(all, "bytea", "\\x", "\\x00", "\\xff00fe01", "\\x" + "ab".repeat(10_000));
        add(all, "mood", "sad", "so, so", "great \"1\"");
        add(all, "moods", "{}", "{sad,NULL,\"so, so\"}");
    }

    private static void times(List<EdgeValues> all) {
        add(
                all,
                "date",
                "infinity",
                "-infinity",
                "4714-11-24 BC",
                "0001-12-31 BC",
                "0001-01-01",
                "1582-10-10",
                "1969-12-31",
                "1970-01-01",
                "1999-12-31",
                "2000-01-01",
                "2026-11-22",
                "9999-12-31",
                "5874897-12-31");
        for (String precision : List.of("", "(0)", "(1)", "(2)", "(3)", "(4)", "(5)", "(6)")) {
            add(all, "time" + precision, TIMES);
            add(all, "timestamp" + precision, TIMESTAMPS);
            add(all, "timestamptz" + precision, TIMESTAMPS);
        }
        for (String precision : List.of("", "(0)", "(3)", "(6)")) {
            add(
                    all,
                    "timetz" + precision,
                    "00:00:00+00",
                    "12:34:56.789012+01",
                    "12:34:56.7-12:30",
                    "23:59:59.999499+15:59:59",
                    "24:00:00-15:59:59");
        }
        all.add(new EdgeValues(
                "timestamp(3)",
                schema -> !"io.debezium.time.MicroTimestamp"
                        .equals(element(schema).name()),
                List.of(FAR_FUTURE)));
        add(all, "timestamptz", FAR_FUTURE + ".999999");
        add(all, "interval", INTERVALS);
        add(all, "interval(3)", INTERVALS);
        add(all, "interval", "infinity", "-infinity");
        all.add(new EdgeValues(
                "interval",
                schema -> element(schema).type() == Schema.Type.STRING,
                List.of(LONGEST_INTERVAL, "-178956970 years -8 months -2147483648 days -2562047788 hours")));
    }

    private static void others(List<EdgeValues> all) {
        add(all, "money", "0", "0.01", "-92233720368547758.08", "92233720368547758.07");
        add(all, "bit", "0", "1");
        add(all, "bit(12)", "000000000000", "100000000001", "011111111110", "111111111111");
        add(all, "bit(16)", "1000000000000000", "0000000000000001");
        add(all, "varbit", "", "0", "0001", "10101010101");
        add(all, "varbit(9)", "", "000000001");
        add(all, "xml", "<a>é</a>", "text");
        add(all, "jsonpath", "$.\"a\"[*]?(@ > 1)");
        add(all, "\"char\"", "a", "", "\\377");
        add(all, "pg_lsn", "0/0", "16/B3748", "FFFFFFFF/FFFFFFFF");
        add(all, "tid", "(0,1)", "(4294967295,65535)");
        add(all, "xid", "0", "4294967295");
        add(all, "xid8", "0", "18446744073709551615");
        add(all, "cid", "0", "4294967295");
        add(all, "pg_snapshot", "10:20:10,14,15", "10:20:");
        add(all, "txid_snapshot", "10:20:10,14,15", "10:20:");
        add(all, "refcursor", "a cursor", "");
        networks(all);
        geometry(all);
        ranges(all);
        add(all, "tsvector", "", "a b:1A,3 'it''s' 'back\\\\slash':16383D,4B,5C", "'two words':7");
        add(all, "tsquery", "", "a & b | !c", "!(a | b) & c:*AB", "a <-> (b <2> c) <-> d", "'it''s' & (x | y & z)");
        add(all, "purse", "(,)", "(1.50,sad)", "(-1,\"so, so\")");
        add(all, "trip", "(\"(0.01,sad)\",\"{1,NULL}\",\"\",\"back\\\\slash \"\"quoted\"\" ()\",2026-11-22)");
    }

    private static void networks(List<EdgeValues> all) {
        add(
                all,
                "inet",
                "0.0.0.0/0",
                "127.0.0.1",
                "192.168.100.128/25",
                "::",
                "::1",
                "::/0",
                "::ffff:1.2.3.4",
                "::1.2.3.4/96",
                "2001:db8::8a2e:370:7334",
                "2001:db8:0:0:1:0:0:1/64",
                "1:0:0:2:0:0:0:3",
                "fe80::",
                "0:0:0:0:0:0:1:0");
        add(all, "cidr", "10.0.0.0/8", "0.0.0.0/0", "192.168.1.1/32", "2001:db8::/32", "::1/128");
        add(all, "macaddr", "08:00:2b:01:02:03", "00:00:00:00:00:00");
        add(all, "macaddr8", "08:00:2b:01:02:03:04:ff");
    }

    private static void geometry(List<EdgeValues> all) {
        add(all, "point", "(0,0)", "(-1.5,1e+300)", "(0.1,5e-324)");
        add(all, "line", "{1,-1,0.5}", "{0,1,1e+20}");
        add(all, "lseg", "[(1,2),(3,4)]", "[(Infinity,NaN),(-Infinity,-0)]");
        add(all, "box", "(3,4),(1,2)", "(1e-05,0.0001),(0,0)");
        add(all, "path", "[(1,2)]", "((1,2),(3,4),(5,6))", "[(123456789012345,1234567890123456),(0.3,-0)]");
        add(all, "polygon", "((1,2),(3,4))");
        add(all, "circle", "<(1,2),3>");
    }

    private static void ranges(List<EdgeValues> all) {
        add(all, "int4range", "empty", "[1,5)", "(,)", "[,5)", "[-2147483648,)");
        add(all, "int8range", "[1,9223372036854775807)");
        add(all, "numrange", "[1.10,2.000)", "(NaN,)", "[-Infinity,1e-20]");
        add(all, "daterange", "[2026-11-22,2027-01-01)", "[\"0044-03-15 BC\",infinity)");
        add(all, "tsrange", "[\"2026-11-22 16:00:00.1\",\"infinity\"]", "(\"0044-03-15 12:00:00.000001 BC\",]");
        add(all, "tstzrange", "[\"2026-11-22 16:00:00.123456+00\",)", "[-infinity,\"9999-12-31 23:59:59.999499+00\")");
        add(all, "int4multirange", "{}", "{[1,3),[5,7)}", "{(,)}");
        add(all, "int8multirange", "{}", "{[1,9223372036854775807)}");
        add(all, "nummultirange", "{[1.10,2.000),(3,NaN]}", "{(-Infinity,1e-20]}");
        add(all, "datemultirange", "{[2026-11-22,2027-01-01),[2028-01-01,infinity)}");
        add(all, "tsmultirange", "{[\"0044-03-15 12:00:00.000001 BC\",\"2026-11-22 16:00:00.1\"],(infinity,)}");
        add(all, "tstzmultirange", "{[\"2026-11-22 16:00:00+00\",\"2026-11-22 17:00:00+00\")}");
        add(all, "wordrange", "[a,b]", "(\"\",\"b \"\"c\"\" \\\\ ,[\")", "empty");
    }

    private static void add(List<EdgeValues> all, String type, String... values) {
        all.add(new EdgeValues(type, schema -> true, List.of(values)));
    }

    private static Schema element(Schema schema) {
        return schema.type() == Schema.Type.ARRAY ? schema.valueSchema() : schema;
    }

    /** Whether a server of this major version has such a type and such values. */
    boolean existsIn(int version) {
        if (type.equals("numeric(5,-2)") || type.equals("numeric(3,5)")) {
            return version >= 15;
        }
        if (values.contains(LONGEST_INTERVAL)) {
            return version >= 15;
        }
        return !type.equals("interval") || !values.contains("infinity") || version >= 17;
    }

    boolean isNumeric() {
        return type.startsWith("numeric") || type.contains("amount");
    }

    /** Types that are arrays already have no arrays here. */
    boolean hasArrays() {
        return !type.equals("moods") && !type.equals("amounts");
    }

    boolean fits(Schema schema) {
        return representable.test(schema);
    }

    List<String> withNull() {
        List<String> all = new ArrayList<>(values);
        all.add(null);
        return all;
    }

    /** A month as 30.4375 days, all in one number of µs. */
    static String microsOfInterval(String value) {
        String months = "(EXTRACT(year FROM " + value + ") * 12 + EXTRACT(month FROM " + value + "))";
        String seconds = "(EXTRACT(day FROM " + value + ") + " + months + " * 30.4375) * 86400"
                + " + EXTRACT(hour FROM " + value + ") * 3600 + EXTRACT(minute FROM " + value + ") * 60"
                + " + EXTRACT(second FROM " + value + ")";
        return "CASE WHEN isfinite(" + value + ") THEN ((" + seconds + ") || ' seconds')::interval ELSE " + value
                + " END";
    }
}
