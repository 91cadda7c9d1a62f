package io.millrace.core.concurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GroupCommitTest {
    /** A disk whose forces wait until they are let go on, and fail if told so. */
    private final class Disk implements GroupCommit.Forced {
        private final List<Thread> forces = new CopyOnWriteArrayList<>();
        private volatile CountDownLatch open = new CountDownLatch(0);
        private volatile boolean isBroken;

        @Override
        public void force() throws IOException {
            forces.add(Thread.currentThread());
            awaitUninterruptibly(open);
            if (isBroken) {
                throw broken;
            }
        }

        void close() {
            open = new CountDownLatch(1);
        }

        void letGo() {
            open.countDown();
        }

        void awaitForces(int count) {
            while (forces.size() < count) {
                Thread.onSpinWait();
            }
        }
    }

    private final IOException broken = new IOException("Input/output error");
    private final Disk disk = new Disk();
    private final GroupCommit commits = new GroupCommit(disk);

    /** Waits for a round on a thread of its own. */
    private final class Waiting {
        private final AtomicReference<Throwable> thrown = new AtomicReference<>();
        private volatile boolean interruptedAfter;
        private final Thread thread = new Thread(this::run, "waiting");

        Waiting start() {
            thread.start();
            return this;
        }

        private void run() {
            try {
                commits.await(commits.ticket());
            } catch (IOException | RuntimeException e) {
                thrown.set(e);
            }
            interruptedAfter = Thread.currentThread().isInterrupted();
        }

        /** Returns when the thread has lain down; for threads that neither lead nor are done. */
        Waiting parked() {
            while (thread.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
            return this;
        }

        void join() throws InterruptedException {
            thread.join();
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        boolean interrupted = false;
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    // ---- rounds ---------------------------------------------------------------------------------------------------

    @Test
    void shouldForceForASingleThread() throws IOException {
        long ticket = commits.ticket();
        assertThat(commits.isCompleted(ticket)).isFalse();

        commits.await(ticket);

        assertThat(commits.isCompleted(ticket)).isTrue();
        assertThat(disk.forces).containsExactly(Thread.currentThread());
        commits.await(ticket);
        assertThat(disk.forces).hasSize(1);
        assertThat(commits.isCompleted(commits.ticket())).isFalse();
    }

    @Test
    void shouldForceEverythingThatWasStoredBeforeTheTicket() throws InterruptedException {
        AtomicLong stored = new AtomicLong();
        AtomicLong forced = new AtomicLong();
        AtomicInteger forces = new AtomicInteger();
        AtomicReference<String> problem = new AtomicReference<>();
        GroupCommit shared = new GroupCommit(() -> {
            long before = stored.get();
            forces.incrementAndGet();
            Thread.onSpinWait();
            forced.set(before);
        });
        List<Thread> threads = new ArrayList<>();
        int each = 2_000;
        for (int i = 0; i < 6; i++) {
            Thread thread = new Thread(() -> {
                for (int n = 0; n < each; n++) {
                    long own = stored.incrementAndGet();
                    try {
                        shared.await(shared.ticket());
                    } catch (IOException e) {
                        problem.set(e.toString());
                    }
                    if (forced.get() < own) {
                        problem.set("not forced: " + own + " forced=" + forced.get());
                    }
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(problem.get()).isNull();
        assertThat(forces.get()).isLessThanOrEqualTo(6 * each);
    }

    @Test
    void shouldCoverAllThatWaitWithOneForce() throws InterruptedException {
        disk.close();
        Waiting leader = new Waiting().start();
        disk.awaitForces(1);
        List<Waiting> others = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            others.add(new Waiting().start().parked());
        }
        disk.letGo();
        leader.join();
        for (Waiting other : others) {
            other.join();
            assertThat(other.thrown.get()).isNull();
        }

        assertThat(disk.forces).hasSize(2);
    }

    @Test
    void shouldNotBeServedByARoundThatBeganBefore() throws InterruptedException {
        disk.close();
        Waiting leader = new Waiting().start();
        disk.awaitForces(1);
        long ticket = commits.ticket();

        disk.letGo();
        leader.join();

        assertThat(commits.isCompleted(ticket)).isFalse();
    }

    @Test
    void shouldBeLedOnByOneOfThoseThatWait() throws InterruptedException {
        disk.close();
        Waiting leader = new Waiting().start();
        disk.awaitForces(1);
        Waiting next = new Waiting().start().parked();
        disk.letGo();
        leader.join();
        next.join();

        assertThat(disk.forces).containsExactly(leader.thread, next.thread);
    }

    // ---- failure --------------------------------------------------------------------------------------------------

    @Test
    void shouldTellEverybodyThatWaitsOfAFailure() throws InterruptedException {
        disk.close();
        disk.isBroken = true;
        Waiting leader = new Waiting().start();
        disk.awaitForces(1);
        Waiting second = new Waiting().start().parked();
        Waiting third = new Waiting().start().parked();
        disk.letGo();
        leader.join();
        second.join();
        third.join();

        assertThat(leader.thrown.get()).isSameAs(broken);
        assertThat(second.thrown.get()).isSameAs(broken);
        assertThat(third.thrown.get()).isSameAs(broken);
        assertThat(disk.forces).as("it is not tried again").hasSize(1);
    }

    @Test
    void shouldNeverForceAgainAfterAFailure() {
        long before = commits.ticket();
        disk.isBroken = true;
        assertThatThrownBy(() -> commits.await(before)).isSameAs(broken);

        disk.isBroken = false;
        assertThatThrownBy(() -> commits.await(commits.ticket())).isSameAs(broken);
        assertThatThrownBy(() -> commits.await(before)).isSameAs(broken);
        assertThat(commits.isCompleted(before)).isFalse();
        assertThat(disk.forces).hasSize(1);
    }

    @Test
    void shouldNotThrowForWhatWasForcedBeforeTheFailure() throws IOException {
        long before = commits.ticket();
        commits.await(before);
        disk.isBroken = true;
        assertThatThrownBy(() -> commits.await(commits.ticket())).isSameAs(broken);

        commits.await(before);
    }

    @Test
    void shouldFailTypedWhateverWasThrown() {
        GroupCommit unsound = new GroupCommit(() -> {
            throw new InternalError("a fault occurred in an unsafe memory access operation");
        });

        assertThatThrownBy(() -> unsound.await(unsound.ticket()))
                .isInstanceOf(IOException.class)
                .hasCauseInstanceOf(InternalError.class);
    }

    // ---- interrupts -----------------------------------------------------------------------------------------------

    @Test
    void shouldWaitOnAndStayInterrupted() throws InterruptedException {
        disk.close();
        Waiting leader = new Waiting().start();
        disk.awaitForces(1);
        Waiting waiting = new Waiting().start().parked();
        waiting.thread.interrupt();
        leader.thread.interrupt();
        waiting.parked();
        disk.letGo();
        leader.join();
        waiting.join();

        assertThat(waiting.thrown.get()).isNull();
        assertThat(waiting.interruptedAfter).isTrue();
        assertThat(leader.thrown.get()).isNull();
        assertThat(leader.interruptedAfter).isTrue();
    }

    @Test
    void shouldStayInterruptedWhenItFails() throws InterruptedException {
        disk.close();
        disk.isBroken = true;
        Waiting leader = new Waiting().start();
        disk.awaitForces(1);
        Waiting waiting = new Waiting().start().parked();
        waiting.thread.interrupt();
        waiting.parked();
        disk.letGo();
        leader.join();
        waiting.join();

        assertThat(waiting.thrown.get()).isSameAs(broken);
        assertThat(waiting.interruptedAfter).isTrue();
    }

    // ---- actions --------------------------------------------------------------------------------------------------

    @Test
    void shouldRunAnActionAfterItsRound() throws IOException {
        List<String> order = new ArrayList<>();
        GroupCommit traced = new GroupCommit(() -> order.add("force"));
        traced.afterForce(() -> order.add("first"));
        traced.afterForce(() -> order.add("second"));
        assertThat(traced.hasActions()).isTrue();
        assertThat(order).isEmpty();

        traced.await(traced.ticket());

        assertThat(order).containsExactly("force", "first", "second");
        assertThat(traced.hasActions()).isFalse();
        traced.await(traced.ticket());
        assertThat(order).containsExactly("force", "first", "second", "force");
    }

    @Test
    void shouldNotRunAnActionAfterARoundThatBeganBefore() throws IOException {
        List<String> order = new ArrayList<>();
        GroupCommit[] self = new GroupCommit[1];
        GroupCommit traced = new GroupCommit(() -> {
            order.add("force");
            if (order.size() == 1) {
                self[0].afterForce(() -> order.add("action")); // stored while the round was under way
            }
        });
        self[0] = traced;

        traced.await(traced.ticket());
        assertThat(order).containsExactly("force");
        assertThat(traced.hasActions()).isTrue();

        traced.await(traced.ticket());
        assertThat(order).containsExactly("force", "force", "action");
    }

    @Test
    void shouldRunWhatAnActionAddsAfterTheNextRound() throws IOException {
        List<String> order = new ArrayList<>();
        GroupCommit traced = new GroupCommit(() -> order.add("force"));
        traced.afterForce(() -> {
            order.add("first");
            traced.afterForce(() -> order.add("second"));
        });

        traced.await(traced.ticket());
        assertThat(order).containsExactly("force", "first");
        traced.await(traced.ticket());
        assertThat(order).containsExactly("force", "first", "force", "second");
    }

    @Test
    void shouldRunNoActionAfterAFailure() {
        AtomicInteger runs = new AtomicInteger();
        commits.afterForce(runs::incrementAndGet);
        disk.isBroken = true;

        assertThatThrownBy(() -> commits.await(commits.ticket())).isSameAs(broken);
        assertThatThrownBy(() -> commits.await(commits.ticket())).isSameAs(broken);
        assertThat(runs).hasValue(0);
    }
}
