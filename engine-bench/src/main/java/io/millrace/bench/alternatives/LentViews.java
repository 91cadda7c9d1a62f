package io.millrace.bench.alternatives;

import io.millrace.bench.alternatives.PrototypeLog.Reuse;
import io.millrace.bench.alternatives.PrototypeQueue.Shape;
import java.nio.ByteBuffer;
import java.util.Locale;

/**
 * What keeps a segment from being reused while a callback reads a view of it: an era, a hazard word, or a count of
 * pins?
 *
 * <p>Three questions: what a poll pays, what a reclaimer pays, and how much memory one callback that never returns
 * withholds. A hazard word that costs a poll more than a few per cent, or a stuck callback that withholds little
 * under eras, would change our mind.
 */
final class LentViews {

    private static final int SEGMENTS = 1;
    private static final int RECORD = 272;
    private static final int PER_SEGMENT = 3840;
    private static final int STATE = 0;
    private static final int PINS = Words.PADDED;
    private static final int DATA = 2 * Words.PADDED;

    private final PrototypeGate gate;
    private final ByteBuffer[] segments = new ByteBuffer[SEGMENTS];

    private LentViews(int participants) {
        gate = new PrototypeGate(participants);
        for (int i = 0; i < SEGMENTS; i++) {
            segments[i] = Words.direct(DATA + PER_SEGMENT * RECORD);
            Words.release(segments[i], STATE, 1);
        }
    }

    public static void main(String[] args) throws Exception {
        readers();
        reclaimers();
        stuck();
    }

    // ---- what a poll pays

    @FunctionalInterface
    private interface Poll {
        long read(int participant, int segment, int offset);
    }

    private static void readers() throws Exception {
        LentViews v = new LentViews(16);
        for (int readers = 1; readers <= 2; readers++) {
            new Measure("One record of 256 B lent per poll, readers: " + readers, 2, 9)
                    .add("nothing (unsafe)", 2_000_000, v.polls(v::bare, readers))
                    .add("era held over the callback", 2_000_000, v.polls(v::era, readers))
                    .add("hazard alone: store, fence, look again", 2_000_000, v.polls(v::hazard, readers))
                    .add("era to claim, then fenced hazard for the view", 2_000_000, v.polls(v::eraThenFenced, readers))
                    .add("era to claim, hazard by release inside it", 2_000_000, v.polls(v::eraThenHazard, readers))
                    .add("pin count in the segment", 2_000_000, v.polls(v::pin, readers))
                    .print();
        }
    }

    /** All readers read one segment, as competing consumers do that take neighbouring messages. */
    private Measure.Trial polls(Poll poll, int readers) {
        return n -> {
            Thread other = new Thread(() -> Measure.sink = pollAll(poll, 1, n));
            if (readers == 2) {
                other.start();
            }
            long sum = pollAll(poll, 0, n);
            other.join();
            return sum;
        };
    }

    private long pollAll(Poll poll, int participant, int count) {
        long sum = 0;
        for (int i = 0; i < count; i++) {
            sum += poll.read(participant, 0, DATA + i % PER_SEGMENT * RECORD);
        }
        return sum;
    }

    private long bare(int participant, int segment, int offset) {
        return payload(segments[segment], offset);
    }

    private long era(int participant, int segment, int offset) {
        gate.enter(participant);
        long sum = payload(segments[segment], offset);
        gate.exit(participant);
        return sum;
    }

    private long hazard(int participant, int segment, int offset) {
        gate.lendFenced(participant, segment);
        if (Words.acquire(segments[segment], STATE) == 0) {
            return 0;
        }
        long sum = payload(segments[segment], offset);
        gate.giveBack(participant);
        return sum;
    }

    private long eraThenFenced(int participant, int segment, int offset) {
        gate.enter(participant);
        gate.lendFenced(participant, segment);
        gate.exit(participant);
        long sum = payload(segments[segment], offset);
        gate.giveBack(participant);
        return sum;
    }

    private long eraThenHazard(int participant, int segment, int offset) {
        gate.enter(participant);
        gate.lend(participant, segment);
        gate.exit(participant);
        long sum = payload(segments[segment], offset);
        gate.giveBack(participant);
        return sum;
    }

    private long pin(int participant, int segment, int offset) {
        ByteBuffer words = segments[segment];
        if (Words.getAndAdd(words, PINS, 1) < 0) {
            return 0;
        }
        long sum = payload(words, offset);
        Words.getAndAdd(words, PINS, -1);
        return sum;
    }

    private static long payload(ByteBuffer words, int offset) {
        long sum = 0;
        for (int i = offset; i < offset + 256; i += 8) {
            sum += Words.plain(words, i);
        }
        return sum;
    }

    // ---- what a reclaimer pays

    private static void reclaimers() throws Exception {
        for (int participants : new int[] {2, 16, 128}) {
            PrototypeGate gate = new PrototypeGate(participants);
            new Measure("One retirement checked, participants: " + participants, 2, 9)
                    .add("era: next era + look at all eras", 500_000, n -> {
                        long past = 0;
                        for (int i = 0; i < n; i++) {
                            past += gate.isPast(gate.nextEra()) ? 1 : 0;
                        }
                        return past;
                    })
                    .add("hazard: look at all hazard words", 500_000, n -> {
                        long free = 0;
                        for (int i = 0; i < n; i++) {
                            free += gate.isLent(i) ? 0 : 1;
                        }
                        return free;
                    })
                    .print();
        }
    }

    // ---- what a callback that never returns withholds

    private static void stuck() {
        System.out.println("\nMemory taken while one callback is stuck, MiB (log of 1 MiB segments + slots)");
        System.out.printf(
                "%-24s %16s %16s %16s%n", "further messages", "nothing stuck", "stuck in an era", "stuck on a hazard");
        for (int messages : new int[] {0, 100_000, 1_000_000, 4_000_000}) {
            System.out.printf(
                    Locale.ROOT,
                    "%-24d %16.1f %16.1f %16.1f%n",
                    messages,
                    taken(messages, false, false),
                    taken(messages, true, false),
                    taken(messages, false, true));
        }
    }

    private static double taken(int messages, boolean inEra, boolean onHazard) {
        PrototypeGate gate = new PrototypeGate(4);
        PrototypeLog log = new PrototypeLog(gate, 1 << 20, 2, Reuse.HOTTEST_FIRST);
        PrototypePool pool = new PrototypePool(gate);
        PrototypeQueue queue = new PrototypeQueue(Shape.FULL, gate, pool, log);
        if (inEra) {
            gate.enter(3);
        }
        if (onHazard) {
            gate.lend(3, 0);
        }
        ByteBuffer payload = Words.direct(256);
        long[] taken = new long[1];
        for (int i = 0; i < messages; i++) {
            queue.send(0, payload, 256);
            queue.receive(0, 1, taken);
            queue.ack(0, taken[0]);
        }
        return log.segmentCount() + pool.size() / 1048576.0;
    }
}
