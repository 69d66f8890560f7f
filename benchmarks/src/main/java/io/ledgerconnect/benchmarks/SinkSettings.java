package io.ledgerconnect.benchmarks;

import io.ledgerconnect.testbed.Postgres;
import java.util.HashMap;
import java.util.Map;

/** Settings of sink connectors that read the payments of a topic with JSON schemas into a schema of their own. */
final class SinkSettings {
    /** What the topics' names begin with. */
    static final String PREFIX = "ours";

    static final String PAYMENTS = PREFIX + '.' + PaymentsLedger.TABLE;

    private static final String DIMENSIONS =
            PREFIX + '.' + PaymentsLedger.ACCOUNTS + ',' + PREFIX + '.' + PaymentsLedger.MERCHANTS;
    private static final String WATERMARKS = PREFIX + ".watermarks";

    private SinkSettings() {}

    /** Ours; the schema's name is that of the pipeline. */
    static Map<String, String> ours(Postgres reporting, String database, String schema) {
        Map<String, String> settings = shared(reporting, database);
        settings.put("connector.class", "io.ledgerconnect.sink.ReportingSinkConnector");
        settings.put("topics", PAYMENTS + ',' + WATERMARKS);
        settings.put("connection.user", reporting.user());
        settings.put("pipeline.name", schema);
        settings.put("table.name.format", schema + ".${table}");
        settings.put("auto.create", "true");
        settings.putAll(CaptureSettings.jsonConverters(CaptureSettings.OUR_CONVERTER, true));
        return settings;
    }

    /** Ours, for the history tables that {@link #enriched} looks into. */
    static Map<String, String> dimensions(Postgres reporting, String database, String schema) {
        Map<String, String> settings = ours(reporting, database, schema);
        settings.put("topics", DIMENSIONS + ',' + WATERMARKS);
        settings.put("table.accounts.mode", "history");
        settings.put("table.merchants.mode", "history");
        return settings;
    }

    /** Ours, each payment with what was said of its account and merchant when it was committed. */
    static Map<String, String> enriched(Postgres reporting, String database, String schema) {
        Map<String, String> settings = dimensions(reporting, database, schema);
        settings.put("topics", PAYMENTS + ',' + DIMENSIONS + ',' + WATERMARKS);
        settings.put("table.payments.enrich", "account, merchant");
        settings.put("table.payments.enrich.account.table", "accounts");
        settings.put("table.payments.enrich.account.on", "account_id = id");
        settings.put("table.payments.enrich.account.columns", "kind as account_kind, merchant_id");
        settings.put("table.payments.enrich.merchant.table", "merchants");
        settings.put("table.payments.enrich.merchant.on", "merchant_id = id");
        settings.put("table.payments.enrich.merchant.columns", "name as merchant_name, category_code");
        return settings;
    }

    /** The same, and what merchants took per day and what was booked per account. */
    static Map<String, String> rolledUp(Postgres reporting, String database, String schema) {
        Map<String, String> settings = enriched(reporting, database, schema);
        settings.put("table.payments.rollup", "daily, booked");
        settings.put("table.payments.rollup.daily.table", "daily_totals");
        settings.put("table.payments.rollup.daily.by", "day(created_at, Asia/Seoul), merchant_id, currency");
        settings.put("table.payments.rollup.daily.columns", "count(*) as payments, sum(amount) as total");
        settings.put("table.payments.rollup.daily.where", "account_kind = 'merchant'");
        settings.put("table.payments.rollup.booked.table", "account_totals");
        settings.put("table.payments.rollup.booked.by", "account_id, currency");
        settings.put(
                "table.payments.rollup.booked.columns",
                "last(amount) as latest, sum(amount) as booked, count(*) as payments");
        return settings;
    }

    /** Debezium's JDBC sink in its best configuration for PostgreSQL. The schema must exist. */
    static Map<String, String> debezium(Postgres reporting, String database, String schema) {
        Map<String, String> settings = shared(reporting, database);
        settings.put("connector.class", "io.debezium.connector.jdbc.JdbcSinkConnector");
        settings.put("topics", PAYMENTS);
        settings.put("connection.username", reporting.user());
        settings.put("collection.name.format", schema + ".payments");
        settings.put("insert.mode", "upsert");
        settings.put("primary.key.mode", "record_key");
        settings.put("schema.evolution", "basic");
        settings.put("batch.size", "5000");
        settings.put("use.reduction.buffer", "true");
        settings.put("dialect.postgres.unnest.insert.enabled", "true");
        settings.putAll(CaptureSettings.jsonConverters(CaptureSettings.KAFKAS_CONVERTER, true));
        return settings;
    }

    private static Map<String, String> shared(Postgres reporting, String database) {
        Map<String, String> settings = new HashMap<>();
        settings.put("tasks.max", "1");
        settings.put("connection.url", reporting.jdbcUrl(database));
        settings.put("connection.password", reporting.password());
        settings.put("consumer.override.auto.offset.reset", "earliest");
        settings.put("consumer.override.max.poll.records", "5000");
        settings.put("consumer.override.max.partition.fetch.bytes", "8388608");
        return settings;
    }
}
