package io.millrace.bench.compare;

import io.millrace.bench.run.Payload;
import io.millrace.bench.run.QueueLoad;
import io.millrace.bench.run.Tier;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jctools.queues.MpmcArrayQueue;

/** What is compared. Those of the engine come first. */
public enum Contestant {
    /** The engine without copies on the heap. */
    MILLRACE_RAW("millrace-raw", Threads.MANY_CONSUMERS) {
        @Override
        OpenLane open(QueueLoad load, Payload payload) {
            return EngineLane.open(Tier.RAW, load, payload);
        }
    },
    /** The engine with messages and deliveries as objects. */
    MILLRACE_HEAP("millrace-heap", Threads.MANY_CONSUMERS) {
        @Override
        OpenLane open(QueueLoad load, Payload payload) {
            return EngineLane.open(Tier.HEAP, load, payload);
        }
    },
    /** Passes references to one array; nothing is copied. */
    LINKED_BLOCKING_QUEUE("LinkedBlockingQueue", Threads.MANY_CONSUMERS) {
        @Override
        OpenLane open(QueueLoad load, Payload payload) {
            return QueueLane.ofReferences(new LinkedBlockingQueue<>(capacity(load)), payload);
        }
    },
    /** Each message has an array of its own. */
    LINKED_BLOCKING_QUEUE_CLONE("LinkedBlockingQueue+clone", Threads.MANY_CONSUMERS) {
        @Override
        OpenLane open(QueueLoad load, Payload payload) {
            return QueueLane.ofClones(new LinkedBlockingQueue<>(capacity(load)), payload);
        }
    },
    /** Passes references to one array; nothing is copied, and nothing bounds it. */
    CONCURRENT_LINKED_QUEUE("ConcurrentLinkedQueue", Threads.MANY_CONSUMERS) {
        @Override
        OpenLane open(QueueLoad load, Payload payload) {
            return QueueLane.ofReferences(new ConcurrentLinkedQueue<>(), payload);
        }
    },
    /** Each message has an array of its own; nothing bounds it. */
    CONCURRENT_LINKED_QUEUE_CLONE("ConcurrentLinkedQueue+clone", Threads.MANY_CONSUMERS) {
        @Override
        OpenLane open(QueueLoad load, Payload payload) {
            return QueueLane.ofClones(new ConcurrentLinkedQueue<>(), payload);
        }
    },
    /** JCTools; each message has an array of its own. */
    MPMC_ARRAY_QUEUE_CLONE("MpmcArrayQueue+clone", Threads.MANY_CONSUMERS) {
        @Override
        OpenLane open(QueueLoad load, Payload payload) {
            return QueueLane.ofClones(new MpmcArrayQueue<>(capacity(load)), payload);
        }

        @Override
        List<String> jvmOptions() {
            return unsafeAllowed();
        }
    },
    /** Agrona; bytes are copied into the ring and read there. */
    MANY_TO_ONE_RING_BUFFER("ManyToOneRingBuffer", Threads.ONE_CONSUMER) {
        @Override
        OpenLane open(QueueLoad load, Payload payload) {
            return RingBufferLane.open(capacity(load), payload);
        }

        @Override
        List<String> jvmOptions() {
            List<String> options = new ArrayList<>(unsafeAllowed());
            options.add("--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED");
            return options;
        }
    },
    /** The Disruptor with several producers; bytes are copied into arrays that are there from the beginning. */
    DISRUPTOR("Disruptor", Threads.ONE_CONSUMER) {
        @Override
        OpenLane open(QueueLoad load, Payload payload) {
            return DisruptorLane.open(capacity(load), payload);
        }
    };

    /** Largest window for which all bounded contestants can have the same capacity. */
    public static final int MAX_WINDOW = 1 << 20;

    private static final int JDK_THAT_ASKS = 24;

    private enum Threads {
        MANY_CONSUMERS,
        ONE_CONSUMER
    }

    private final String label;
    private final Threads threads;

    Contestant(String label, Threads threads) {
        this.label = label;
        this.threads = threads;
    }

    abstract OpenLane open(QueueLoad load, Payload payload);

    /** Options without which it would not run, or would print warnings. */
    List<String> jvmOptions() {
        return List.of();
    }

    private static List<String> unsafeAllowed() {
        return Runtime.version().feature() < JDK_THAT_ASKS
                ? List.of()
                : List.of("--sun-misc-unsafe-memory-access=allow");
    }

    private static int capacity(QueueLoad load) {
        return Math.toIntExact(load.window());
    }

    /** Whether it is ours. */
    public boolean isMillrace() {
        return this == MILLRACE_RAW || this == MILLRACE_HEAP;
    }

    /** Whether several consumers may share its messages. */
    public boolean hasManyConsumers() {
        return threads == Threads.MANY_CONSUMERS;
    }

    /** The name as results show it: for others their class, {@code +clone} if each message has bytes of its own. */
    @Override
    public String toString() {
        return label;
    }
}
