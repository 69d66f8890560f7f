package io.ledgerconnect.testbed.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.CpuStatsConfig;
import com.github.dockerjava.api.model.CpuUsageConfig;
import com.github.dockerjava.api.model.MemoryStatsConfig;
import com.github.dockerjava.api.model.Statistics;
import io.ledgerconnect.testbed.ServerUsage;
import io.ledgerconnect.testbed.TestbedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** What a container's control group has used; it is made anew at every start. */
final class ContainerUsage {

    /** The engine measures twice, a second apart. */
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private ContainerUsage() {}

    static ServerUsage of(DockerClient client, String id) {
        Statistics statistics = measure(client, id);
        return new ServerUsage(cpu(statistics), peakMemoryBytes(statistics));
    }

    private static Statistics measure(DockerClient client, String id) {
        AtomicReference<Statistics> measured = new AtomicReference<>();
        try (var callback = new ResultCallback.Adapter<Statistics>() {
            @Override
            public void onNext(Statistics statistics) {
                measured.set(statistics);
            }
        }) {
            client.statsCmd(id)
                    .withNoStream(true)
                    .exec(callback)
                    .awaitCompletion(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        return Optional.ofNullable(measured.get())
                .orElseThrow(() -> new TestbedException("The Docker engine does not tell what the container uses"));
    }

    private static Duration cpu(Statistics statistics) {
        return Optional.ofNullable(statistics.getCpuStats())
                .map(CpuStatsConfig::getCpuUsage)
                .map(CpuUsageConfig::getTotalUsage)
                .map(Duration::ofNanos)
                .orElse(Duration.ZERO);
    }

    /** Control groups of version 2 do not tell the engine their peak. */
    private static long peakMemoryBytes(Statistics statistics) {
        Optional<MemoryStatsConfig> memory = Optional.ofNullable(statistics.getMemoryStats());
        return memory.map(MemoryStatsConfig::getMaxUsage)
                .or(() -> memory.map(MemoryStatsConfig::getUsage))
                .orElse(0L);
    }
}
