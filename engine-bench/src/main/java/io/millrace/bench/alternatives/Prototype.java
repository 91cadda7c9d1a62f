package io.millrace.bench.alternatives;

import io.millrace.bench.alternatives.PrototypeLog.Reuse;
import io.millrace.bench.alternatives.PrototypeQueue.Shape;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * How fast can the intended design go before deadlines, waiters and limits are added to it, and where does the time go?
 *
 * <p>A cycle is send, receive and ack of one message of 256 bytes; the receiver reads the whole payload. Fewer than 5
 * M cycles per second on one thread, or fewer with two threads than a {@link LinkedBlockingQueue} passes references,
 * would change our mind.
 *
 * <p>Run with {@code single}, {@code phases}, {@code pair}, {@code reuse} or {@code costs}.
 */
final class Prototype {

    private static final int PAYLOAD = 256;
    private static final Reuse HOT = Reuse.HOTTEST_FIRST;
    private static final int MIB = 1 << 20;

    private final PrototypeQueue queue;
    private final PrototypeLog log;
    private final ByteBuffer payload = Words.direct(PAYLOAD);
    private final long[] received = new long[256];
    private final long[] one = new long[1];
    private long emptyPolls;

    private Prototype(Shape shape, int segments, Reuse reuse) {
        this(shape, segments, reuse, 0);
    }

    private Prototype(Shape shape, int segments, Reuse reuse, int restingBlocks) {
        PrototypeGate gate = new PrototypeGate(16);
        log = new PrototypeLog(gate, MIB, segments, reuse);
        queue = new PrototypeQueue(shape, gate, new PrototypePool(gate, restingBlocks), log);
    }

    public static void main(String[] args) throws Exception {
        switch (args.length == 0 ? "single" : args[0]) {
            case "single" -> single();
            case "phases" -> phases();
            case "pair" -> pair();
            case "reuse" -> reuse();
            case "costs" -> costs();
            default -> throw new IllegalArgumentException("single, phases, pair, reuse or costs: " + args[0]);
        }
    }

    // ---- one thread

    private static void single() throws Exception {
        Shape full = Shape.FULL;
        Shape bare = full.withoutGate().withoutClock();
        Shape decided = full.withHints().withSlotDeciding();
        Prototype decidedBatched = new Prototype(decided, 4, HOT);
        Prototype batched = new Prototype(full, 4, HOT);
        new Measure("One thread, send + receive + ack of 256 B", 3, 9)
                .add("the design", 1_000_000, new Prototype(full, 4, HOT)::oneByOne)
                .add("no gate", 1_000_000, new Prototype(full.withoutGate(), 4, HOT)::oneByOne)
                .add("no clock", 1_000_000, new Prototype(full.withoutClock(), 4, HOT)::oneByOne)
                .add("no gate, no clock", 1_000_000, new Prototype(bare, 4, HOT)::oneByOne)
                .add("READY by release store", 1_000_000, new Prototype(full.withReleasedReady(), 4, HOT)::oneByOne)
                .add("plain ended and dead counts", 1_000_000, new Prototype(full.withPlainCounts(), 4, HOT)::oneByOne)
                .add(
                        "no gate, no clock, release READY, plain counts",
                        1_000_000,
                        new Prototype(bare.withReleasedReady().withPlainCounts(), 4, HOT)::oneByOne)
                .add("receive 16, ack one by one", 1 << 20, n -> batched.inBatches(n, 16, false))
                .add("receive 16, ack 16", 1 << 20, n -> batched.inBatches(n, 16, true))
                .add("receive 256, ack one by one", 1 << 20, n -> batched.inBatches(n, 256, false))
                .add("receive 256, ack 256", 1 << 20, n -> batched.inBatches(n, 256, true))
                .add("chunk hints", 1_000_000, new Prototype(full.withHints(), 4, HOT)::oneByOne)
                .add(
                        "chunk hints, no clock",
                        1_000_000,
                        new Prototype(full.withHints().withoutClock(), 4, HOT)::oneByOne)
                .add("hints, slot decides", 1_000_000, new Prototype(decided, 4, HOT)::oneByOne)
                .add(
                        "hints, slot decides, no clock",
                        1_000_000,
                        new Prototype(decided.withoutClock(), 4, HOT)::oneByOne)
                .add("hints, slot decides, receive 16, ack 16", 1 << 20, n -> decidedBatched.inBatches(n, 16, true))
                .add("segments spread over 512 MiB", 1_000_000, new Prototype(full, 512, Reuse.COLDEST_FIRST)::oneByOne)
                .add("a fresh segment each time", 200_000, new Prototype(full, 4, Reuse.NEVER)::oneByOne)
                .print();
    }

