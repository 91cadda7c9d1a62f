package io.millrace.bench.micro;

import io.millrace.api.EngineClock;
import io.millrace.api.queue.Delivery;
import io.millrace.core.conductor.Conductor;
import io.millrace.core.time.EngineTime;
import io.millrace.queue.waiting.Waiter;
import io.millrace.queue.waiting.Waiters;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What does a sender pay when nobody waits, and what does a receive that waits cost until it is served? More than a read
 * for a sender would change our mind about how waiters are counted.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class WaitersBenchmark {
    private static final long HIDDEN_MS = 30_000;

    /** Stands for a list of deliveries; what is in it does not matter here. */
    private static final Delivery NO_DELIVERY = (Delivery) Proxy.newProxyInstance(
            Delivery.class.getClassLoader(), new Class<?>[] {Delivery.class}, (proxy, method, args) -> {
                throw new UnsupportedOperationException(method.getName());
            });

    private static final List<Delivery> SOMETHING = List.of(NO_DELIVERY);

    private final Memory memory = new Memory();
    private final EngineTime time = new EngineTime(EngineClock.system());
    private final Conductor conductor =
            new Conductor(time, memory.gate, memory.pool, nowMs -> false, IllegalStateException::new);
    private boolean visible;
    private final Waiters waiters = new Waiters(conductor, new Waiters.Claimer() {
        @Override
        public List<Delivery> claim(Waiter waiter) {
            return visible ? SOMETHING : List.of();
        }

        @Override
        public void giveBack(List<Delivery> deliveries) {
            throw new IllegalStateException("nobody cancels here");
        }
    });

    /** Gives the memory back. */
    @TearDown
    public void release() {
        memory.pool.release();
    }

    /** Nobody waits. */
    @Benchmark
    public int serveNobody() {
        waiters.serve();
        return waiters.count();
    }

    /** A receive parks, a message becomes visible, the receive is served. */
    @Benchmark
    public boolean parkAndServe() {
        visible = false;
        Waiter waiter = waiters.park(1, HIDDEN_MS, time.nowMs() + HIDDEN_MS);
        visible = true;
        waiters.serve();
        return waiter.future().isDone();
    }
}
