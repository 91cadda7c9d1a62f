package io.millrace.bench.alternatives;

import io.millrace.bench.alternatives.SegmentFiles.Prepared;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.util.Arrays;

/**
 * How do records of 264 B reach the page cache most cheaply: by stores into a mapped segment, or by
 * {@link RandomAccessFile#write(byte[], int, int)} of a batch?
 *
 * <p>Nothing is forced. Fresh segments are made ready before a round, outside its time; what that takes is a row of
 * its own. A write of small batches that comes near a prepared mapping would change our mind.
 */
final class PreparedSegments {

    private static final int SEGMENT_SIZE = 4 << 20;
    private static final int RECORD = 264;
    private static final int PER_SEGMENT = SEGMENT_SIZE / RECORD;
    private static final int SEGMENTS = 4;
    private static final int RECORDS = SEGMENTS * PER_SEGMENT;

    private final SegmentFiles files;
    private final ByteBuffer record = Words.direct(RECORD);
    private final MappedByteBuffer[] mapped = new MappedByteBuffer[SEGMENTS];
    private final RandomAccessFile[] open = new RandomAccessFile[SEGMENTS];

    private PreparedSegments(SegmentFiles files) {
        this.files = files;
    }

    public static void main(String[] args) throws Exception {
        try (SegmentFiles files = new SegmentFiles()) {
            Measure measure = new Measure("One record of 264 B into the page cache, segments of 4 MiB", 2, 9);
            for (Prepared prepared : Prepared.values()) {
                PreparedSegments fresh = new PreparedSegments(files);
                measure.add("mapped, fresh, " + prepared, RECORDS, () -> fresh.prepare(prepared), fresh::store);
            }
            PreparedSegments hot = new PreparedSegments(files);
            hot.prepare(Prepared.TOUCHED);
            measure.add("mapped, reused, the same segment again", RECORDS, hot::storeInFirst);
            PreparedSegments[] rotating = rotating(files);
            int[] turn = new int[1];
            measure.add("mapped, reused, 64 segments in turn", RECORDS, n -> rotating[turn[0]++ & 15].store(n));
            for (int batch : new int[] {1, 16, 256}) {
                PreparedSegments fresh = new PreparedSegments(files);
                measure.add(
                        "write of " + batch + ", fresh file",
                        RECORDS,
                        () -> fresh.openFresh(false),
                        n -> fresh.write(n, batch));
                PreparedSegments zeroed = new PreparedSegments(files);
                measure.add(
                        "write of " + batch + ", zeroed file",
                        RECORDS,
                        () -> zeroed.openFresh(true),
                        n -> zeroed.write(n, batch));
                PreparedSegments reused = new PreparedSegments(files);
                reused.openFresh(true);
                measure.add("write of " + batch + ", reused file", RECORDS, n -> reused.write(n, batch));
            }
            PreparedSegments preparing = new PreparedSegments(files);
            for (Prepared prepared : Prepared.values()) {
                measure.add("preparing: " + prepared, RECORDS, preparing::drop, n -> preparing.mapFresh(prepared));
            }
            measure.print();
        }
    }

    private static PreparedSegments[] rotating(SegmentFiles files) throws IOException {
        PreparedSegments[] rotating = new PreparedSegments[16];
        for (int i = 0; i < rotating.length; i++) {
            rotating[i] = new PreparedSegments(files);
            rotating[i].prepare(Prepared.TOUCHED);
        }
        return rotating;
    }

    private void prepare(Prepared prepared) throws IOException {
        drop();
        mapFresh(prepared);
        files.delete();
    }

    /** Gives the pages of the last round back, so that a virtual machine does not meet new memory each time. */
    private void drop() throws IOException {
        files.delete();
        Arrays.fill(mapped, null);
        System.gc();
    }

    private long mapFresh(Prepared prepared) {
        for (int i = 0; i < SEGMENTS; i++) {
            mapped[i] = files.map(SEGMENT_SIZE, prepared);
        }
        return SEGMENTS;
    }

    private void openFresh(boolean zeroed) throws IOException {
        for (int i = 0; i < SEGMENTS; i++) {
            if (open[i] != null) {
                open[i].close();
            }
            open[i] = files.create(zeroed ? SEGMENT_SIZE : 0, zeroed);
        }
        files.delete();
    }

    private long store(int records) {
        for (int i = 0; i < records; i++) {
            store(mapped[i / PER_SEGMENT], i % PER_SEGMENT * RECORD);
        }
        return records;
    }

    private long storeInFirst(int records) {
        for (int i = 0; i < records; i++) {
            store(mapped[0], i % PER_SEGMENT * RECORD);
        }
        return records;
    }

    private void store(ByteBuffer segment, int offset) {
        segment.put(offset + 8, record, 8, RECORD - 8);
        Words.release(segment, offset, RECORD);
    }

    /** Records are copied into the batch, as callers would, and written together. */
    private long write(int records, int batch) throws IOException {
        byte[] bytes = new byte[batch * RECORD];
        for (int done = 0; done < records; ) {
            RandomAccessFile file = open[done / PER_SEGMENT];
            if (done % PER_SEGMENT == 0) {
                file.seek(0);
            }
            int count = Math.min(batch, Math.min(records - done, PER_SEGMENT - done % PER_SEGMENT));
            for (int i = 0; i < count; i++) {
                record.get(0, bytes, i * RECORD, RECORD);
            }
            file.write(bytes, 0, count * RECORD);
            done += count;
        }
        return records;
    }
}