    /** Where a cycle spends its time: each phase alone, 256 messages at a time. */
    private static void phases() throws Exception {
        for (Shape shape : new Shape[] {
            Shape.FULL, Shape.FULL.withHints(), Shape.FULL.withHints().withoutClock()
        }) {
            Prototype p = new Prototype(shape, 4, HOT);
            for (int round = 0; round < 8; round++) {
                long[] ns = new long[3];
                for (int i = 0; i < 8_000; i++) {
                    p.phase(ns);
                }
                if (round >= 5) {
                    System.out.printf(
                            "%s%n   send %.1f  receive %.1f  ack %.1f ns%n",
                            shape, ns[0] / 2_048_000.0, ns[1] / 2_048_000.0, ns[2] / 2_048_000.0);
                }
            }
        }
    }

    private void phase(long[] ns) {
        long start = System.nanoTime();
        for (int i = 0; i < 256; i++) {
            queue.send(0, payload, PAYLOAD);
        }
        long sent = System.nanoTime();
        for (int i = 0; i < 256; i++) {
            queue.receive(0, 1, one);
            received[i] = one[0];
        }
        long taken = System.nanoTime();
        for (int i = 0; i < 256; i++) {
            queue.ack(0, received[i]);
        }
        long acked = System.nanoTime();
        ns[0] += sent - start;
        ns[1] += taken - sent;
        ns[2] += acked - taken;
    }

    private long oneByOne(int cycles) {
        long acked = 0;
        for (int i = 0; i < cycles; i++) {
            payload.putLong(0, i);
            queue.send(0, payload, PAYLOAD);
            if (queue.receive(0, 1, received) == 1 && queue.ack(0, received[0])) {
                acked++;
            }
        }
        return verified(acked, cycles);
    }

    private long inBatches(int cycles, int batch, boolean ackTogether) {
        long acked = 0;
        for (int i = 0; i < cycles; i += batch) {
            for (int j = 0; j < batch; j++) {
                payload.putLong(0, i);
                queue.send(0, payload, PAYLOAD);
            }
            int count = queue.receive(0, batch, received);
            if (ackTogether) {
                queue.ackAll(0, received, count);
            } else {
                for (int j = 0; j < count; j++) {
                    queue.ack(0, received[j]);
                }
            }
            acked += count;
        }
        return verified(acked, cycles);
    }

    private static long verified(long acked, long expected) {
        if (acked != expected) {
            throw new IllegalStateException("acked " + acked + " of " + expected);
        }
        return acked;
    }

    // ---- one producer, one consumer

    private static void pair() throws Exception {
        Shape hints = Shape.FULL.withHints();
        Shape decided = hints.withSlotDeciding();
        Measure measure = new Measure("One producer, one consumer, 256 B, at most 8,192 waiting", 2, 7);
        List<Prototype> all = new ArrayList<>();
        for (int pause : new int[] {1, 50}) {
            for (int claim : new int[] {1, 8, 32}) {
                addPair(measure, all, "the design, hot segments", new Prototype(Shape.FULL, 4, HOT), claim, pause);
                addPair(measure, all, "hints, hot", new Prototype(hints, 4, HOT), claim, pause);
                addPair(measure, all, "hints, slot decides, hot", new Prototype(decided, 4, HOT), claim, pause);
            }
        }
        for (int claim : new int[] {1, 32}) {
            Prototype fresh = new Prototype(decided, 4, Reuse.NEVER);
            addPair(measure, all, "hints, slot decides, fresh segments", fresh, claim, 50);
            addPair(
                    measure,
                    all,
                    "hints, slot decides, over 512 MiB",
                    new Prototype(decided, 512, Reuse.COLDEST_FIRST),
                    claim,
                    50);
        }
        measure.add("LinkedBlockingQueue, references", 500_000, Prototype::linkedBlockingQueue);
        measure.add("one hop of a line between the two threads", 100_000, Prototype::hops);
        measure.print();
        System.out.println("per 1000 messages, all rounds: empty polls, published behind, met unpublished; segments");
        for (Prototype p : all) {
            System.out.printf(
                    "  %9.1f %8.3f %8.3f %5d%n",
                    p.emptyPolls / 4_500.0,
                    p.queue.publishedBehind / 4_500.0,
                    p.queue.metUnpublished / 4_500.0,
                    p.log.segmentCount());
        }
    }

