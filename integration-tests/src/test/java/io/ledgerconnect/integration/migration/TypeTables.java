package io.ledgerconnect.integration.migration;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Tables with a column of every type, and rows with its ordinary and its extreme values. */
final class TypeTables {
    /** A column's values, one for each row; null where another column has more. */
    private record Column(String name, String type, List<String> values) {
        static Column parse(String line) {
            String[] parts = line.split(" ~ ");
            int blank = parts[0].indexOf(' ');
            return new Column(
                    parts[0].substring(0, blank),
                    parts[0].substring(blank + 1),
                    Arrays.asList(parts).subList(1, parts.length));
        }

        String value(int row) {
            return row < values.size() ? values.get(row) : "NULL";
        }
    }

    /** A table with the key {@code id}; its last row is null everywhere. */
    record Table(String name, List<Column> columns) {
        String create() {
            return columns.stream()
                    .map(column -> ", " + column.name() + ' ' + column.type())
                    .collect(Collectors.joining("", "CREATE TABLE app." + name + " (id integer PRIMARY KEY", ")"));
        }

        String insert(int firstId) {
            int rows = columns.stream()
                    .mapToInt(column -> column.values().size())
                    .max()
                    .orElseThrow();
            List<String> tuples = new ArrayList<>();
            for (int row = 0; row <= rows; row++) {
                int index = row;
                tuples.add(columns.stream()
                        .map(column -> column.value(index))
                        .collect(Collectors.joining(", ", "(" + (firstId + row) + ", ", ")")));
            }
            return "INSERT INTO app." + name + " VALUES " + String.join(", ", tuples);
        }
    }

    static final String TYPES = """
            CREATE TYPE app.mood AS ENUM ('calm', 'very "angry"', 'none, yet');
            CREATE TYPE app.coins AS (amount numeric(10, 2), currency text);
            CREATE DOMAIN app.cents AS bigint CHECK (VALUE >= 0);
            CREATE DOMAIN app.price AS numeric(12, 4);
            CREATE DOMAIN app.label AS varchar(20);
            CREATE DOMAIN app.moment AS timestamp(3);
            CREATE DOMAIN app.temper AS app.mood;
            CREATE DOMAIN app.whole_price AS app.price;
            CREATE DOMAIN app.labels AS text[]""";

