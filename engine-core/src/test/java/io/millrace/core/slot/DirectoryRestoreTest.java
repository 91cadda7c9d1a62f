package io.millrace.core.slot;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.concurrent.OperationGate;
import io.millrace.core.memory.Allocator;
import io.millrace.core.memory.MemoryBudget;
import io.millrace.core.time.DeadlineTree;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A directory that was built of random sequences against a plain set of them. */
class DirectoryRestoreTest {
    private static final long CHUNK = BlockLayout.SLOTS;
    private static final long PAGE = CHUNK * BlockLayout.ENTRIES;

    private final OperationGate gate = new OperationGate();
    private final Allocator allocator = new Allocator(new MemoryBudget(256L << 20));
    private final BlockPool pool = new BlockPool(allocator, gate, new DeadlineTree(1024), 1024);
    private final Directory directory = new Directory(pool, 42);
    private final DirectoryRestore restore = new DirectoryRestore(directory);

    @AfterEach
    void shouldGiveAllMemoryBack() {
        directory.release();
        pool.release();
        assertThat(allocator.liveRegions()).isZero();
    }

    private void put(long sequence) {
        int block = restore.ensure(sequence);
        assertThat(block).isNotEqualTo(Directory.NONE);
        int control = control(block, sequence);
        if (ControlWord.isIn(pool.region(block).longPlain(control), ControlWord.ENDED)) {
            pool.region(block).longPlain(control, ControlWord.publish(generation(block, control), 0));
            restore.revive(block);
        }
    }

    private void end(long sequence) {
        int block = restore.find(sequence);
        int control = control(block, sequence);
        pool.region(block).longPlain(control, ControlWord.end(pool.region(block).longPlain(control)));
        restore.bury(block);
    }

    private long generation(int block, int control) {
        return ControlWord.generation(pool.region(block).longPlain(control));
    }

    private static int control(int block, long sequence) {
        return SlotLayout.slot(BlockLayout.base(block), sequence) + SlotLayout.CONTROL_OFFSET;
    }

    private static long behind(long sequence) {
        return (sequence / CHUNK + 1) * CHUNK;
    }

    // ---- random sets ----------------------------------------------------------------------------------------------

