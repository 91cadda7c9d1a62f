package io.millrace.core.time;

import io.millrace.api.EngineClock;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.LoggerFactory;

/**
 * Engine time: milliseconds that start at the wall clock's reading at open and never go back. Thread-safe.
 *
 * <p>Deadlines, windows and retention run on engine time. Stamps that users see are wall-clock milliseconds, taken by
 * adding the distance of the two, which is measured again at most once a second. Engine time that has fallen behind the
 * wall clock (a suspended machine stops the monotonic clock) catches up by one part in 64, or at once if it is more than
 * an hour behind.
 */
public final class EngineTime {
    /** How far behind the wall clock engine time may be and still catch up slowly: an hour. */
    static final long SLOW_CATCH_UP_MS = 3_600_000L;

    private static final long MOST_AHEAD_MS = 86_400_000L;
    private static final long SAMPLE_INTERVAL_MS = 1_000L;
    private static final long CATCH_UP_PART = 64L;
    private static final long NS_PER_MS = 1_000_000L;

    private final EngineClock clock;
    private final boolean stepped;
    private final long originNs;
    private final AtomicLong lastSampleMs;
    private final AtomicLong offsetMs;
    private volatile long wallAheadMs;
    private volatile Runnable onCatchUp = () -> {};

    public EngineTime(EngineClock clock) {
        this(clock, 0);
    }

    /**
     * Engine time that goes on where an earlier run ended.
     *
     * @param persistedMs engine time that is known to have passed; if it is more than a day ahead of the wall clock, the wall
     *     clock counts, and both are reported
     */
    public EngineTime(EngineClock clock, long persistedMs) {
        this.clock = clock;
        this.stepped = clock instanceof SteppedClock;
        final long wallMs = clock.wallMs();
        final long originMs = origin(wallMs, persistedMs);
        this.wallAheadMs = wallMs - originMs;
        this.offsetMs = new AtomicLong(originMs);
        this.originNs = clock.monotonicNs();
        this.lastSampleMs = new AtomicLong(originMs);
    }

    private static long origin(long wallMs, long persistedMs) {
        if (persistedMs - wallMs > MOST_AHEAD_MS) {
            LoggerFactory.getLogger(EngineTime.class)
                    .warn(
                            "engine time of the earlier run is more than a day ahead, the wall clock counts: engineMs={} wallMs={}",
                            persistedMs,
                            wallMs);
            return wallMs;
        }
        return Math.max(wallMs, persistedMs);
    }

    /** Lets engine time be at least what an earlier run is found to have seen; before anybody reads it. */
    public void raise(long seenMs) {
        final long behindMs = origin(nowMs(), seenMs) - nowMs();
        if (behindMs > 0) {
            offsetMs.addAndGet(behindMs);
            lastSampleMs.addAndGet(behindMs);
            wallAheadMs = clock.wallMs() - nowMs();
        }
    }

    /** Engine time now, in milliseconds, rounded down. */
    public long nowMs() {
        return (clock.monotonicNs() - originNs) / NS_PER_MS + offsetMs.get();
    }

    /**
     * The first instant that lies at least {@code durationMs} after {@code nowMs}. Since {@code nowMs} was rounded down,
     * one more millisecond is needed for nobody to wait less than was asked; a stepped clock has no fractions.
     */
    public long after(long nowMs, long durationMs) {
        return nowMs + durationMs + (stepped || durationMs == 0 ? 0 : 1);
    }

    /** The wall-clock stamp for an engine instant of the last second or so. */
    public long wallMs(long engineMs) {
        final long last = lastSampleMs.get();
        if (stepped || engineMs - last >= SAMPLE_INTERVAL_MS) {
            sample(engineMs, last);
        }
        return engineMs + wallAheadMs;
    }

    /** Only the winner of the CAS measures, so the catch-up of one interval is added once. */
    private void sample(long engineMs, long last) {
        if (lastSampleMs.compareAndSet(last, Math.max(last, engineMs))) {
            final long behindMs = clock.wallMs() - nowMs();
            final long stepMs = stepped ? 0 : catchUpMs(behindMs, engineMs - last);
            offsetMs.addAndGet(stepMs);
            wallAheadMs = behindMs - stepMs;
            if (stepMs > 0) {
                onCatchUp.run();
            }
        }
    }

    /**
     * Lets engine time catch up if it is time for that; for a thread that looks now and then, since an engine in which
     * nobody sends asks for no stamps.
     */
    public void catchUp() {
        wallMs(nowMs());
    }

    /**
     * Sets what is done whenever engine time has moved forward other than by the monotonic clock, so that whoever sleeps
     * until an engine instant can be woken. Called by any thread, inside the gate or outside; must not wait.
     */
    public void onCatchUp(Runnable action) {
        onCatchUp = action;
    }

    /** By how much engine time moves forward, {@code elapsedMs} after the last step. */
    static long catchUpMs(long behindMs, long elapsedMs) {
        if (behindMs <= 0) {
            return 0;
        }
        return behindMs > SLOW_CATCH_UP_MS ? behindMs : Math.min(behindMs, elapsedMs / CATCH_UP_PART);
    }

    /** Nanoseconds of the monotonic clock until an engine instant, at least 0. */
    public long nsUntil(long engineMs) {
        final long waitMs = engineMs - nowMs();
        if (waitMs <= 0) {
            return 0;
        }
        return waitMs >= Long.MAX_VALUE / NS_PER_MS ? Long.MAX_VALUE : waitMs * NS_PER_MS;
    }

    public EngineClock clock() {
        return clock;
    }

    public boolean isStepped() {
        return stepped;
    }
}
