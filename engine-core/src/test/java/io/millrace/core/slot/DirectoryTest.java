package io.millrace.core.slot;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.concurrent.OperationGate;
import io.millrace.core.memory.Allocator;
import io.millrace.core.memory.MemoryBudget;
import io.millrace.core.time.DeadlineTree;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class DirectoryTest {
    private static final long PAGE = 64L * 512;

    private final OperationGate gate = new OperationGate();
    private final Allocator allocator = new Allocator(new MemoryBudget(256L << 20));
    private final BlockPool pool = new BlockPool(allocator, gate, new DeadlineTree(1024), 1024);
    private final Directory directory = new Directory(pool, 42);

    @AfterEach
    void shouldGiveAllMemoryBack() {
        directory.release();
        pool.release();
        assertThat(allocator.liveRegions()).isZero();
        assertThat(allocator.budget().usedBytes()).isZero();
    }

    /** Makes the chunk of each sequence in order, as senders do. */
    private void makeChunks(long firstSequence, long chunks) {
        for (long i = 0; i < chunks; i++) {
            assertThat(directory.ensure(firstSequence + i * 64)).isNotEqualTo(Directory.NONE);
        }
    }

    private void endChunk(long sequence) {
        directory.countEnded(directory.find(sequence), 64);
    }

    @Test
    void shouldFindWhatWasEnsuredAndNothingElse() {
        int block = directory.ensure(5);

        assertThat(directory.find(0)).isEqualTo(block);
        assertThat(directory.find(63)).isEqualTo(block);
        assertThat(directory.find(64)).isEqualTo(Directory.NONE);
        assertThat(directory.ensure(63)).isEqualTo(block);
    }

    @Test
    void shouldStayWithoutPagesWhileOneChunkIsEnough() {
        for (long sequence = 0; sequence < 100 * 64; sequence += 64) {
            directory.ensure(sequence);
            endChunk(sequence);
        }

        directory.ensure(100 * 64);
        assertThat(pool.blocksInUse()).isEqualTo(1);
    }

    @Test
    void shouldNeverBringBackAChunkThatHasGone() {
        makeChunks(0, 3);
        endChunk(0);
        endChunk(64);
        endChunk(128);

        assertThat(directory.ensure(0)).isEqualTo(Directory.NONE);
        assertThat(directory.ensure(190)).isEqualTo(Directory.NONE);
        assertThat(directory.ensure(192)).isNotEqualTo(Directory.NONE);
    }

    @Test
    void shouldNeverBringBackAChunkThatWasGoneBeforeThereWerePages() {
        makeChunks(0, 1);
        endChunk(0);
        makeChunks(64, 2);

        assertThat(directory.ensure(0)).isEqualTo(Directory.NONE);
        assertThat(directory.find(64)).isNotEqualTo(Directory.NONE);
    }

    @Test
    void shouldGrowOverPagesAndGiveThemBack() {
        makeChunks(0, 3 * 512);
        assertThat(pool.blocksInUse()).isEqualTo(3 * 512 + 4);

        for (long chunk = 0; chunk < 3 * 512 - 1; chunk++) {
            endChunk(chunk * 64);
        }

        assertThat(pool.blocksInUse()).as("a chunk, its page, the root").isEqualTo(3);
        assertThat(directory.find(3 * PAGE - 1)).isNotEqualTo(Directory.NONE);
    }

    @Test
    void shouldBeginAgainWithOneChunkWhenAFullRootHasGone() {
        makeChunks(0, 512);
        for (long chunk = 0; chunk < 512; chunk++) {
            endChunk(chunk * 64);
        }
        assertThat(pool.blocksInUse()).isZero();

        assertThat(directory.ensure(PAGE - 1)).isEqualTo(Directory.NONE);
        assertThat(directory.ensure(PAGE)).isNotEqualTo(Directory.NONE);
        assertThat(pool.blocksInUse()).isEqualTo(1);
    }

    @Test
    void shouldReachFarSequencesAtOnce() {
        long far = 64L * 512 * 512 * 512 + 7;
        makeChunks(0, 1);
        endChunk(0);
        directory.ensure(far);
        directory.ensure(far + 64);

        assertThat(directory.find(far)).isNotEqualTo(Directory.NONE);
        assertThat(directory.find(far + 64)).isNotEqualTo(directory.find(far));
        assertThat(directory.ensure(far - 64)).isEqualTo(Directory.NONE);
    }

    @Test
    void shouldNotTrustAHintToAChunkThatHasGone() {
        int block = directory.ensure(0);
        assertThat(directory.findNear(0)).isEqualTo(block);

        endChunk(0);

        assertThat(directory.findNear(0)).isEqualTo(Directory.NONE);
        assertThat(directory.ensure(0)).isEqualTo(Directory.NONE);
    }

    @Test
    void shouldAnswerNoneWhenThereIsNoMemory() {
        BlockPool small = new BlockPool(new Allocator(new MemoryBudget(1000)), gate, new DeadlineTree(1), 1);

        assertThat(new Directory(small, 1).ensure(0)).isEqualTo(Directory.NONE);
    }

    @Nested
    class Returned {
        @Test
        void shouldComeLowestFirst() {
            makeChunks(0, 600);
            for (long sequence : new long[] {30_000, 5, 63, 64, 33_000, 4}) {
                directory.markReturned(sequence);
            }

            for (long expected : new long[] {4, 5, 63, 64, 30_000, 33_000, Directory.NOTHING}) {
                assertThat(directory.takeReturned()).isEqualTo(expected);
            }
        }

        @Test
        void shouldBeTakenOnce() {
            makeChunks(0, 1);
            directory.markReturned(3);
            directory.markReturned(3);

            assertThat(directory.takeReturned()).isEqualTo(3);
            assertThat(directory.takeReturned()).isEqualTo(Directory.NOTHING);
            assertThat(directory.mayHaveReturned()).isFalse();
        }

        @Test
        void shouldSurviveThatPagesArePutAbove() {
            makeChunks(0, 1);
            directory.markReturned(3);
            makeChunks(64, 600);

            assertThat(directory.takeReturned()).isEqualTo(3);
        }

        @Test
        void shouldBeForgottenWithItsChunk() {
            makeChunks(0, 2);
            directory.markReturned(3);
            endChunk(0);

            assertThat(directory.takeReturned()).isEqualTo(Directory.NOTHING);
            directory.markReturned(3);
            assertThat(directory.takeReturned()).isEqualTo(Directory.NOTHING);
        }

        @Test
        void shouldEqualASortedSetUnderRandomUse() {
            long seed = Long.getLong("seed", 20261121L);
            SplittableRandom random = new SplittableRandom(seed);
            TreeSet<Long> expected = new TreeSet<>();
            makeChunks(0, 1500);
            for (int i = 0; i < 20_000; i++) {
                if (random.nextInt(3) > 0) {
                    long sequence = random.nextLong(1500 * 64);
                    directory.markReturned(sequence);
                    expected.add(sequence);
                } else {
                    Long lowest = expected.pollFirst();
                    assertThat(directory.takeReturned())
                            .as("seed=" + seed)
                            .isEqualTo(lowest == null ? Directory.NOTHING : lowest);
                }
            }
        }
    }

    @Nested
    class Walk {
        @Test
        void shouldVisitLivingChunksInOrder() {
            makeChunks(0, 1100);
            for (long chunk = 0; chunk < 1100; chunk++) {
                if (chunk % 100 != 7) {
                    endChunk(chunk * 64);
                }
            }

            long from = 0;
            for (long expected = 7; expected < 1100; expected += 100) {
                int block = directory.nextChunk(from);
                assertThat(block).isEqualTo(directory.find(expected * 64));
                from = (expected + 1) * 64;
            }
            assertThat(directory.nextChunk(from)).isEqualTo(Directory.NONE);
        }
    }
}
