package io.millrace.bench.engine;

import io.millrace.Engine;
import io.millrace.api.queue.Delivery;
import io.millrace.api.queue.MessageQueue;
import io.millrace.api.queue.ReceiptHandle;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What does a receipt cost to make, and to check? Both are a SipHash of 24 bytes and what surrounds it. More than a
 * microsecond would change our mind about authenticated receipts.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ReceiptsBenchmark {
    private final Engine engine = Engine.inMemory();
    private final MessageQueue queue = engine.queue("receipts");
    private final Delivery delivery = receiveOne(queue);
    private final ReceiptHandle goneReceipt = receiptOfAGoneMessage(queue);

    private static Delivery receiveOne(MessageQueue queue) {
        var unused = queue.send("message");
        return queue.receive(1).get(0);
    }

    private static ReceiptHandle receiptOfAGoneMessage(MessageQueue queue) {
        Delivery gone = receiveOne(queue);
        ReceiptHandle receipt = gone.receipt();
        if (!gone.ack()) {
            throw new IllegalStateException("a message was gone before it was acknowledged");
        }
        return receipt;
    }

    /** Closes the engine. */
    @TearDown
    public void close() {
        engine.close();
    }

    /** Makes the receipt of a delivery. */
    @Benchmark
    public ReceiptHandle issue() {
        return delivery.receipt();
    }

    /** Checks a receipt and finds that its message is gone. */
    @Benchmark
    public boolean checkStale() {
        return queue.ack(goneReceipt);
    }
}
