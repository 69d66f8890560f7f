package io.ledgerconnect.testbed;

import java.time.Duration;

/**
 * What a server has used since its last start, its children included.
 *
 * @param cpu processor time in user and in system mode, summed over all its processes, ended ones too
 * @param peakMemoryBytes the sum of the largest resident sizes of its living processes; memory that they share counts
 *     once for each of them. Of a container, what its control group had at most, cached files included, or, where the
 *     kernel does not tell the engine (control groups of version 2), what it has now.
 */
public record ServerUsage(Duration cpu, long peakMemoryBytes) {}