    /** Which empty segment is best used next, when the threads run on cores that are near and when they are far? */
    private static void reuse() throws Exception {
        Shape decided = Shape.FULL.withHints().withSlotDeciding();
        Measure measure = new Measure("One producer, one consumer, 256 B, by reuse of segments", 2, 7);
        List<Prototype> all = new ArrayList<>();
        for (int claim : new int[] {1, 32}) {
            addPair(measure, all, "hottest first of 4 MiB", new Prototype(decided, 4, HOT), claim, 50);
            for (int segments : new int[] {4, 16, 64, 512}) {
                String name = "coldest first of " + segments + " MiB";
                addPair(measure, all, name, new Prototype(decided, segments, Reuse.COLDEST_FIRST), claim, 50);
            }
            for (int blocks : new int[] {1024, 4096}) {
                String name = "coldest first of 16 MiB, " + blocks / 256 + " MiB of blocks";
                addPair(measure, all, name, new Prototype(decided, 16, Reuse.COLDEST_FIRST, blocks), claim, 50);
            }
        }
        measure.add("one hop of a line between the two threads", 100_000, Prototype::hops);
        measure.print();
    }

    /** Two threads take turns on one word: the price of moving a cache line, which depends on where they run. */
    private static long hops(int hops) throws InterruptedException {
        ByteBuffer turn = Words.direct(Words.PADDED);
        Thread other = new Thread(() -> takeTurns(turn, 1, hops));
        other.start();
        takeTurns(turn, 0, hops);
        other.join();
        return hops;
    }

    private static void takeTurns(ByteBuffer turn, int first, int hops) {
        for (int i = first; i < hops; i += 2) {
            while (Words.acquire(turn, 0) != i) {
                Thread.onSpinWait();
            }
            Words.release(turn, 0, i + 1);
        }
    }

    private static void addPair(
            Measure measure, List<Prototype> all, String name, Prototype prototype, int claim, int pause) {
        all.add(prototype);
        measure.add(
                name + ", claims of " + claim + ", pause " + pause,
                500_000,
                n -> prototype.twoThreads(n, claim, pause));
    }

    /** @param pause how many spin hints a consumer gives after an empty poll */
    private long twoThreads(int messages, int claim, int pause) throws InterruptedException {
        ByteBuffer progress = Words.direct(Words.PADDED);
        Thread producer = new Thread(() -> {
            long consumed = 0;
            for (int i = 0; i < messages; i++) {
                while (i - consumed >= 8192) {
                    consumed = Words.acquire(progress, 0);
                    Thread.onSpinWait();
                }
                payload.putLong(0, i);
                queue.send(0, payload, PAYLOAD);
            }
        });
        producer.start();
        int consumed = 0;
        while (consumed < messages) {
            int count = queue.receive(1, claim, received);
            if (count == 0) {
                emptyPolls++;
                for (int i = 0; i < pause; i++) {
                    Thread.onSpinWait();
                }
            }
            for (int i = 0; i < count; i++) {
                queue.ack(1, received[i]);
            }
            consumed += count;
            Words.release(progress, 0, consumed);
        }
        producer.join();
        return consumed;
    }

