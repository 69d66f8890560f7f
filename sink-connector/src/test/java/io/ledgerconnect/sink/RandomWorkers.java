package io.ledgerconnect.sink;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;

/**
 * Tasks of one pipeline that read their clusters in random pieces and orders, go back, are replaced by others, and
 * either share the partitions or all read everything, as tasks do of which others think that they are dead.
 */
final class RandomWorkers implements AutoCloseable {
    private static final int MOST_TASKS = 3;
    private static final String TERMINATE = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            + " WHERE datname = current_database() AND pid <> pg_backend_pid()";

    private final ReportingStore store;
    private final Map<String, String> settings;
    private final Random random;
    private final boolean share;
    private final List<Topics> clusters = new ArrayList<>();
    private final List<RunningSink> tasks = new ArrayList<>();

    RandomWorkers(ReportingStore store, List<Topics> clusters, Map<String, String> settings, Random random) {
        this.store = store;
        this.settings = settings;
        this.random = random;
        this.share = random.nextBoolean();
        int each = 1 + random.nextInt(MOST_TASKS);
        for (Topics cluster : clusters) {
            for (int i = 0; i < each; i++) {
                this.clusters.add(cluster);
                tasks.add(new RunningSink(store, cluster, settings));
            }
        }
    }

    /** One task does something. */
    void step() {
        int task = random.nextInt(tasks.size());
        int what = random.nextInt(100);
        if (what < 4) {
            replace(task);
        } else if (what < 10) {
            TopicPartition partition = any(partitions(task));
            if (partition != null) {
                goBack(tasks.get(task), partition, tasks.get(task).position(partition));
            }
        } else if (what == 10) {
            store.rows(TERMINATE);
        } else {
            RunningSink sink = tasks.get(task);
            sink.pollRecords(1 + random.nextInt(12)).reading(all -> someOf(partitions(task)));
            sink.put(sink.poll());
        }
    }

    /** Reads everything to its end, all tasks at once. */
    void finish() {
        CompletableFuture<?>[] reading = new CompletableFuture<?>[tasks.size()];
        for (int i = 0; i < reading.length; i++) {
            int task = i;
            int most = 1 + random.nextInt(50);
            reading[i] = CompletableFuture.runAsync(() -> tasks.get(task)
                    .pollRecords(most)
                    .reading(all -> partitions(task))
                    .drain());
        }
        CompletableFuture.allOf(reading).join();
    }

    /** Another task goes on where the last one may have stored its offsets. */
    private void replace(int task) {
        RunningSink old = tasks.get(task);
        old.close();
        RunningSink next = new RunningSink(store, clusters.get(task), settings);
        for (TopicPartition partition : partitions(task)) {
            goBack(next, partition, old.position(partition));
        }
        tasks.set(task, next);
    }

    private void goBack(RunningSink sink, TopicPartition partition, long position) {
        sink.readFrom(partition, random.nextLong(position + 1));
    }

    /** Those that are the task's. */
    private List<TopicPartition> partitions(int task) {
        List<TopicPartition> all = clusters.get(task).partitions();
        int tasksOfCluster = tasks.size() / (int) clusters.stream().distinct().count();
        List<TopicPartition> own = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            if (!share || i % tasksOfCluster == task % tasksOfCluster) {
                own.add(all.get(i));
            }
        }
        return own;
    }

    private List<TopicPartition> someOf(List<TopicPartition> partitions) {
        List<TopicPartition> some = new ArrayList<>(partitions);
        Collections.shuffle(some, random);
        return some.subList(0, some.isEmpty() ? 0 : 1 + random.nextInt(some.size()));
    }

    private TopicPartition any(List<TopicPartition> partitions) {
        return partitions.isEmpty() ? null : partitions.get(random.nextInt(partitions.size()));
    }

    @Override
    public void close() {
        tasks.forEach(RunningSink::close);
    }
}
