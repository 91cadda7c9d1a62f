package io.millrace.bench.alternatives;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Where does the log note that a message was received and acked: in two words of the message's own log record, or in
 * further log records?
 *
 * <p>One thread, mapped and prepared segments of 4 MiB, 256 B of payload, no checksums on either side. A cycle that
 * costs more with words than with records, or forces after acks that cost so much more that batches do not hide it,
 * would change our mind.
 *
 * <p>Run with {@code cycles}, {@code disk}, {@code recovery} or {@code force}.
 */
final class FateWords {

    private enum Place {
        /** END and FLIGHT words in the record. */
        WORDS,
        /** An ack record of 24 B; receiving leaves no trace. */
        ACK_RECORDS,
        /** An ack record and a flight record of 24 B each. */
        ACK_AND_FLIGHT_RECORDS
    }

    private static final int SEGMENT_SIZE = 4 << 20;
    private static final int PAYLOAD = 256;
    private static final int TAIL = 0;
    private static final int DEAD = Words.PADDED;
    private static final int DATA = 2 * Words.PADDED;
    private static final int END = 16;
    private static final int FLIGHT = 24;
    private static final int NOTE_SIZE = 24;
    private static final long MESSAGE = 1;
    private static final long NOTE = 2;

    private static final class Segment {
        final int id;
        final MappedByteBuffer words;
        final BitSet notesAbout = new BitSet();
        int lastNoteAbout = -1;
        long salt;
        long messageBytes;
        boolean inUse;

        Segment(int id, MappedByteBuffer words) {
            this.id = id;
            this.words = words;
        }
    }

    private final Place place;
    private final SegmentFiles files;
    private final int messageSize;
    private final int payloadAt;
    private final List<Segment> segments = new ArrayList<>();
    private final ArrayDeque<Segment> empty = new ArrayDeque<>();
    private final ByteBuffer payload = Words.direct(PAYLOAD);
    private Segment current;
    private long bytesAppended;

    private FateWords(Place place, SegmentFiles files, int prepared) {
        this.place = place;
        this.files = files;
        payloadAt = place == Place.WORDS ? 32 : 16;
        messageSize = payloadAt + PAYLOAD;
        for (int i = 0; i < prepared; i++) {
            empty.push(newSegment());
        }
        roll();
    }

    public static void main(String[] args) throws Exception {
        try (SegmentFiles files = new SegmentFiles()) {
            switch (args.length == 0 ? "cycles" : args[0]) {
                case "cycles" -> cycles(files);
                case "disk" -> disk(files);
                case "recovery" -> recovery(files);
                case "force" -> force(files);
                default -> throw new IllegalArgumentException("cycles, disk, recovery or force: " + args[0]);
            }
        }
    }

    // ---- the log

    private Segment newSegment() {
        Segment segment = new Segment(segments.size(), files.map(SEGMENT_SIZE, SegmentFiles.Prepared.TOUCHED));
        segments.add(segment);
        return segment;
    }

    private void roll() {
        Segment full = current;
        current = empty.isEmpty() ? newSegment() : empty.pop();
        current.salt += 0x9E3779B97F4A7C15L;
        current.messageBytes = 0;
        current.inUse = true;
        Words.plain(current.words, DEAD, 0);
        Words.release(current.words, TAIL, DATA);
        if (full != null) {
            Words.getAndAdd(full.words, DEAD, -full.messageBytes);
            dropIfDone(full);
        }
    }

    private long claim(int size) {
        long offset = Words.getAndAdd(current.words, TAIL, size);
        if (offset + size + 8 > SEGMENT_SIZE) {
            Words.release(current.words, (int) offset, 0);
            roll();
            offset = Words.getAndAdd(current.words, TAIL, size);
        }
        bytesAppended += size;
        return offset;
    }

    private void commit(int offset, long kind, int size) {
        Words.release(current.words, offset, tag(current, offset) | (kind << 24) | size);
    }

    private static long tag(Segment segment, int offset) {
        return (segment.salt ^ offset * 0x9E3779B97F4A7C15L) & 0xFFFFFFFF00000000L;
    }

    private static long endWord(Segment segment, int offset) {
        return (segment.salt ^ (offset + END) * 0xC2B2AE3D27D4EB4FL) | 1;
    }

    private long append(long id) {
        int offset = (int) claim(messageSize);
        payload.putLong(0, id);
        Words.plain(current.words, offset + 8, id);
        if (place == Place.WORDS) {
            Words.plain(current.words, offset + END, 0);
            Words.plain(current.words, offset + FLIGHT, 0);
        }
        current.words.put(offset + payloadAt, payload, 0, PAYLOAD);
        current.messageBytes += messageSize;
        commit(offset, MESSAGE, messageSize);
        return ((long) current.id << 32) | offset;
    }

