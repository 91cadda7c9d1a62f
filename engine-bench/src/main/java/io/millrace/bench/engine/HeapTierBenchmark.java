package io.millrace.bench.engine;

import io.millrace.Engine;
import io.millrace.api.Message;
import io.millrace.api.queue.Delivery;
import io.millrace.api.queue.MessageQueue;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What does a message cost in the heap tier, sent, received and acknowledged on one thread, and how much does it allocate?
 * Less than half the speed of the raw tier would change our mind about how deliveries are made.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class HeapTierBenchmark {
    private static final int BATCH = 10;

    /** Bytes of a message. */
    @Param("256")
    public int payload;

    private final Engine engine = Engine.inMemory();
    private final MessageQueue queue = engine.queue("heap");
    private byte[] source = new byte[0];
    private List<Message> batch = List.of();

    /** Makes what is sent. */
    @Setup
    public void allocate() {
        source = new byte[payload];
        batch = Collections.nCopies(BATCH, Message.bytes(source));
    }

    /** Closes the engine. */
    @TearDown
    public void close() {
        engine.close();
    }

    private int receiveAndAck(int max) {
        int acked = 0;
        for (Delivery delivery : queue.receive(max)) {
            acked += delivery.ack() ? 1 : 0;
        }
        return acked;
    }

    /** One message after the other. */
    @Benchmark
    public int sendReceiveAck() {
        var unused = queue.send(Message.bytes(source));
        return receiveAndAck(1);
    }

    /** Ten at once. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public int sendReceiveAckInBatches() {
        var unused = queue.sendAll(batch);
        return receiveAndAck(BATCH);
    }
}