    private static long linkedBlockingQueue(int messages) throws InterruptedException {
        LinkedBlockingQueue<Object> queue = new LinkedBlockingQueue<>(8192);
        Object message = new Object();
        Thread producer = new Thread(() -> {
            try {
                for (int i = 0; i < messages; i++) {
                    queue.put(message);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        producer.start();
        for (int i = 0; i < messages; i++) {
            queue.take();
        }
        producer.join();
        return messages;
    }

    // ---- what the parts cost

    private static void costs() throws Exception {
        ByteBuffer words = Words.direct(64 * 1024);
        ByteBuffer source = Words.direct(PAYLOAD);
        byte[] heap = new byte[PAYLOAD];
        PrototypeGate gate = new PrototypeGate(16);
        ThreadLocal<Integer> own = ThreadLocal.withInitial(() -> 3);
        new Measure("What the parts cost, one thread, warm line", 3, 9)
                .add("empty loop (plain store)", 10_000_000, n -> {
                    for (int i = 0; i < n; i++) {
                        Words.plain(words, 0, i);
                    }
                    return Words.plain(words, 0);
                })
                .add("getAndAdd", 10_000_000, n -> {
                    for (int i = 0; i < n; i++) {
                        Words.getAndAdd(words, 0, 1);
                    }
                    return Words.plain(words, 0);
                })
                .add("acquire + CAS", 10_000_000, n -> {
                    for (int i = 0; i < n; i++) {
                        Words.cas(words, 0, Words.acquire(words, 0), i);
                    }
                    return Words.plain(words, 0);
                })
                .add("getAndSet", 10_000_000, n -> {
                    long sum = 0;
                    for (int i = 0; i < n; i++) {
                        sum += Words.getAndSet(words, 0, i);
                    }
                    return sum;
                })
                .add("store + full fence", 10_000_000, n -> {
                    for (int i = 0; i < n; i++) {
                        Words.fenced(words, 0, i);
                    }
                    return Words.plain(words, 0);
                })
                .add("release store", 10_000_000, n -> {
                    for (int i = 0; i < n; i++) {
                        Words.release(words, 0, i);
                    }
                    return Words.plain(words, 0);
                })
                .add("gate enter + exit", 10_000_000, n -> {
                    for (int i = 0; i < n; i++) {
                        gate.enter(3);
                        gate.exit(3);
                    }
                    return n;
                })
                .add("gate enter + exit, participant from a ThreadLocal", 10_000_000, n -> {
                    for (int i = 0; i < n; i++) {
                        int participant = own.get();
                        gate.enter(participant);
                        gate.exit(participant);
                    }
                    return n;
                })
                .add("gate: word claimed by CAS at thread id mod 16, + exit", 10_000_000, n -> {
                    for (int i = 0; i < n; i++) {
                        int at = ((int) Thread.currentThread().getId() & 15) * Words.PADDED;
                        if (!Words.cas(words, at, 0, 7)) {
                            Words.plain(words, at, 0);
                        }
                        Words.release(words, at, 0);
                    }
                    return n;
                })
                .add("System.nanoTime", 10_000_000, n -> {
                    long sum = 0;
                    for (int i = 0; i < n; i++) {
                        sum += System.nanoTime();
                    }
                    return sum;
                })
                .add("System.currentTimeMillis", 10_000_000, n -> {
                    long sum = 0;
                    for (int i = 0; i < n; i++) {
                        sum += System.currentTimeMillis();
                    }
                    return sum;
                })
                .add("copy 256 B direct to direct", 10_000_000, n -> {
                    for (int i = 0; i < n; i++) {
                        words.put((i & 127) * 272, source, 0, PAYLOAD);
                    }
                    return Words.plain(words, 0);
                })
                .add("copy 256 B byte[] to direct", 10_000_000, n -> {
                    for (int i = 0; i < n; i++) {
                        words.put((i & 127) * 272, heap, 0, PAYLOAD);
                    }
                    return Words.plain(words, 0);
                })
                .add("copy 256 B direct to byte[]", 10_000_000, n -> {
                    for (int i = 0; i < n; i++) {
                        words.get((i & 127) * 272, heap, 0, PAYLOAD);
                    }
                    return heap[7];
                })
                .add("read 256 B as 32 words", 10_000_000, n -> {
                    long sum = 0;
                    for (int i = 0; i < n; i++) {
                        for (int j = 0; j < PAYLOAD; j += 8) {
                            sum += Words.plain(words, (i & 127) * 272 + j);
                        }
                    }
                    return sum;
                })
                .print();
    }
}
