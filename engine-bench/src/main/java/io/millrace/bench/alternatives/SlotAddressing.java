package io.millrace.bench.alternatives;

import io.millrace.bench.alternatives.PrototypeQueue.Shape;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Slots addressed by sequence in chunks, or recycled slots with a free list and a ready ring?
 *
 * <p>Slot words only: no payload, no clock. Recycled slots that stay faster once acks come out of order, or a ring
 * that needs no fixed capacity, would change our mind.
 *
 * <p>Run with {@code threads} or {@code backlog}.
 */
final class SlotAddressing {

    /** What both tables do; a receive answers -1 when there is nothing. */
    private interface Slots {
        boolean send(int participant);

        long receive(int participant);

        boolean ack(int participant, long handle);

        long size();
    }

    private SlotAddressing() {}

    public static void main(String[] args) throws Exception {
        switch (args.length == 0 ? "threads" : args[0]) {
            case "threads" -> {
                oneThread();
                twoThreads();
            }
            case "backlog" -> {
                outOfOrder();
                backlog(1_000_000);
                backlog(10_000_000);
                survivors();
            }
            default -> throw new IllegalArgumentException("threads or backlog: " + args[0]);
        }
    }

    private static Slots bySequence(Shape shape) {
        PrototypeGate gate = new PrototypeGate(16);
        PrototypePool pool = new PrototypePool(gate);
        PrototypeQueue queue = new PrototypeQueue(shape.withoutClock(), gate, pool, null);
        ByteBuffer none = Words.direct(8);
        long[] one = new long[Words.PADDED / 8];
        return new Slots() {
            @Override
            public boolean send(int participant) {
                queue.send(participant, none, 0);
                return true;
            }

            @Override
            public long receive(int participant) {
                return queue.receive(participant, 1, one) == 0 ? -1 : one[0];
            }

            @Override
            public boolean ack(int participant, long handle) {
                return queue.ack(participant, handle);
            }

            @Override
            public long size() {
                return pool.size();
            }
        };
    }

    /** Each operation enters the gate here too: the engine needs it for segments and for close in any case. */
    private static Slots recycled(int capacity, boolean freeByRing) {
        RecycledSlots slots = new RecycledSlots(capacity, freeByRing);
        PrototypeGate gate = new PrototypeGate(16);
        return new Slots() {
            @Override
            public boolean send(int participant) {
                gate.enter(participant);
                boolean sent = slots.send() >= 0;
                gate.exit(participant);
                return sent;
            }

            @Override
            public long receive(int participant) {
                gate.enter(participant);
                long handle = slots.receive();
                gate.exit(participant);
                return handle;
            }

            @Override
            public boolean ack(int participant, long handle) {
                gate.enter(participant);
                boolean acked = slots.ack(handle);
                gate.exit(participant);
                return acked;
            }

            @Override
            public long size() {
                return slots.size();
            }
        };
    }

    private static void oneThread() throws Exception {
        Shape decided = Shape.FULL.withHints().withSlotDeciding();
        new Measure("Slot words only, one thread, send + receive + ack", 3, 9)
                .add("by sequence", 1_000_000, cycles(bySequence(Shape.FULL)))
                .add("by sequence, chunk hints", 1_000_000, cycles(bySequence(Shape.FULL.withHints())))
                .add("by sequence, chunk hints, slot decides", 1_000_000, cycles(bySequence(decided)))
                .add("recycled, free stack, ready ring of 64 Ki", 1_000_000, cycles(recycled(1 << 16, false)))
                .add("recycled, free ring, ready ring of 64 Ki", 1_000_000, cycles(recycled(1 << 16, true)))
                .print();
    }

    private static Measure.Trial cycles(Slots slots) {
        return n -> {
            long acked = 0;
            for (int i = 0; i < n; i++) {
                slots.send(0);
                acked += slots.ack(0, slots.receive(0)) ? 1 : 0;
            }
            return checked(acked, n);
        };
    }

    private static void twoThreads() throws Exception {
        Shape decided = Shape.FULL.withHints().withSlotDeciding();
        new Measure("Slot words only, one producer, one consumer, at most 8,192 waiting", 2, 9)
                .add("by sequence", 500_000, pair(bySequence(Shape.FULL)))
                .add("by sequence, chunk hints", 500_000, pair(bySequence(Shape.FULL.withHints())))
                .add("by sequence, chunk hints, slot decides", 500_000, pair(bySequence(decided)))
                .add("recycled, free stack", 500_000, pair(recycled(8192, false)))
                .add("recycled, free ring", 500_000, pair(recycled(8192, true)))
                .print();
    }

