package io.millrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.millrace.core.time.SteppedClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The clock alone, with followers that record when they are called. */
class ManualClockTest {
    private final ManualClock clock = new ManualClock();
    private final List<String> log = new ArrayList<>();

    /** Has actions at instants, and logs its name and the time since the start when it runs one. */
    private final class Recorder implements SteppedClock.Follower {
        private record Action(long atMs, Runnable run) {}

        private final String name;
        private final PriorityQueue<Action> actions = new PriorityQueue<>((a, b) -> Long.compare(a.atMs(), b.atMs()));

        Recorder(String name) {
            this.name = name;
            clock.follow(this);
        }

        Recorder at(long ms) {
            return at(ms, () -> {});
        }

        Recorder at(long ms, Runnable run) {
            actions.add(new Action(ManualClock.START.toEpochMilli() + ms, run));
            return this;
        }

        @Override
        public long nextDueMs() {
            Action next = actions.peek();
            return next == null ? Long.MAX_VALUE : next.atMs();
        }

        @Override
        public long nowMs() {
            return ManualClock.START.toEpochMilli() + clock.monotonicNs() / 1_000_000;
        }

        @Override
        public void runDue() {
            while (nextDueMs() <= nowMs()) {
                log.add(name + "@" + (nowMs() - ManualClock.START.toEpochMilli()));
                actions.remove().run().run();
            }
        }
    }

    private static Duration ms(long ms) {
        return Duration.ofMillis(ms);
    }

    @Nested
    class Standing {
        @Test
        void shouldShowAReadableInstantAtFirst() {
            assertThat(clock.now()).isEqualTo(Instant.parse("2026-01-01T00:00:00Z"));
            assertThat(clock.wallMs()).isEqualTo(clock.now().toEpochMilli());
            assertThat(clock).hasToString("ManualClock[now=2026-01-01T00:00:00Z]");
        }

        @Test
        void shouldStandUntilItIsMoved() {
            assertThat(clock.monotonicNs()).isEqualTo(clock.monotonicNs());
            assertThat(clock.wallMs()).isEqualTo(clock.wallMs());
        }
    }

    @Nested
    class Advancing {
        @Test
        void shouldMoveBothTimes() {
            final long beforeNs = clock.monotonicNs();

            clock.advance(ms(1_500));

            assertThat(clock.monotonicNs() - beforeNs).isEqualTo(1_500_000_000L);
            assertThat(clock.now()).isEqualTo(ManualClock.START.plusMillis(1_500));
        }

        @Test
        void shouldMoveToAnInstant() {
            clock.advanceTo(ManualClock.START.plusSeconds(90));

            assertThat(clock.now()).isEqualTo(ManualClock.START.plusSeconds(90));
        }

        @Test
        void shouldRunWhatIsDueInOrderOfTimeOverAllEngines() {
            new Recorder("a").at(30).at(10);
            new Recorder("b").at(20).at(40);

            clock.advance(ms(40));

            assertThat(log).containsExactly("a@10", "b@20", "a@30", "b@40");
        }

        @Test
        void shouldRunNothingThatIsDueLater() {
            new Recorder("a").at(10).at(11);

            clock.advance(ms(10));

            assertThat(log).containsExactly("a@10");
        }

        @Test
        void shouldRunWhatIsDueNowWhenItMovesByNothing() {
            new Recorder("a").at(0);

            clock.advance(Duration.ZERO);

            assertThat(log).containsExactly("a@0");
        }

        @Test
        void shouldRunWhatBecomesDueOnTheWay() {
            final Recorder a = new Recorder("a");
            final Recorder b = new Recorder("b");
            b.at(10, () -> a.at(10).at(15));

            clock.advance(ms(20));

            assertThat(log).containsExactly("b@10", "a@10", "a@15");
            assertThat(clock.now()).isEqualTo(ManualClock.START.plusMillis(20));
        }

        @Test
        void shouldNotRunAnEngineThatLeftOnTheWay() {
            final Recorder a = new Recorder("a");
            a.at(10, () -> clock.unfollow(a)).at(20);

            clock.advance(ms(30));

            assertThat(log).containsExactly("a@10");
        }

        @Test
        void shouldSerialiseThreadsThatAdvanceAtTheSameTime() throws Exception {
            final int threads = 4;
            final int times = 250;
            final CyclicBarrier together = new CyclicBarrier(threads);
            final AtomicReference<Throwable> failure = new AtomicReference<>();
            final List<Thread> started = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                final Thread thread = new Thread(() -> {
                    try {
                        together.await();
                        for (int k = 0; k < times; k++) {
                            clock.advance(ms(1));
                        }
                    } catch (Exception e) {
                        failure.set(e);
                    }
                });
                started.add(thread);
                thread.start();
            }
            for (Thread thread : started) {
                thread.join();
            }

