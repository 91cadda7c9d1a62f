package io.millrace.bench.alternatives;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Segments in memory: claim by getAndAdd on the tail, commit by one release store of length and tag, dead bytes
 * counted per segment and biased when the segment is sealed, so that the addition that reaches zero retires it.
 */
final class PrototypeLog {

    static final int RECORD_HEADER = 16;
    private static final int TAIL = 0;
    private static final int DEAD = Words.PADDED;
    private static final int DATA = 2 * Words.PADDED;

    /** Which empty segment is used next; {@code NEVER} takes fresh memory each time. */
    enum Reuse {
        HOTTEST_FIRST,
        COLDEST_FIRST,
        NEVER
    }

    private static final class Segment {
        final int id;
        final ByteBuffer words;
        long salt;
        long retiredEra;

        Segment(int id, int size) {
            this.id = id;
            this.words = Words.direct(size);
        }
    }

    private final PrototypeGate gate;
    private final int segmentSize;
    private final Reuse reuse;
    private final Segment[] segments = new Segment[16384];
    private final List<Segment> empty = new ArrayList<>();
    private int segmentCount;
    private volatile Segment current;

    PrototypeLog(PrototypeGate gate, int segmentSize, int prepared, Reuse reuse) {
        this.gate = gate;
        this.segmentSize = segmentSize;
        this.reuse = reuse;
        for (int i = 0; i < prepared; i++) {
            empty.add(0, newSegment());
        }
        current = start(empty.remove(empty.size() - 1));
    }

    int segmentCount() {
        return segmentCount;
    }

    private Segment newSegment() {
        Segment segment = new Segment(segmentCount, segmentSize);
        for (int i = 0; i < segmentSize; i += 4096) {
            Words.plain(segment.words, i, 0);
        }
        segments[segmentCount++] = segment;
        return segment;
    }

    private Segment start(Segment segment) {
        segment.salt += 0x9E3779B97F4A7C15L;
        Words.plain(segment.words, DEAD, 0);
        Words.release(segment.words, TAIL, DATA);
        return segment;
    }

    /** Copies a payload in and returns its position: segment number in the upper half, offset in the lower. */
    long append(ByteBuffer payload, int length) {
        int size = (RECORD_HEADER + length + 15) & -16;
        while (true) {
            Segment segment = current;
            long offset = Words.getAndAdd(segment.words, TAIL, size);
            if (offset + size <= segmentSize) {
                int at = (int) offset;
                segment.words.put(at + RECORD_HEADER, payload, 0, length);
                Words.release(segment.words, at, commitWord(segment, at, length));
                return ((long) segment.id << 32) | at;
            }
            if (offset <= segmentSize) {
                roll(segment, offset);
            } else {
                while (current == segment) {
                    Thread.onSpinWait();
                }
            }
        }
    }

    private static long commitWord(Segment segment, int offset, int length) {
        return ((segment.salt ^ offset * 0x9E3779B97F4A7C15L) & 0xFFFFFFFF00000000L) | length;
    }

    private synchronized void roll(Segment full, long end) {
        Segment next = takeEmpty();
        current = start(next == null ? newSegment() : next);
        long written = end - DATA;
        if (Words.getAndAdd(full.words, DEAD, -written) == written) {
            retire(full);
        }
    }

    private Segment takeEmpty() {
        boolean hottest = reuse == Reuse.HOTTEST_FIRST;
        for (int i = 0; i < empty.size() && reuse != Reuse.NEVER; i++) {
            int index = hottest ? empty.size() - 1 - i : i;
            Segment segment = empty.get(index);
            if (gate.isPast(segment.retiredEra) && !gate.isLent(segment.id)) {
                return empty.remove(index);
            }
        }
        return null;
    }

    private synchronized void retire(Segment segment) {
        segment.retiredEra = gate.nextEra();
        empty.add(segment);
    }

    /** Counts a record as dead. */
    void free(long position, boolean shared) {
        Segment segment = segments[(int) (position >>> 32)];
        int length = (int) Words.plain(segment.words, (int) position);
        int size = (RECORD_HEADER + length + 15) & -16;
        if (shared) {
            if (Words.getAndAdd(segment.words, DEAD, size) == -size) {
                retire(segment);
            }
        } else {
            long dead = Words.plain(segment.words, DEAD) + size;
            Words.plain(segment.words, DEAD, dead);
            if (dead == 0) {
                retire(segment);
            }
        }
    }

    /** Reads a whole payload, as a consumer would, and returns a value that depends on all of it. */
    long read(long position) {
        Segment segment = segments[(int) (position >>> 32)];
        int at = (int) position;
        long word = Words.plain(segment.words, at);
        int length = (int) word;
        if (word != commitWord(segment, at, length)) {
            throw new IllegalStateException("bad commit word at " + at);
        }
        long sum = 0;
        for (int i = at + RECORD_HEADER, end = i + length; i < end; i += 8) {
            sum += Words.plain(segment.words, i);
        }
        return sum;
    }
}
