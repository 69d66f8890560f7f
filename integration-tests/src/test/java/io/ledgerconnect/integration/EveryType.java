package io.ledgerconnect.integration;

import io.ledgerconnect.testbed.pipeline.Pipeline;
import java.sql.SQLException;

/** A table with a column of every type that ledgers use, and arrays of them. */
final class EveryType {
    static final String TABLE = "every_type";

    private static final String COLUMNS = """
            id bigint PRIMARY KEY,
            small smallint, whole integer, large bigint, exact numeric(38, 10), any_numeric numeric, scaled numeric(12),
            words text, short varchar(40), fixed char(8), ident uuid, flag boolean,
            day date, clock time, clock_millis time(3), moment timestamp, instant timestamptz, span interval,
            doc json, docb jsonb, bytes bytea, mood it_mood,
            smalls smallint[], wholes integer[], larges bigint[], exacts numeric(20, 4)[], any_numerics numeric[],
            texts text[], shorts varchar(10)[], fixeds char(4)[], idents uuid[], flags boolean[], days date[],
            clocks time[], moments timestamp[], instants timestamptz[], spans interval[], docs json[], docbs jsonb[],
            blobs bytea[], moods it_mood[]""";

    /** A third of the rows has null everywhere, and a seventh has extremes; arrays have nulls, quotes and none. */
    private static final String INSERT = """
            INSERT INTO every_type
            SELECT g, (g * 7)::smallint, g * 1001, g * 10000000019, g * 1.0000000001, g * 0.123456789012345678901, -g * 99,
                'Zahlung №' || g || E' "x", {y}\\n\\ttab', 'short ' || g, 'f' || g,
                ('00000000-0000-4000-8000-' || lpad(g::text, 12, '0'))::uuid, g % 2 = 0,
                date '2024-02-28' + g, time '23:59:59.999999' - g * interval '1.000001 s', time '00:00:00.123',
                timestamp '1969-12-31 23:59:59.999999' + g * interval '1 day 0.000001 s',
                timestamptz '2024-03-31 01:30:00.654321+00' + g * interval '1 hour',
                g * interval '1 year 2 mons -3 days 04:05:06.789', json_build_object('a', g, 'b', null),
                jsonb_build_object('amount', g * 1.50, 'tags', array['x', null]), decode(md5(g::text), 'hex'),
                (enum_range(null::it_mood))[1 + g % 3],
                array[g, null, -g]::smallint[], array[g, 2147483647, null], array[g, -9223372036854775808]::bigint[],
                array[g * 1.0001, null, -0.5], array[1e-20, g * 1e25],
                array['a"b', 'c\\d', null, '', '{}', ',', 'NULL'], array['v' || g], array['ab', 'abcd']::char(4)[],
                array[('00000000-0000-4000-8000-' || lpad(g::text, 12, '0'))::uuid, null], array[true, false, null],
                array[date '0001-01-01', date '9999-12-31'], array[time '24:00', time '00:00'],
                array[timestamp '2024-01-01 00:00:00.000001', null], array[timestamptz '2024-01-01 00:00:00.5+02', null],
                array[interval '-1 day', interval '0'], array['{"k": [1, 2]}', null]::json[],
                array['{"k": {"z": null}}', 'null']::jsonb[], array[''::bytea, '\\x00ff'::bytea],
                array['calm', null, 'very "angry"']::it_mood[]
            FROM generate_series($from, $to) g WHERE g % 3 <> 1 AND g % 7 <> 0;
            INSERT INTO every_type (id) SELECT g FROM generate_series($from, $to) g WHERE g % 3 = 1;
            INSERT INTO every_type (id, small, whole, large, exact, any_numeric, day, moment, instant, words, bytes, texts, wholes)
            SELECT g, -32768, -2147483648, -9223372036854775808, -9999999999999999999999999999.9999999999,
                ('9' || repeat('0', 300) || '.' || repeat('1', 200))::numeric, '4713-01-01 BC', '0044-03-15 12:00:00 BC',
                '294276-12-31 23:59:59.999999+00', repeat('ä€😀', 3000), decode(repeat('00ff', 5000), 'hex'), '{}', '{}'
            FROM generate_series($from, $to) g WHERE g % 7 = 0 AND g % 3 <> 1""";

    private EveryType() {}

    static TableFlow create(Pipeline pipeline) throws SQLException {
        try (var connection = pipeline.ledgerDatabase().connect();
                var statement = connection.createStatement()) {
            statement.execute("CREATE TYPE it_mood AS ENUM ('calm', 'very \"angry\"', 'none, yet')");
        }
        return TableFlow.create(pipeline, TABLE, COLUMNS);
    }

    static String insert(int from, int to) {
        return INSERT.replace("$from", Integer.toString(from)).replace("$to", Integer.toString(to));
    }

    /** Leaves large values where they are: they are not in the WAL again. */
    static String update(String condition) {
        return "UPDATE " + TABLE
                + " SET whole = coalesce(whole, 0) + 1, exact = null, clock = '12:00', flags = '{null}',"
                + " docb = '{\"updated\": true}', mood = 'none, yet' WHERE " + condition;
    }
}
