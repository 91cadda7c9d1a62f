package io.millrace.bench.compare;

import io.millrace.api.Durability;
import io.millrace.bench.run.Payload;
import io.millrace.bench.run.Tier;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jctools.queues.MpmcArrayQueue;

/** What is compared. Those of the engine come first. */
public enum Contestant {
    /** The engine without copies on the heap. */
    MILLRACE_RAW("millrace-raw", Levels.ALL, Threads.MANY_CONSUMERS) {
        @Override
        OpenLane open(Entrant entrant, Payload payload) {
            return MillraceLane.open(entrant, Tier.RAW, false, payload);
        }
    },
    /** The engine with messages and deliveries as objects. */
    MILLRACE_HEAP("millrace-heap", Levels.ALL, Threads.MANY_CONSUMERS) {
        @Override
        OpenLane open(Entrant entrant, Payload payload) {
            return MillraceLane.open(entrant, Tier.HEAP, false, payload);
        }
    },
    /** The engine without copies on the heap, in each round on a directory that was not there before. */
    MILLRACE_RAW_FRESH("millrace-raw+fresh", Levels.ON_DISK, Threads.MANY_CONSUMERS) {
        @Override
        OpenLane open(Entrant entrant, Payload payload) {
            return MillraceLane.open(entrant, Tier.RAW, true, payload);
        }
    },
    /** Passes references to one array; nothing is copied. */
    LINKED_BLOCKING_QUEUE("LinkedBlockingQueue", Levels.IN_MEMORY, Threads.MANY_CONSUMERS) {
        @Override
        OpenLane open(Entrant entrant, Payload payload) {
            return QueueLane.ofReferences(new LinkedBlockingQueue<>(capacity(entrant)), payload);
        }
    },
    /** Each message has an array of its own. */
    LINKED_BLOCKING_QUEUE_CLONE("LinkedBlockingQueue+clone", Levels.IN_MEMORY, Threads.MANY_CONSUMERS) {
        @Override
        OpenLane open(Entrant entrant, Payload payload) {
            return QueueLane.ofClones(new LinkedBlockingQueue<>(capacity(entrant)), payload);
        }
    },
    /** Passes references to one array; nothing is copied, and nothing bounds it. */
    CONCURRENT_LINKED_QUEUE("ConcurrentLinkedQueue", Levels.IN_MEMORY, Threads.MANY_CONSUMERS) {
        @Override
        OpenLane open(Entrant entrant, Payload payload) {
            return QueueLane.ofReferences(new ConcurrentLinkedQueue<>(), payload);
        }
    },
    /** Each message has an array of its own; nothing bounds it. */
    CONCURRENT_LINKED_QUEUE_CLONE("ConcurrentLinkedQueue+clone", Levels.IN_MEMORY, Threads.MANY_CONSUMERS) {
        @Override
        OpenLane open(Entrant entrant, Payload payload) {
            return QueueLane.ofClones(new ConcurrentLinkedQueue<>(), payload);
        }
    },
    /** JCTools; each message has an array of its own. */
    MPMC_ARRAY_QUEUE_CLONE("MpmcArrayQueue+clone", Levels.IN_MEMORY, Threads.MANY_CONSUMERS) {
        @Override
        OpenLane open(Entrant entrant, Payload payload) {
            return QueueLane.ofClones(new MpmcArrayQueue<>(capacity(entrant)), payload);
        }

        @Override
        List<String> jvmOptions() {
            return unsafeAllowed();
        }
    },
    /** Agrona; bytes are copied into the ring and read there. */
    MANY_TO_ONE_RING_BUFFER("ManyToOneRingBuffer", Levels.IN_MEMORY, Threads.ONE_CONSUMER) {
        @Override
        OpenLane open(Entrant entrant, Payload payload) {
            return RingBufferLane.open(capacity(entrant), payload);
        }

        @Override
        List<String> jvmOptions() {
            List<String> options = new ArrayList<>(unsafeAllowed());
            options.add("--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED");
            return options;
        }
    },
    /** The Disruptor with several producers; bytes are copied into arrays that are there from the beginning. */
    DISRUPTOR("Disruptor", Levels.IN_MEMORY, Threads.ONE_CONSUMER) {
        @Override
        OpenLane open(Entrant entrant, Payload payload) {
            return DisruptorLane.open(capacity(entrant), payload);
        }
    },
    /** Appends to a new queue in each round, whose file is sparse as Chronicle makes it; a tailer reads. */
    CHRONICLE_QUEUE("ChronicleQueue", Levels.PROCESS_CRASH, Threads.ONE_CONSUMER) {
        @Override
        OpenLane open(Entrant entrant, Payload payload) {
            return ChronicleLane.open(entrant, false, payload);
        }

        @Override
        List<String> jvmOptions() {
            return ChronicleLane.jvmOptions();
        }
    },
    /** The same; zeros are written to the file before the round, as far as the round will go. */
    CHRONICLE_QUEUE_PRETOUCHED("ChronicleQueue+pretouched", Levels.PROCESS_CRASH, Threads.ONE_CONSUMER) {
        @Override
        OpenLane open(Entrant entrant, Payload payload) {
            return ChronicleLane.open(entrant, true, payload);
        }

        @Override
        List<String> jvmOptions() {
            return ChronicleLane.jvmOptions();
        }
    },
    /** A file channel: each message is written and then forced, by the thread that sends it. */
    WRITE_AND_FORCE("write+force", Levels.POWER_LOSS, Threads.ONE_CONSUMER) {
        @Override
        OpenLane open(Entrant entrant, Payload payload) {
            return ForcedFileLane.open(entrant, payload);
        }
    };

