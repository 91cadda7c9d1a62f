package io.millrace.bench.run;

/**
 * What a queue benchmark measured. Immutable.
 *
 * @param tier which way the queue was used
 * @param load what was done in each round
 * @param rounds how often
 * @param messagesPerSecond median of the rounds
 * @param p50Us median of the sampled times, microseconds: from the send to the consumer, or of a whole cycle
 * @param p99Us 99th percentile of the same; noise where threads share cores
 * @param allocatedBytesPerMessage bytes that the worker threads allocated on the heap, for each message
 * @param collections garbage collections while measuring
 * @param refusals sends that found no room and were tried again
 */
public record QueueFigures(
        Tier tier,
        QueueLoad load,
        Rounds rounds,
        double messagesPerSecond,
        double p50Us,
        double p99Us,
        double allocatedBytesPerMessage,
        long collections,
        long refusals) {
    /** For example {@code millrace-raw} or {@code millrace-heap-cycle}. */
    public String name() {
        return "millrace-" + tier + (load.crew().isCycle() ? "-cycle" : "");
    }
}
