package io.ledgerconnect.testbed.quickstart;

/** What one can try while payments flow. */
final class Invitation {
    private Invitation() {}

    static String of(Servers servers) {
        String rest = servers.worker().restUrl().toString();
        return """

               Payments flow. Try, in another terminal:

                 curl %1$s/connector-plugins
                 curl %1$s/connectors/%2$s/status
                 curl %1$s/connectors/%3$s/config
                 curl -X PUT %1$s/connectors/%3$s/pause       (and /resume)

                 psql '%4$s' -c 'TABLE ledger_connect.status'
                 psql '%4$s' -c 'SELECT status, count(*), sum(amount) FROM reporting.transfers GROUP BY 1'
                 psql '%5$s' -c 'SELECT * FROM entries ORDER BY id DESC LIMIT 5'

                 JDBC     %6$s?user=%8$s&password=%9$s
                          %7$s?user=%10$s&password=%11$s
                 Kafka    %12$s
               """.formatted(
                        rest,
                        Connectors.SOURCE,
                        Connectors.SINK,
                        uri(servers.reportingDatabase()),
                        uri(servers.app()),
                        servers.app().jdbcUrl(),
                        servers.reportingDatabase().jdbcUrl(),
                        servers.app().user(),
                        servers.app().password(),
                        servers.reportingDatabase().user(),
                        servers.reportingDatabase().password(),
                        servers.kafka().bootstrapServers());
    }

    private static String uri(io.ledgerconnect.testbed.ledger.Database database) {
        String login = database.user() + ":" + database.password() + "@";
        return database.jdbcUrl().replaceFirst("^jdbc:postgresql://", "postgresql://" + login);
    }
}
