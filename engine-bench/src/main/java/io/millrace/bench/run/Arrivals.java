package io.millrace.bench.run;

import java.nio.ByteBuffer;
import org.HdrHistogram.Histogram;

/** What one thread makes of the messages that it receives. Confined to that thread while it works. */
public final class Arrivals {
    private static final long LONGEST_NS = 3_600_000_000_000L;
    private static final int DIGITS = 3;

    private final Payload payload;
    private final Histogram latencyNs = newHistogram();
    private long damaged;

    /** @param payload what every message must carry */
    public Arrivals(Payload payload) {
        this.payload = payload;
    }

    /** A histogram of nanoseconds that never allocates while recording. */
    static Histogram newHistogram() {
        return new Histogram(LONGEST_NS, DIGITS);
    }

    /** Looks at every byte of a message that was received. */
    public void arrived(byte[] bytes) {
        if (!payload.isIntact(bytes)) {
            damaged++;
        }
        took(Payload.stamp(bytes));
    }

    /** The same for one that is lent; the buffer is in native byte order. */
    public void arrived(ByteBuffer buffer, int offset, int length) {
        if (!payload.isIntact(buffer, offset, length)) {
            damaged++;
        }
        took(buffer.getLong(offset));
    }

    private void took(long stampNs) {
        if (stampNs != Samples.NONE) {
            record(System.nanoTime() - stampNs);
        }
    }

    void record(long ns) {
        latencyNs.recordValue(Math.min(Math.max(ns, 1), LONGEST_NS));
    }

    Histogram latencyNs() {
        return latencyNs;
    }

    /** Messages whose bytes were not those that were sent. */
    public long damaged() {
        return damaged;
    }
}
