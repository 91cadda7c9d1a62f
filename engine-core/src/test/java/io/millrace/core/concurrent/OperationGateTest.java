package io.millrace.core.concurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class OperationGateTest {
    private static final long PATIENCE_MS = 20_000;

    private final OperationGate gate = new OperationGate();

    @Test
    void shouldHoldBackWhatWasRetiredWhileAnOperationIsInside() {
        int word = gate.enter();
        long stamp = gate.retire();

        assertThat(gate.oldestEra()).isLessThanOrEqualTo(stamp);
        gate.exit(word);
        assertThat(gate.oldestEra()).isGreaterThan(stamp);
    }

    @Test
    void shouldNotHoldBackForAnOperationThatEnteredLater() {
        long stamp = gate.retire();
        int word = gate.enter();

        assertThat(gate.oldestEra()).isGreaterThan(stamp);
        gate.exit(word);
    }

    @Test
    void shouldCountMembersLikeEverybodyElse() {
        GateMember member = gate.join();
        assertThat(gate.enter(member)).isTrue();
        long stamp = gate.retire();

        assertThat(gate.oldestEra()).isLessThanOrEqualTo(stamp);
        gate.exit(member);
        assertThat(gate.isEmpty()).isTrue();
        gate.leave(member);
    }

    @Test
    void shouldLetOneThreadInManyTimes() {
        List<Integer> words = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            words.add(gate.enter());
        }

        assertThat(words).doesNotHaveDuplicates();
        words.forEach(gate::exit);
        assertThat(gate.isEmpty()).isTrue();
    }

    @Test
    void shouldLetThoseInsideRunWhileVirtualThreadsWaitToEnter() throws Exception {
        if (Runtime.version().feature() < 21) {
            String reason = "NOT RUN: virtual threads come with JDK 21, this is "
                    + Runtime.version().feature();
            System.out.println(reason);
            abort(reason);
        }
        List<Integer> words = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            words.add(gate.enter());
        }
        AtomicInteger started = new AtomicInteger();
        int waiters = 2 * Runtime.getRuntime().availableProcessors();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < waiters; i++) {
            threads.add(startVirtual(() -> {
                started.incrementAndGet();
                gate.exit(gate.enter());
            }));
        }
        while (started.get() < waiters) {
            Thread.onSpinWait();
        }

        threads.add(startVirtual(() -> words.forEach(gate::exit)));

        for (Thread thread : threads) {
            thread.join(PATIENCE_MS);
            assertThat(thread.isAlive()).isFalse();
        }
        assertThat(gate.isEmpty()).isTrue();
    }

    private static Thread startVirtual(Runnable work) throws ReflectiveOperationException {
        return (Thread)
                Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, work);
    }

    @Test
    void shouldTurnEverybodyAwayWhenClosed() {
        GateMember member = gate.join();
        int inside = gate.enter();
        gate.close();

        assertThat(gate.enter()).isEqualTo(OperationGate.CLOSED);
        assertThat(gate.enter(member)).isFalse();
        assertThat(gate.isEmpty()).isFalse();
        gate.exit(inside);
        assertThat(gate.isEmpty()).isTrue();
    }

    @Test
    void shouldSayWhichSegmentIsLent() {
        GateMember member = gate.join();
        member.lend(7);

        assertThat(gate.isLent(7)).isTrue();
        assertThat(gate.isLent(8)).isFalse();
        assertThat(gate.isLending()).isTrue();
        member.endLoan();
        assertThat(gate.isLending()).isFalse();
    }
}
