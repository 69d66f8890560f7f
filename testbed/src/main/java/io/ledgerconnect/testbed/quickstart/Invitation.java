package io.ledgerconnect.testbed.quickstart;

import io.ledgerconnect.testbed.ledger.Database;
import io.ledgerconnect.testbed.pipeline.Connectors;
import io.ledgerconnect.testbed.pipeline.Pipeline;

/** What one can try while payments flow. */
final class Invitation {
    private Invitation() {}

    static String of(Pipeline pipeline) {
        String rest = pipeline.workers().get(0).restUrl().toString();
        return """

               Payments flow. Try, in another terminal:

                 curl %1$s/connector-plugins
                 curl %1$s/connectors/%2$s/status
                 curl %1$s/connectors/%3$s/config
                 curl -X PUT %1$s/connectors/%3$s/pause       # and /resume

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
                        uri(pipeline.reportingDatabase()),
                        uri(pipeline.app()),
                        pipeline.app().jdbcUrl(),
                        pipeline.reportingDatabase().jdbcUrl(),
                        pipeline.app().user(),
                        pipeline.app().password(),
                        pipeline.reportingDatabase().user(),
                        pipeline.reportingDatabase().password(),
                        pipeline.kafka().bootstrapServers());
    }

    private static String uri(Database database) {
        String login = database.user() + ":" + database.password() + "@";
        return database.jdbcUrl().replaceFirst("^jdbc:postgresql://", "postgresql://" + login);
    }
}
