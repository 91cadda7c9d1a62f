package io.millrace.core.conductor;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.EngineClock;
import io.millrace.api.EngineConfig;
import io.millrace.core.EngineCore;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The conductor's thread, which is asleep most of the time and must not be when something is due. */
@Timeout(60)
class ConductorTest {
    private static final long HOUR_MS = 3_600_000L;

    /** Less than the conductor sleeps at most, so that it does not come in time by chance. */
    private static final long PATIENCE_S = 5;

    private final Hands hands = new Hands();
    private final EngineCore core = new EngineCore(EngineConfig.defaults().withClock(hands));
    private final CountDownLatch done = new CountDownLatch(1);

    /** A machine's clock in the hands of a test. */
    private static final class Hands implements EngineClock {
        private final AtomicLong wall = new AtomicLong(1_700_000_000_000L);
        private final AtomicLong monotonic = new AtomicLong();

        @Override
        public long wallMs() {
            return wall.get();
        }

        @Override
        public long monotonicNs() {
            return monotonic.get();
        }

        /** Wakes after some hours of sleep, during which the monotonic clock stood still, and a second. */
        void suspend(long ms) {
            wall.addAndGet(ms + 1_000);
            monotonic.addAndGet(1_000_000_000L);
        }
    }

    @AfterEach
    void close() {
        core.close();
    }

    private void startAndAwaitSleep() {
        core.start();
        awaitSleep();
    }

    private static void awaitSleep() {
        while (Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("millrace-conductor-")
                        && thread.getState() == Thread.State.TIMED_WAITING)) {
            LockSupport.parkNanos(100_000L);
        }
    }

    private void assertDone() throws InterruptedException {
        assertThat(done.await(PATIENCE_S, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void shouldNotSleepThroughAnEarlierDeadline() throws InterruptedException {
        core.conductor().schedule(core.time().nowMs() + HOUR_MS, () -> {});
        startAndAwaitSleep();

        core.conductor().schedule(core.time().nowMs(), done::countDown);

        assertDone();
    }

    @Test
    void shouldWakeWhenEngineTimeCatchesUp() throws InterruptedException {
        core.conductor().schedule(core.time().nowMs() + 2 * HOUR_MS, done::countDown);
        startAndAwaitSleep();

        hands.suspend(3 * HOUR_MS);
        core.time().wallMs(core.time().nowMs()); // somebody sends

        assertDone();
    }

    @Test
    void shouldLetEngineTimeCatchUpThoughNobodySends() throws InterruptedException {
        core.conductor().schedule(core.time().nowMs() + 2 * HOUR_MS, done::countDown);
        startAndAwaitSleep();

        hands.suspend(3 * HOUR_MS);
        core.conductor().schedule(core.time().nowMs(), () -> {}); // as good as its own waking up, and sooner

        assertDone();
    }
}