    private static Measure.Trial pair(Slots slots) {
        return n -> {
            ByteBuffer progress = Words.direct(Words.PADDED);
            Thread producer = new Thread(() -> {
                for (int i = 0; i < n; i++) {
                    while (i - Words.acquire(progress, 0) >= 8192 || !slots.send(0)) {
                        Thread.onSpinWait();
                    }
                }
            });
            producer.start();
            int acked = 0;
            while (acked < n) {
                long handle = slots.receive(1);
                if (handle >= 0) {
                    checked(slots.ack(1, handle) ? 1 : 0, 1);
                    acked++;
                    if ((acked & 63) == 0 || acked == n) {
                        Words.release(progress, 0, acked);
                    }
                } else {
                    pause();
                }
            }
            producer.join();
            return acked;
        };
    }

    private static void pause() {
        for (int i = 0; i < 50; i++) {
            Thread.onSpinWait();
        }
    }

    /** Half a million in flight, acked in random order: what a send and a receive cost in the next turn. */
    private static void outOfOrder() throws Exception {
        int window = 1 << 19;
        Shape decided = Shape.FULL.withHints().withSlotDeciding();
        new Measure("Slot words only, half a million in flight, acked in random order (whole turn)", 2, 5)
                .add("by sequence, chunk hints, slot decides", window, randomAcks(bySequence(decided), window))
                .add("recycled, free stack", window, randomAcks(recycled(window, false), window))
                .add("recycled, free ring", window, randomAcks(recycled(window, true), window))
                .print();
    }

    private static Measure.Trial randomAcks(Slots slots, int window) {
        int[] order = shuffled(window);
        long[] handles = new long[window];
        return n -> {
            for (int i = 0; i < n; i++) {
                slots.send(0);
            }
            for (int i = 0; i < n; i++) {
                handles[i] = slots.receive(0);
            }
            long acked = 0;
            for (int i = 0; i < n; i++) {
                acked += slots.ack(0, handles[order[i]]) ? 1 : 0;
            }
            return checked(acked, n);
        };
    }

    private static int[] shuffled(int count) {
        int[] order = new int[count];
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < count; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }

    private static void backlog(int messages) throws Exception {
        Slots sequence = bySequence(Shape.FULL.withHints().withSlotDeciding());
        Slots sized = recycled(messages, false);
        Slots small = recycled(1 << 16, false);
        System.out.printf(
                Locale.ROOT,
                "%nBacklog of %,d: bytes before the first message: by sequence %,d, recycled %,d, recycled 64 Ki %,d%n",
                messages,
                sequence.size(),
                sized.size(),
                small.size());
        new Measure("fill, then receive and ack all", 0, 3)
                .add("by sequence, chunk hints, slot decides", messages, fillAndDrain(sequence))
                .add("recycled, sized for it", messages, fillAndDrain(sized))
                .print();
        fill(sequence, messages);
        fill(sized, messages);
        System.out.printf(
                Locale.ROOT,
                "with it waiting: by sequence %.1f B each, recycled %.1f B each; a ring of 64 Ki took %,d%n",
                (double) sequence.size() / messages,
                (double) sized.size() / messages,
                fill(small, messages));
    }

    private static int fill(Slots slots, int messages) {
        for (int i = 0; i < messages; i++) {
            if (!slots.send(0)) {
                return i;
            }
        }
        return messages;
    }

    private static Measure.Trial fillAndDrain(Slots slots) {
        return n -> {
            long startNs = System.nanoTime();
            fill(slots, n);
            long filledNs = System.nanoTime();
            long acked = 0;
            for (int i = 0; i < n; i++) {
                acked += slots.ack(0, slots.receive(0)) ? 1 : 0;
            }
            System.out.printf(
                    Locale.ROOT,
                    "   fill %.1f ns each, receive + ack %.1f ns each%n",
                    (double) (filledNs - startNs) / n,
                    (double) (System.nanoTime() - filledNs) / n);
            return checked(acked, n);
        };
    }

    /** The price of addressing by sequence: one message in 64 that stays keeps its whole chunk. */
    private static void survivors() {
        Slots slots = bySequence(Shape.FULL.withHints().withSlotDeciding());
        int survivors = 0;
        for (int i = 0; i < 640_000; i++) {
            slots.send(0);
            long handle = slots.receive(0);
            if (i % 64 == 0) {
                survivors++;
            } else {
                slots.ack(0, handle);
            }
        }
        System.out.printf(Locale.ROOT, "%none survivor per chunk: %,d B each%n", slots.size() / survivors);
    }

    private static long checked(long value, long expected) {
        if (value != expected) {
            throw new IllegalStateException(value + " instead of " + expected);
        }
        return value;
    }
}
