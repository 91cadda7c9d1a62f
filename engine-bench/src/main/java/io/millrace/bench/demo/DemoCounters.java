package io.millrace.bench.demo;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;

/** What the consumers have done so far. Thread-safe. */
final class DemoCounters {
    private static final long LONGEST_NS = 3_600_000_000_000L;
    private static final int DIGITS = 3;

    private final LongAdder delivered = new LongAdder();
    private final LongAdder redelivered = new LongAdder();
    private final LongAdder accepted = new LongAdder();
    private final LongAdder acceptedBytes = new LongAdder();
    private final LongAdder late = new LongAdder();
    private final AtomicLong deadLettered = new AtomicLong();
    private final AtomicLong redriven = new AtomicLong();
    private final ConcurrentHistogram latencyNs = new ConcurrentHistogram(LONGEST_NS, DIGITS);

    void delivery(boolean isRepeated) {
        delivered.increment();
        if (isRepeated) {
            redelivered.increment();
        }
    }

    /** A piece came to a consumer for the first time. */
    void firstDelivery(long sinceSentNs) {
        latencyNs.recordValue(Math.min(Math.max(sinceSentNs, 1), LONGEST_NS));
    }

    void accept(Piece piece) {
        accepted.increment();
        if (!piece.isName()) {
            acceptedBytes.add(piece.bytes().length);
        }
    }

    /** A delivery that could not be acknowledged, since its message had gone to another consumer. */
    void late() {
        late.increment();
    }

    /** What consumers elsewhere have done since they last told. */
    void add(long deliveries, long redeliveries, long lateDeliveries) {
        delivered.add(deliveries);
        redelivered.add(redeliveries);
        late.add(lateDeliveries);
    }

    void deadLettered(long total) {
        deadLettered.set(total);
    }

    void redriven(long more) {
        redriven.addAndGet(more);
    }

    long deliveries() {
        return delivered.sum();
    }

    long redeliveries() {
        return redelivered.sum();
    }

    long accepted() {
        return accepted.sum();
    }

    /** Bytes of the lines that were accepted. */
    long acceptedBytes() {
        return acceptedBytes.sum();
    }

    long lateDeliveries() {
        return late.sum();
    }

    long deadLetters() {
        return deadLettered.get();
    }

    long redriven() {
        return redriven.get();
    }

    /** Nanoseconds from sending to the first delivery that a share of all messages stayed within. */
    long latencyNs(double percentile) {
        return latencyNs.getValueAtPercentile(percentile);
    }
}
