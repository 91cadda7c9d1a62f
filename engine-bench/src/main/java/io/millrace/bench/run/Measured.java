package io.millrace.bench.run;

import java.util.StringJoiner;

/**
 * What the rounds of a load came to. Immutable.
 *
 * @param messagesPerSecond median of the rounds
 * @param slowest messages per second of the slowest round
 * @param fastest messages per second of the fastest round
 * @param p50Us median of the sampled times, microseconds: from the send to the consumer, of a whole cycle, or, if only
 *     one side is measured, of a send or of a receive of a whole batch
 * @param p99Us 99th percentile of the same; noise where threads share cores
 * @param allocatedBytesPerMessage bytes that the worker threads allocated on the heap, for each message
 * @param collections garbage collections while measuring
 * @param refusals sends that found no room and were tried again
 * @param forcesPerSecond system calls that forced a file
 * @param messagesPerForce messages for each of these calls; 0 if there were none
 * @param faultsPerMib minor page faults of the process in these rounds, for each MiB of payload; 0 where the system does
 *     not tell
 */
public record Measured(
        double messagesPerSecond,
        double slowest,
        double fastest,
        double p50Us,
        double p99Us,
        double allocatedBytesPerMessage,
        long collections,
        long refusals,
        double forcesPerSecond,
        double messagesPerForce,
        double faultsPerMib) {
    /** One line, for {@link #parse}. */
    public String toLine() {
        return new StringJoiner(" ")
                .add(Double.toString(messagesPerSecond))
                .add(Double.toString(slowest))
                .add(Double.toString(fastest))
                .add(Double.toString(p50Us))
                .add(Double.toString(p99Us))
                .add(Double.toString(allocatedBytesPerMessage))
                .add(Long.toString(collections))
                .add(Long.toString(refusals))
                .add(Double.toString(forcesPerSecond))
                .add(Double.toString(messagesPerForce))
                .add(Double.toString(faultsPerMib))
                .toString();
    }

    /** Reads a line of {@link #toLine}. */
    public static Measured parse(String line) {
        String[] parts = line.split(" ", -1);
        return new Measured(
                Double.parseDouble(parts[0]),
                Double.parseDouble(parts[1]),
                Double.parseDouble(parts[2]),
                Double.parseDouble(parts[3]),
                Double.parseDouble(parts[4]),
                Double.parseDouble(parts[5]),
                Long.parseLong(parts[6]),
                Long.parseLong(parts[7]),
                Double.parseDouble(parts[8]),
                Double.parseDouble(parts[9]),
                Double.parseDouble(parts[10]));
    }
}
