package io.ledgerconnect.testbed;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;

/**
 * Starts PostgreSQL, a broker and a worker, prints where they are, and keeps them until the program is ended.
 *
 * <p>Arguments: {@code --plugin-path DIRECTORY}, as often as there are directories; {@code --workers N}.
 */
public final class RunTestbed {

    private RunTestbed() {}

    public static void main(String[] arguments) throws InterruptedException {
        ConnectSpec spec = ConnectSpec.defaults();
        int workers = 1;
        Deque<String> rest = new ArrayDeque<>(Arrays.asList(arguments));
        while (!rest.isEmpty()) {
            switch (rest.pop()) {
                case "--plugin-path" -> spec = spec.withPluginPath(Path.of(rest.pop()));
                case "--workers" -> workers = Integer.parseInt(rest.pop());
                default -> throw new IllegalArgumentException("Arguments: [--plugin-path DIRECTORY]... [--workers N]");
            }
        }
        run(spec, workers);
    }

    private static void run(ConnectSpec spec, int workers) throws InterruptedException {
        try (Testbed testbed = Testbed.open()) {
            System.out.println("files    " + testbed.directory());
            Postgres postgres = testbed.startPostgres(PostgresSpec.defaults());
            System.out.println("postgres " + postgres.jdbcUrl("postgres") + " user " + postgres.user() + " password "
                    + postgres.password());
            KafkaBroker kafka = testbed.startKafka(KafkaSpec.defaults());
            System.out.println("kafka    " + kafka.bootstrapServers());
            for (int worker = 0; worker < workers; worker++) {
                System.out.println(
                        "connect  " + testbed.startConnect(kafka, spec).restUrl());
            }
            System.out.println("Ready. Ctrl-C ends them and removes their files.");
            new CountDownLatch(1).await();
        }
    }
}
