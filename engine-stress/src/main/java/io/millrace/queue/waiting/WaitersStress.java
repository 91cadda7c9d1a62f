package io.millrace.queue.waiting;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.millrace.api.EngineConfig;
import io.millrace.api.queue.Delivery;
import io.millrace.stress.Rig;
import io.millrace.testkit.TestEngine;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** {@link Waiters} over a queue that is a number of messages. */
public final class WaitersStress {
    private WaitersStress() {}

    /** Waiters, and how many messages are visible. */
    private static class Lounge {
        private static final Rig RIG = new Rig(Rig.SMALL_BYTES);
        private static final List<Delivery> ONE = delivery();

        final AtomicInteger visible = new AtomicInteger();
        final Waiters waiters = new Waiters(RIG.core().conductor(), new Waiters.Claimer() {
            @Override
            public List<Delivery> claim(Waiter waiter) {
                final int before = visible.getAndUpdate(count -> Math.max(0, count - 1));
                return before > 0 ? ONE : List.of();
            }

            @Override
            public void giveBack(List<Delivery> deliveries) {
                visible.incrementAndGet();
            }
        });

        private static List<Delivery> delivery() {
            try (TestEngine engine = TestEngine.inMemory(EngineConfig.defaults().withOffHeapLimit(Rig.SMALL_BYTES))) {
                engine.queue("q").send("any");
                return engine.queue("q").receive(1);
            }
        }

        CompletableFuture<List<Delivery>> park() {
            return waiters.park(1, 0, Long.MAX_VALUE).future();
        }

        void publish() {
            visible.incrementAndGet();
            waiters.serve();
        }

        static int got(CompletableFuture<List<Delivery>> future) {
            return future.isDone() && !future.isCancelled() ? future.join().size() : 0;
        }
    }

    /** Hazard H13: a receive that parks while a message is published gets it. */
    @JCStressTest
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "Received.")
    @Outcome(expect = FORBIDDEN, desc = "A receive sleeps beside its message, or the message is gone.")
    @State
    public static class ParkAgainstPublish extends Lounge {
        private CompletableFuture<List<Delivery>> future = new CompletableFuture<>();

        @Actor
        public void receiver() {
            future = park();
        }

        @Actor
        public void publisher() {
            publish();
        }

        @Arbiter
        public void after(II_Result r) {
            r.r1 = got(future);
            r.r2 = visible.get();
        }
    }

    /** Hazard H13: two messages that are published together wake two receives. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "Both received.")
    @Outcome(expect = FORBIDDEN, desc = "A call to serve was lost.")
    @State
    public static class TwoPublishers extends Lounge {
        private final CompletableFuture<List<Delivery>> first = park();
        private final CompletableFuture<List<Delivery>> second = park();

        @Actor
        public void first() {
            publish();
        }

        @Actor
        public void second() {
            publish();
        }

        @Arbiter
        public void after(II_Result r) {
            r.r1 = got(first);
            r.r2 = got(second);
        }
    }

    /** Hazard H13: a receive that is cancelled neither takes a message with it nor hides it from the next. */
    @JCStressTest
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "Received before it was cancelled.")
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "Cancelled; the next receive got the message.")
    @Outcome(expect = FORBIDDEN, desc = "The message is gone, or both got it.")
    @State
    public static class CancelAgainstPublish extends Lounge {
        private final CompletableFuture<List<Delivery>> first = park();
        private final CompletableFuture<List<Delivery>> second = park();

        @Actor
        public void canceller() {
            first.cancel(false);
        }

        @Actor
        public void publisher() {
            publish();
        }

        @Arbiter
        public void after(II_Result r) {
            r.r1 = got(first);
            r.r2 = got(second);
        }
    }

    /** Hazards H12 and H13: a receive that parks while its queue closes ends. */
    @JCStressTest
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "Ended.")
    @Outcome(expect = FORBIDDEN, desc = "It waits for ever.")
    @State
    public static class ParkAgainstClose extends Lounge {
        private CompletableFuture<List<Delivery>> future = new CompletableFuture<>();

        @Actor
        public void receiver() {
            future = park();
        }

        @Actor
        public void closer() {
            waiters.close(new IllegalStateException("closed"));
        }

        @Arbiter
        public void after(II_Result r) {
            r.r1 = future.isCompletedExceptionally() ? 1 : 0;
            r.r2 = waiters.count();
        }
    }

    /** Negative control: a receive that looks, parks and does not look again sleeps beside its message. */
    @JCStressTest
    @Outcome(id = "0, 1", expect = ACCEPTABLE_INTERESTING, desc = "It sleeps: what the second look is for.")
    @Outcome(expect = ACCEPTABLE, desc = "The rest.")
    @State
    public static class ControlWithoutSecondLook {
        private final AtomicInteger visible = new AtomicInteger();
        private final AtomicInteger waiting = new AtomicInteger();
        private int received;
        private int woken;

        @Actor
        public void receiver() {
            received = visible.get();
            waiting.set(1);
        }

        @Actor
        public void publisher() {
            visible.set(1);
            woken = waiting.get();
        }

        @Arbiter
        public void after(II_Result r) {
            r.r1 = received + woken;
            r.r2 = visible.get();
        }
    }
}
