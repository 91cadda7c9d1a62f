package io.millrace.bench.engine;

import io.millrace.Engine;
import io.millrace.api.queue.MessageQueue;
import io.millrace.api.raw.Claim;
import io.millrace.api.raw.Disposition;
import io.millrace.api.raw.RawHandler;
import io.millrace.api.raw.RawReceiver;
import io.millrace.api.raw.RawSender;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
 * What does a message cost in the raw tier, sent, received and acknowledged on one thread? Fewer than 5 M messages a
 * second, or a single allocated byte, would change our mind about the tier. The handler looks at eight bytes only.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RawTierBenchmark {
    private static final int BATCH = 64;

    /** Bytes of a message. */
    @Param("256")
    public int payload;

    private final Engine engine = Engine.inMemory();
    private final MessageQueue queue = engine.queue("raw");
    private final RawSender sender = queue.raw().sender();
    private final RawReceiver receiver = queue.raw().receiver();
    private final Claim claim = sender.newClaim();
    private ByteBuffer source = ByteBuffer.allocateDirect(Long.BYTES);
    private long seen;
    private final RawHandler handler = (delivery, bytes, offset, length, endOfPoll) -> {
        seen += bytes.getLong(offset);
        return Disposition.ACK;
    };

    /** Makes what is sent. */
    @Setup
    public void allocate() {
        source = ByteBuffer.allocateDirect(payload).order(ByteOrder.nativeOrder());
    }

    /** Closes the engine. */
    @TearDown
    public void close() {
        sender.close();
        receiver.close();
        engine.close();
    }

    /** One message after the other, copied in. */
    @Benchmark
    public long offerAndPoll() {
        return sender.offer(source, 0, payload) + receiver.poll(handler, 1) + seen;
    }

    /** One message after the other, written in place: eight bytes of it. */
    @Benchmark
    public long claimAndPoll() {
        long sequence = sender.tryClaim(payload, claim);
        claim.buffer().putLong(claim.offset(), sequence);
        return claim.commit() + receiver.poll(handler, 1) + seen;
    }

    /** 64 messages are sent, then received with one poll. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long offerAndPollInBatches() {
        long result = 0;
        for (int i = 0; i < BATCH; i++) {
            result += sender.offer(source, 0, payload);
        }
        return result + receiver.poll(handler, BATCH) + seen;
    }

    /** There is nothing to receive. */
    @Benchmark
    public int pollNothing() {
        return receiver.poll(handler, 1);
    }
}