    /** Largest window for which all bounded contestants can have the same capacity. */
    public static final int MAX_WINDOW = 1 << 20;

    private static final int JDK_THAT_ASKS = 24;

    /** Where a contestant takes part. */
    private enum Levels {
        ALL,
        IN_MEMORY,
        PROCESS_CRASH,
        POWER_LOSS,
        ON_DISK;

        boolean include(Durability level) {
            return switch (this) {
                case ALL -> true;
                case IN_MEMORY -> level == Durability.MEMORY;
                case PROCESS_CRASH -> level == Durability.PROCESS_CRASH;
                case POWER_LOSS -> level == Durability.POWER_LOSS;
                case ON_DISK -> level != Durability.MEMORY;
            };
        }
    }

    private enum Threads {
        MANY_CONSUMERS,
        ONE_CONSUMER
    }

    private final String label;
    private final Levels levels;
    private final Threads threads;

    Contestant(String label, Levels levels, Threads threads) {
        this.label = label;
        this.levels = levels;
        this.threads = threads;
    }

    abstract OpenLane open(Entrant entrant, Payload payload);

    /** Options without which it would not run, or would print warnings. */
    List<String> jvmOptions() {
        return List.of();
    }

    static List<String> unsafeAllowed() {
        return Runtime.version().feature() < JDK_THAT_ASKS
                ? List.of()
                : List.of("--sun-misc-unsafe-memory-access=allow");
    }

    private static int capacity(Entrant entrant) {
        return Math.toIntExact(entrant.load().window());
    }

    /** Whether it is ours. */
    public boolean isMillrace() {
        return this == MILLRACE_RAW || this == MILLRACE_HEAP || this == MILLRACE_RAW_FRESH;
    }

    /** Whether its messages can survive that, and it is compared there. */
    public boolean takesPartAt(Durability level) {
        return levels.include(level);
    }

    /** Whether its rounds begin with pages that it has not used. */
    public boolean isFresh() {
        return this == MILLRACE_RAW_FRESH || this == CHRONICLE_QUEUE || this == CHRONICLE_QUEUE_PRETOUCHED;
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