    private void received(long position, long count) {
        Segment segment = segments.get((int) (position >>> 32));
        if (place == Place.WORDS) {
            long flight = (count << 54) | ((position & 0x3FFFFF) << 16);
            Words.release(segment.words, (int) position + FLIGHT, flight | ((flight * 0x9E3779B97F4A7C15L) >>> 48));
        } else if (place == Place.ACK_AND_FLIGHT_RECORDS) {
            note(segment, position, count);
        }
        Measure.sink = segment.words.getLong((int) position + payloadAt);
    }

    private void ack(long position) {
        Segment segment = segments.get((int) (position >>> 32));
        if (place == Place.WORDS) {
            Words.release(segment.words, (int) position + END, endWord(segment, (int) position));
        } else {
            note(segment, position, -1);
        }
        if (Words.getAndAdd(segment.words, DEAD, messageSize) + messageSize == 0) {
            dropIfDone(segment);
        }
    }

    /** Appends a record about another one; the segment it lies in is then needed for as long as the other one's. */
    private void note(Segment about, long position, long value) {
        int offset = (int) claim(NOTE_SIZE);
        Words.plain(current.words, offset + 8, position);
        Words.plain(current.words, offset + 16, value);
        commit(offset, NOTE, NOTE_SIZE);
        if (about != current && current.lastNoteAbout != about.id) {
            current.lastNoteAbout = about.id;
            current.notesAbout.set(about.id);
        }
    }

    private void dropIfDone(Segment segment) {
        if (!segment.inUse
                || segment == current
                || Words.acquire(segment.words, DEAD) != 0
                || !segment.notesAbout.isEmpty()) {
            return;
        }
        segment.inUse = false;
        segment.lastNoteAbout = -1;
        empty.push(segment);
        if (place != Place.WORDS) {
            for (Segment other : segments) {
                if (other.notesAbout.get(segment.id)) {
                    other.notesAbout.clear(segment.id);
                    other.lastNoteAbout = -1;
                    dropIfDone(other);
                }
            }
        }
    }

    private int inUse() {
        return segments.size() - empty.size();
    }

    // ---- cycles

    private static void cycles(SegmentFiles files) throws Exception {
        for (int lag : new int[] {0, 100_000}) {
            Measure measure = new Measure("append, receive and ack " + lag + " messages later, 256 B", 3, 9);
            List<FateWords> logs = new ArrayList<>();
            for (Place place : Place.values()) {
                FateWords log = new FateWords(place, files, 16);
                logs.add(log);
                measure.add(place.name(), 500_000, log.trailing(lag));
            }
            measure.print();
            for (FateWords log : logs) {
                System.out.printf(
                        Locale.ROOT,
                        "%-26s %.0f B appended per cycle, %d segments in use%n",
                        log.place,
                        log.bytesAppended / 6_000_000.0,
                        log.inUse());
            }
        }
    }

    private Measure.Trial trailing(int lag) {
        long[] positions = new long[1 << 17];
        long[] sent = new long[1];
        return n -> {
            for (int i = 0; i < n; i++) {
                long id = sent[0]++;
                positions[(int) id & positions.length - 1] = append(id);
                if (id >= lag) {
                    long position = positions[(int) (id - lag) & positions.length - 1];
                    received(position, 1);
                    ack(position);
                }
            }
            return sent[0];
        };
    }

    // ---- disk

    private static void disk(SegmentFiles files) {
        System.out.println(
                "segments of 4 MiB in use after 1 M messages of 256 B, each acked 50,000 messages later, except");
        for (Place place : Place.values()) {
            System.out.printf(
                    "%-26s no exception: %3d   one, never: %3d   1 in 1,000, after 200,000: %3d%n",
                    place,
                    new FateWords(place, files, 1).used(0, 0),
                    new FateWords(place, files, 1).used(1 << 30, 1 << 30),
                    new FateWords(place, files, 1).used(1000, 200_000));
        }
    }

    private int used(int oneIn, int later) {
        ArrayDeque<Long> waiting = new ArrayDeque<>();
        ArrayDeque<Long> late = new ArrayDeque<>();
        for (int i = 0; i < 1_000_000; i++) {
            waiting.add(append(i));
            if (i >= 50_000) {
                long position = waiting.poll();
                received(position, 1);
                if (oneIn > 0 && (i - 50_000) % oneIn == 0) {
                    late.add(position);
                } else {
                    ack(position);
                }
            }
            if (oneIn > 0 && i >= later && i % oneIn == 0) {
                ack(late.poll());
            }
        }
        return inUse();
    }

    // ---- recovery

    private static void recovery(SegmentFiles files) throws Exception {
        Measure measure = new Measure("recovery scan, 1 M messages, every second one acked, from the page cache", 2, 7);
        for (Place place : new Place[] {Place.WORDS, Place.ACK_RECORDS}) {
            FateWords log = new FateWords(place, files, 80);
            long[] positions = new long[1_000_000];
            for (int i = 0; i < positions.length; i++) {
                positions[i] = log.append(i);
            }
            int[] order = new int[positions.length / 2];
            for (int i = 0; i < order.length; i++) {
                order[i] = 2 * i;
            }
            shuffle(order);
            for (int i : order) {
                log.ack(positions[i]);
            }
            measure.add(place.name(), 1_000_000, n -> log.scan());
        }
        measure.print();
    }

