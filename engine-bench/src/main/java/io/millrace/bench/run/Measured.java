package io.millrace.bench.run;

/**
 * What the rounds of a load came to. Immutable.
 *
 * @param messagesPerSecond median of the rounds
 * @param p50Us median of the sampled times, microseconds: from the send to the consumer, or of a whole cycle
 * @param p99Us 99th percentile of the same; noise where threads share cores
 * @param allocatedBytesPerMessage bytes that the worker threads allocated on the heap, for each message
 * @param collections garbage collections while measuring
 * @param refusals sends that found no room and were tried again
 */
public record Measured(
        double messagesPerSecond,
        double p50Us,
        double p99Us,
        double allocatedBytesPerMessage,
        long collections,
        long refusals) {}