            assertThat(failure.get()).isNull();
            assertThat(clock.now()).isEqualTo(ManualClock.START.plusMillis(threads * times));
        }
    }

    @Nested
    class Jumping {
        @Test
        void shouldMoveTheWallClockOnly() {
            final long beforeNs = clock.monotonicNs();
            new Recorder("a").at(10);

            clock.wallJump(Duration.ofDays(-2));

            assertThat(clock.now()).isEqualTo(ManualClock.START.minus(Duration.ofDays(2)));
            assertThat(clock.monotonicNs()).isEqualTo(beforeNs);
            assertThat(log).isEmpty();
        }

        @Test
        void shouldGoOnFromWhereItJumped() {
            clock.wallJump(Duration.ofHours(1));

            clock.advance(Duration.ofHours(1));

            assertThat(clock.now()).isEqualTo(ManualClock.START.plus(Duration.ofHours(2)));
        }
    }

    @Nested
    class Misused {
        @Test
        void shouldRefuseToGoBack() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> clock.advance(ms(-1)))
                    .withMessage("duration must not be negative: duration=PT-0.001S");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> clock.advanceTo(ManualClock.START.minusMillis(1)))
                    .withMessageContaining("instant must not be in the past: instant=2025-12-31T23:59:59.999Z");
            assertThat(clock.now()).isEqualTo(ManualClock.START);
        }

        @Test
        void shouldRefuseFractionsOfAMillisecond() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> clock.advance(Duration.ofNanos(1)))
                    .withMessageContaining("duration=PT0.000000001S");
            assertThatIllegalArgumentException().isThrownBy(() -> clock.wallJump(Duration.ofNanos(999_999)));
        }

        @Test
        void shouldRefuseMoreTimeThanItCanCount() {
            clock.advance(Duration.ofDays(365 * 290));

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> clock.advance(Duration.ofDays(365 * 3)))
                    .withMessageContaining("292 years");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> clock.advance(Duration.ofSeconds(Long.MAX_VALUE)))
                    .withMessageContaining("292 years");
        }

        @Test
        void shouldRefuseToBeMovedByWhatItRuns() {
            new Recorder("a").at(10, () -> clock.advance(ms(1)));

            assertThatIllegalStateException()
                    .isThrownBy(() -> clock.advance(ms(20)))
                    .withMessageContaining("by this very thread");
        }

        @Test
        void shouldStandWhereAnEngineThrewAndGoOnFromThere() {
            new Recorder("a")
                    .at(10, () -> {
                        throw new IllegalStateException("broken");
                    })
                    .at(20);

            assertThatIllegalStateException()
                    .isThrownBy(() -> clock.advance(ms(30)))
                    .withMessage("broken");
            assertThat(clock.now()).isEqualTo(ManualClock.START.plusMillis(10));

            clock.advance(ms(20));
            assertThat(log).containsExactly("a@10", "a@20");
        }

        @Test
        void shouldRefuseWorkThatNeverEnds() {
            final Recorder a = new Recorder("a");
            final Recorder b = new Recorder("b");
            final Runnable[] again = new Runnable[2];
            again[0] = () -> b.at(10, again[1]);
            again[1] = () -> a.at(10, again[0]);
            a.at(10, again[0]);
            // a runs, then b, then a in the next round, and so on

            assertThatIllegalStateException()
                    .isThrownBy(() -> clock.advance(ms(10)))
                    .withMessage("something is always due again at once: now=2026-01-01T00:00:00.010Z");
        }
    }

    @Nested
    class AutoAdvancing {
        @Test
        void shouldStandStillForWaitersUnlessAsked() {
            new Recorder("a").at(10);

            clock.beforeWait(() -> false);

            assertThat(log).isEmpty();
            assertThat(clock.now()).isEqualTo(ManualClock.START);
        }

        @Test
        void shouldMoveFromOneDueInstantToTheNextUntilTheWaitIsOver() {
            new Recorder("a").at(10).at(20).at(30);
            clock.autoAdvance();

            clock.beforeWait(() -> log.size() == 2);

            assertThat(log).containsExactly("a@10", "a@20");
            assertThat(clock.now()).isEqualTo(ManualClock.START.plusMillis(20));
        }

        @Test
        void shouldStopWhereNothingIsDueAnyMore() {
            new Recorder("a").at(10);
            clock.autoAdvance();

            clock.beforeWait(() -> false);

            assertThat(clock.now()).isEqualTo(ManualClock.START.plusMillis(10));
        }
    }
}