    /** Counts the living: from the words beside each record, or from a bitmap that notes clear bits in. */
    private long scan() {
        long[][] living = new long[segments.size()][SEGMENT_SIZE / 8 / 64];
        long count = 0;
        for (Segment segment : segments) {
            int offset = DATA;
            while (segment.inUse && offset + 8 <= SEGMENT_SIZE) {
                long word = Words.acquire(segment.words, offset);
                int size = (int) word & 0xFFFFFF;
                if (size == 0 || (word & 0xFFFFFFFF00000000L) != tag(segment, offset)) {
                    break;
                }
                if (((word >>> 24) & 0xFF) == NOTE) {
                    long position = Words.plain(segment.words, offset + 8);
                    int bit = (int) position >>> 3;
                    living[(int) (position >>> 32)][bit >>> 6] &= ~(1L << bit);
                    count--;
                } else if (place != Place.WORDS) {
                    int bit = offset >>> 3;
                    living[segment.id][bit >>> 6] |= 1L << bit;
                    count++;
                } else if (Words.plain(segment.words, offset + END) != endWord(segment, offset)) {
                    count++;
                }
                offset += size;
            }
        }
        if (count != 500_000) {
            throw new IllegalStateException("living: " + count);
        }
        return count;
    }

    // ---- force after acks

    private static void force(SegmentFiles files) throws IOException {
        System.out.println(
                "acks against a durable backlog of 256 MiB, then force; medians of 9: ms per force, KiB written");
        System.out.printf("%-8s %22s %22s %22s%n", "acks", "words, oldest first", "words, random", "ack records");
        FateWords words = new FateWords(Place.WORDS, files, 64);
        FateWords records = new FateWords(Place.ACK_RECORDS, files, 64);
        long[] inWords = words.fill(900_000);
        long[] inRecords = records.fill(900_000);
        int[] order = new int[inWords.length];
        for (int i = 0; i < order.length; i++) {
            order[i] = i;
        }
        shuffle(order);
        int used = 0;
        for (int acks : new int[] {1, 100, 1_000, 10_000}) {
            double[][] ms = new double[3][9];
            double[][] kib = new double[3][9];
            for (int round = 0; round < 9; round++, used += acks) {
                words.ackAndForce(inWords, null, used, acks, ms[0], kib[0], round);
                words.ackAndForce(inWords, order, used, acks, ms[1], kib[1], round);
                records.ackAndForce(inRecords, null, used, acks, ms[2], kib[2], round);
            }
            System.out.printf(Locale.ROOT, "%-8d", acks);
            for (int i = 0; i < 3; i++) {
                Arrays.sort(ms[i]);
                Arrays.sort(kib[i]);
                System.out.printf(Locale.ROOT, " %11.2f %10.0f", ms[i][4], kib[i][4]);
            }
            System.out.println();
        }
    }

    private long[] fill(int messages) {
        long[] positions = new long[messages];
        for (int i = 0; i < messages; i++) {
            positions[i] = append(i);
        }
        for (Segment segment : segments) {
            segment.words.force();
        }
        return positions;
    }

    /** As an engine would: each segment that was written to is forced once. */
    private void ackAndForce(long[] positions, int[] order, int from, int count, double[] ms, double[] kib, int round)
            throws IOException {
        BitSet dirty = new BitSet();
        long bytesBefore = bytesDirtied();
        long startNs = System.nanoTime();
        for (int i = from; i < from + count; i++) {
            long position = positions[order == null ? i : order[i]];
            ack(position);
            dirty.set(place == Place.WORDS ? (int) (position >>> 32) : current.id);
        }
        for (int id = dirty.nextSetBit(0); id >= 0; id = dirty.nextSetBit(id + 1)) {
            segments.get(id).words.force();
        }
        ms[round] = (System.nanoTime() - startNs) / 1e6;
        kib[round] = (bytesDirtied() - bytesBefore) / 1024.0;
    }

    /** What the kernel counts as written by this process when pages become dirty; 0 where it does not say. */
    private static long bytesDirtied() throws IOException {
        Path io = Path.of("/proc/self/io");
        if (Files.isReadable(io)) {
            for (String line : Files.readAllLines(io)) {
                if (line.startsWith("write_bytes: ")) {
                    return Long.parseLong(line.substring("write_bytes: ".length()));
                }
            }
        }
        return 0;
    }

    private static void shuffle(int[] values) {
        SplittableRandom random = new SplittableRandom(11);
        for (int i = values.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int value = values[i];
            values[i] = values[j];
            values[j] = value;
        }
    }
}