    static List<long[]> shapes() {
        List<long[]> shapes = new ArrayList<>();
        for (long seed = 1; seed <= 12; seed++) {
            shapes.add(new long[] {seed, 0, CHUNK, 20});
            shapes.add(new long[] {seed, 0, 3 * PAGE, 300});
            shapes.add(new long[] {seed, 5 * PAGE + 77, 40 * CHUNK, 200});
            shapes.add(new long[] {seed, 0, 600 * PAGE, 150});
            shapes.add(new long[] {seed, 0, PAGE * BlockLayout.ENTRIES * BlockLayout.ENTRIES, 60});
            shapes.add(new long[] {seed, 1L << 45, 2 * PAGE, 100});
        }
        return shapes;
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void shouldEqualASetOfSequences(long[] shape) {
        SplittableRandom random = new SplittableRandom(shape[0]);
        TreeSet<Long> living = new TreeSet<>();
        List<Long> put = new ArrayList<>();
        for (int i = 0; i < shape[3]; i++) {
            put.add(shape[1] + random.nextLong(shape[2]));
        }
        for (long sequence : put) {
            put(sequence);
            living.add(sequence);
        }
        for (long sequence : put) {
            if (random.nextInt(3) == 0 && living.remove(sequence)) {
                end(sequence);
            }
        }
        long next = behind(Collections.max(put)) + CHUNK * random.nextInt(100);

        assertThat(restore.finish(next)).isTrue();

        shouldFind(living, put);
        shouldReturnInOrder(living, random);
        shouldGoOn(next);
        shouldWalkInOrder(living, next);
        shouldEnd(living, next);
    }

    private void shouldFind(NavigableSet<Long> living, List<Long> put) {
        for (long sequence : put) {
            Long nearest = living.ceiling(sequence / CHUNK * CHUNK);
            boolean chunkLives = nearest != null && nearest < behind(sequence);
            int block = directory.find(sequence);
            assertThat(block != Directory.NONE).as("chunk of " + sequence).isEqualTo(chunkLives);
            if (chunkLives) {
                assertThat(directory.firstSequence(block)).isEqualTo(sequence / CHUNK * CHUNK);
                assertThat(directory.findNear(sequence)).isEqualTo(block);
                assertThat(directory.ensure(sequence)).isEqualTo(block);
                boolean ended =
                        ControlWord.isIn(pool.region(block).longPlain(control(block, sequence)), ControlWord.ENDED);
                assertThat(ended).as("slot of " + sequence).isEqualTo(!living.contains(sequence));
            } else {
                assertThat(directory.ensure(sequence)).as("gone for good").isEqualTo(Directory.NONE);
            }
        }
    }

    private void shouldReturnInOrder(NavigableSet<Long> living, SplittableRandom random) {
        assertThat(directory.takeReturned()).isEqualTo(Directory.NOTHING);
        List<Long> shuffled = new ArrayList<>(living);
        Collections.shuffle(shuffled, new Random(random.nextLong()));
        shuffled.forEach(directory::markReturned);
        for (long sequence : living) {
            assertThat(directory.takeReturned()).isEqualTo(sequence);
        }
        assertThat(directory.takeReturned()).isEqualTo(Directory.NOTHING);
    }

    /** New chunks come behind the end, and none before it that was not there. */
    private void shouldGoOn(long next) {
        int block = directory.ensure(next);
        assertThat(block).isNotEqualTo(Directory.NONE);
        assertThat(directory.firstSequence(block)).isEqualTo(next);
        assertThat(directory.find(next + CHUNK)).isEqualTo(Directory.NONE);
        assertThat(directory.ensure(next + CHUNK)).isNotIn(Directory.NONE, block);
    }

    private void shouldWalkInOrder(NavigableSet<Long> living, long next) {
        TreeSet<Long> chunks = new TreeSet<>();
        living.forEach(sequence -> chunks.add(sequence / CHUNK * CHUNK));
        chunks.add(next);
        chunks.add(next + CHUNK);
        List<Long> walked = new ArrayList<>();
        for (int block = directory.nextChunk(0); block != Directory.NONE; ) {
            walked.add(directory.firstSequence(block));
            block = directory.nextChunk(directory.firstSequence(block) + CHUNK);
        }
        assertThat(walked).containsExactlyElementsOf(chunks);
    }

    private void shouldEnd(NavigableSet<Long> living, long next) {
        Map<Long, Integer> perChunk = new TreeMap<>();
        living.forEach(sequence -> perChunk.merge(sequence / CHUNK * CHUNK, 1, Integer::sum));
        perChunk.forEach((first, count) -> {
            for (int i = 0; i < count; i++) {
                assertThat(directory.find(first)).isNotEqualTo(Directory.NONE);
                directory.countEnded(directory.find(first), 1);
            }
            assertThat(directory.find(first)).isEqualTo(Directory.NONE);
        });
        directory.countEnded(directory.find(next), (int) CHUNK);
        directory.countEnded(directory.find(next + CHUNK), (int) CHUNK);
        assertThat(directory.nextChunk(0)).isEqualTo(Directory.NONE);
    }

    // ---- single shapes --------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(longs = {0, 64, 4 * PAGE})
    void shouldBeEmptyWhenNothingWasPut(long next) {
        assertThat(restore.find(0)).isEqualTo(Directory.NONE);
        assertThat(restore.finish(next)).isTrue();

        assertThat(pool.blocksInUse()).isZero();
        assertThat(directory.find(0)).isEqualTo(Directory.NONE);
        assertThat(directory.ensure(next)).isNotEqualTo(Directory.NONE);
        if (next > 0) {
            assertThat(directory.ensure(next - 1)).isEqualTo(Directory.NONE);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 64 * 7, 3 * PAGE + 5, 1L << 40})
    void shouldNeedNoPageForOneChunk(long sequence) {
        put(sequence);
        put(sequence / CHUNK * CHUNK + 3);

        assertThat(restore.finish(behind(sequence))).isTrue();

        assertThat(pool.blocksInUse()).isEqualTo(1);
        assertThat(directory.find(sequence)).isNotEqualTo(Directory.NONE);
    }

    @Test
    void shouldReachAFarChunkFromANearOne() {
        long far = 1L << 50;
        put(far);
        put(3);
        put(far + PAGE);

        assertThat(restore.finish(behind(far + PAGE))).isTrue();

        assertThat(directory.firstSequence(directory.find(far))).isEqualTo(far);
        assertThat(directory.firstSequence(directory.find(3))).isZero();
        assertThat(directory.find(CHUNK)).isEqualTo(Directory.NONE);
        assertThat(directory.ensure(CHUNK)).isEqualTo(Directory.NONE);
    }

    @Test
    void shouldGiveBackChunksInWhichAllHasEnded() {
        for (long sequence = 0; sequence < 20 * CHUNK; sequence += CHUNK) {
            put(sequence);
            end(sequence);
        }
        put(7 * CHUNK + 1);

        assertThat(restore.finish(20 * CHUNK)).isTrue();

        assertThat(pool.blocksInUse()).as("a page and one chunk").isEqualTo(2);
        assertThat(directory.firstSequence(directory.nextChunk(0))).isEqualTo(7 * CHUNK);
    }

    @Test
    void shouldFindWhatWasPutBeforeItIsFinished() {
        Map<Long, Integer> blocks = new HashMap<>();
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 500; i++) {
            long sequence = random.nextLong(1L << 36);
            put(sequence);
            blocks.put(sequence, restore.ensure(sequence));
        }
        blocks.forEach((sequence, block) -> assertThat(restore.find(sequence)).isEqualTo(block));
        assertThat(restore.finish(1L << 36)).isTrue();
    }

    @Test
    void shouldSayWhenThereIsNoMemory() {
        BlockPool small = new BlockPool(new Allocator(new MemoryBudget(1_000)), gate, new DeadlineTree(1), 1);

        assertThat(new DirectoryRestore(new Directory(small, 1)).ensure(0)).isEqualTo(Directory.NONE);
    }
}