    private static final String COLUMNS = """
            numbers
            c_int2 smallint ~ 1 ~ -32768 ~ 32767
            c_int4 integer ~ 1 ~ -2147483648 ~ 2147483647
            c_int8 bigint ~ 1 ~ -9223372036854775808 ~ 9223372036854775807
            c_float4 real ~ 1.5 ~ 'NaN' ~ '-Infinity'
            c_float8 double precision ~ 0.1 ~ 'NaN' ~ 'Infinity'
            c_numeric numeric ~ 1.25 ~ -0.000000000000000000001 ~ 123456789012345678901234567891
            c_numeric_zeros numeric ~ 1.50 ~ 100.00
            c_numeric_38_10 numeric(38, 10) ~ 1.5 ~ -9999999999999999999999999999.9999999999 ~ 0
            c_numeric_12 numeric(12) ~ 42 ~ -999999999999
            c_numeric_5_minus_2 numeric(5, -2) ~ 1200 ~ -9999900
            c_numeric_3_5 numeric(3, 5) ~ 0.00123
            c_money money ~ 12.34 ~ '-92233720368547758.08' ~ '92233720368547758.07'
            c_oid oid ~ 26 ~ 4294967295
            c_bool boolean ~ true ~ false

            specials
            c_numeric numeric ~ 'NaN' ~ 'Infinity' ~ '-Infinity'
            c_numeric_10_2 numeric(10, 2) ~ 'NaN' ~ 'NaN'

            times
            c_date date ~ '2026-11-22' ~ '12026-01-01' ~ '0001-01-01'
            c_date_bc date ~ '0044-03-15 BC'
            c_date_end date ~ 'infinity' ~ '-infinity'
            c_time time ~ '12:34:56.789012' ~ '00:00' ~ '23:59:59.999999'
            c_time_24 time ~ '24:00'
            c_time_0 time(0) ~ '12:34:56'
            c_time_3 time(3) ~ '12:34:56.789'
            c_timetz timetz ~ '12:34:56.789012+00' ~ '00:00:01+00'
            c_timetz_offset timetz ~ '19:00:00+01' ~ '23:59:59.5-08:30'
            c_timestamp timestamp ~ '2026-11-22 16:00:00.123456' ~ '1969-12-31 23:59:59.999999' ~ '0044-03-15 BC'
            c_timestamp_end timestamp ~ 'infinity' ~ '-infinity'
            c_timestamp_far timestamp ~ '12026-01-01 00:00:00.000001' ~ '294246-01-01'
            c_timestamp_0 timestamp(0) ~ '2026-11-22 16:00:00'
            c_timestamp_3 timestamp(3) ~ '2026-11-22 16:00:00.123' ~ '1969-12-31 23:59:59.999'
            c_timestamptz timestamptz ~ '2026-11-22 16:00:00.123456+01' ~ '2026-11-22 16:00:00+00' ~ '2026-11-22 16:00:00.1+00'
            c_timestamptz_end timestamptz ~ 'infinity' ~ '-infinity'
            c_timestamptz_far timestamptz ~ '12026-01-01 00:00:00+00' ~ '0044-03-15 12:00:00+00 BC'
            c_timestamptz_3 timestamptz(3) ~ '2026-11-22 16:00:00.123+01' ~ '2026-11-22 16:00:00.1+01' ~ '2026-11-22 16:00:00+01'
            c_timestamptz_0 timestamptz(0) ~ '2026-11-22 16:00:00+01'
            c_interval interval ~ '1 year 2 mons 3 days 04:05:06.789' ~ '1 day' ~ '0'
            c_interval_negative interval ~ '-1 day -00:00:00.5' ~ '1 mon -2 days 00:00:01'

            texts
            c_text text ~ 'Zahlung № 1' ~ '' ~ E'a"b\\nc'
            c_varchar varchar(20) ~ 'short'
            c_bpchar char(8) ~ 'ab'
            c_char "char" ~ 'x'
            c_name name ~ 'a name'
            c_citext citext ~ 'MiXed'
            c_json json ~ '{"a": 1,  "b": null}' ~ '[]'
            c_jsonb jsonb ~ '{"b": 1.50, "a": [true, null]}' ~ '"x"'
            c_xml xml ~ '<a b="1">text</a>'
            c_uuid uuid ~ '00000000-0000-4000-8000-000000000001'
            c_enum app.mood ~ 'calm' ~ 'very "angry"' ~ 'none, yet'
            c_ltree ltree ~ 'top.middle.leaf'
            c_hstore hstore ~ 'a=>1, b=>NULL, "q\\"k"=>"v"' ~ ''
            c_composite app.coins ~ ROW(1.50, 'EUR')::app.coins

            bytes
            c_bytea bytea ~ '\\x00ff10' ~ '' ~ '\\xfbefbe3f'
            c_bit bit ~ B'1' ~ B'0'
            c_bit_5 bit(5) ~ B'10011'
            c_bit_20 bit(20) ~ B'10000000000000000011'
            c_varbit varbit ~ B'0101'
            c_varbit_9 varbit(9) ~ B'100000001'

            networks
            c_inet inet ~ '10.0.0.1' ~ '10.0.0.1/8' ~ '::1'
            c_cidr cidr ~ '10.0.0.0/8' ~ '2001:db8::/32'
            c_macaddr macaddr ~ '08:00:2b:01:02:03'
            c_macaddr8 macaddr8 ~ '08:00:2b:01:02:03:04:05'

            ranges
            c_int4range int4range ~ '[1,5)' ~ 'empty' ~ '(,)'
            c_int8range int8range ~ '[1,5]'
            c_numrange numrange ~ '[1.5,2.50)'
            c_daterange daterange ~ '[2026-01-01,2026-02-01)'
            c_tsrange tsrange ~ '[2026-01-01 00:00:00,2026-01-01 12:00:00.5)'
            c_tstzrange tstzrange ~ '[2026-01-01 00:00:00+00,2026-01-01 12:00:00+00)'
            c_int4multirange int4multirange ~ '{[1,3),[5,7)}' ~ '{}'
            c_int8multirange int8multirange ~ '{[1,3)}'
            c_nummultirange nummultirange ~ '{[1.5,2.50)}'
            c_datemultirange datemultirange ~ '{[2026-01-01,2026-02-01)}'
            c_tsmultirange tsmultirange ~ '{[2026-01-01 00:00:00,2026-01-01 12:00:00)}'
            c_tstzmultirange tstzmultirange ~ '{[2026-01-01 00:00:00+00,2026-01-01 12:00:00+00)}'

            shapes
            c_point point ~ '(1.5,-2)'
            c_line line ~ '{1,-1,0.5}'
            c_lseg lseg ~ '[(0,0),(1,1)]'
            c_box box ~ '(1,1),(0,0)'
            c_path path ~ '[(0,0),(1,1)]' ~ '((0,0),(1,1))'
            c_polygon polygon ~ '((0,0),(1,1),(1,0))'
            c_circle circle ~ '<(0,0),1>'

            others
            c_tsvector tsvector ~ 'a:1 fat:2A cat:3'
            c_tsquery tsquery ~ 'fat & (rat | cat)'
            c_pg_lsn pg_lsn ~ '16/B374D848'
            c_pg_snapshot pg_snapshot ~ '10:20:10,14'
            c_xid8 xid8 ~ '42'
            c_tid tid ~ '(1,2)'
            c_jsonpath jsonpath ~ '$."a"'
            c_xid xid ~ '42'
            c_cid cid ~ '7'
            c_txid_snapshot txid_snapshot ~ '10:20:10,14'
            c_lquery lquery ~ 'top.*.leaf'
            c_ltxtquery ltxtquery ~ 'top & !leaf'
            c_row_array app.coins[] ~ ARRAY[ROW(1.50, 'EUR')::app.coins, NULL]

            domains
            c_cents app.cents ~ 100
            c_price app.price ~ 1.5
            c_whole_price app.whole_price ~ 2.25
            c_label app.label ~ 'label'
            c_moment app.moment ~ '2026-11-22 16:00:00.123'
            c_temper app.temper ~ 'calm'
            c_labels app.labels ~ '{a,b}'

            arrays
            c_int2s smallint[] ~ '{1,NULL,-1}' ~ '{}'
            c_int4s integer[] ~ '{1,NULL,-1}'
            c_int8s bigint[] ~ '{1,NULL,-1}'
            c_float4s real[] ~ '{1.5,NULL}'
            c_float8s double precision[] ~ '{0.1,NULL}'
            c_numerics numeric[] ~ '{1.25,NULL,1e20}'
            c_numerics_zeros numeric[] ~ '{1.50}'
            c_numerics_10_2 numeric(10, 2)[] ~ '{1.50,NULL}'
            c_bools boolean[] ~ '{t,f,NULL}'
            c_texts text[] ~ '{"a\\"b",NULL,"NULL",""}'
            c_varchars varchar(10)[] ~ '{ab}'
            c_bpchars char(4)[] ~ '{ab}'
            c_citexts citext[] ~ '{Ab}'
            c_uuids uuid[] ~ '{00000000-0000-4000-8000-000000000001,NULL}'
            c_dates date[] ~ '{2026-11-22,NULL}'
            c_times time[] ~ '{12:34:56.789012}'
            c_timestamps timestamp[] ~ '{2026-11-22 16:00:00.123456}'
            c_timestamptzs timestamptz[] ~ '{2026-11-22 16:00:00.123456+00,2026-11-22 16:00:00+00}'
            c_intervals interval[] ~ '{1 day,NULL}'
            c_jsons json[] ~ ARRAY['{"a": 1}', NULL]::json[]
            c_jsonbs jsonb[] ~ ARRAY['{"a": 1}', NULL]::jsonb[]
            c_byteas bytea[] ~ ARRAY['\\x00ff'::bytea]
            c_enums app.mood[] ~ '{calm}'
            c_enums_null app.mood[] ~ '{calm,NULL}'
            c_inets inet[] ~ '{10.0.0.1}'
            c_cidrs cidr[] ~ '{10.0.0.0/8}'
            c_macaddrs macaddr[] ~ '{08:00:2b:01:02:03}'
            c_int4ranges int4range[] ~ '{"[1,5)"}'
            c_tsranges tsrange[] ~ ARRAY['[2026-01-01 00:00:00,2026-01-01 12:00:00)'::tsrange]
            c_moneys money[] ~ '{1.50}'
            c_oids oid[] ~ '{26}'
            c_hstores hstore[] ~ ARRAY['a=>1'::hstore]
            c_ltrees ltree[] ~ '{a.b}'
            c_points point[] ~ '{"(1,2)"}'
            c_bits bit(3)[] ~ '{101}'
            c_xmls xml[] ~ ARRAY['<a/>'::xml]
            c_numranges numrange[] ~ ARRAY['[1.5,2.50)'::numrange]
            c_dateranges daterange[] ~ ARRAY['[2026-01-01,2026-02-01)'::daterange]
            c_tstzranges tstzrange[] ~ ARRAY['[2026-01-01 00:00:00+00,2026-01-01 12:00:00+00)'::tstzrange]
            c_int8ranges int8range[] ~ ARRAY['[1,5)'::int8range]
            c_multiranges int4multirange[] ~ ARRAY['{[1,3)}'::int4multirange]
            c_timetzs timetz[] ~ '{12:34:56+01}'
            c_macaddr8s macaddr8[] ~ '{08:00:2b:01:02:03:04:05}'
            c_varbits varbit[] ~ '{101}'
            c_tsvectors tsvector[] ~ ARRAY['a:1'::tsvector]
            c_lsns pg_lsn[] ~ '{16/B374D848}'
            c_chars "char"[] ~ '{x}'
            c_names name[] ~ '{a}'
            c_prices app.price[] ~ '{1.5}'""";

    static final List<Table> ALL = parse();

    private TypeTables() {}

    private static List<Table> parse() {
        return Arrays.stream(COLUMNS.split("\n\n"))
                .map(text -> text.lines().toList())
                .map(lines -> new Table(
                        lines.get(0), lines.stream().skip(1).map(Column::parse).toList()))
                .toList();
    }
}
