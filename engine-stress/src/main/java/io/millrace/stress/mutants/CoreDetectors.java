package io.millrace.stress.mutants;

import io.millrace.core.concurrent.GateMember;
import io.millrace.core.concurrent.OperationGate;
import io.millrace.core.concurrent.PaddedLongs;
import io.millrace.core.log.Cleaner;
import io.millrace.core.log.RecordLayout;
import io.millrace.core.log.RecordLog;
import io.millrace.core.memory.Allocator;
import io.millrace.core.memory.MemoryBudget;
import io.millrace.core.slot.BlockLayout;
import io.millrace.core.slot.BlockPool;
import io.millrace.core.slot.Directory;
import io.millrace.core.time.DeadlineTree;
import io.millrace.stress.Check;
import io.millrace.stress.Duel;
import io.millrace.stress.Rig;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Detectors for gate, pool, directory, deadlines and log, alone. Stateless. */
final class CoreDetectors {
    private static final int SALT = 7;
    private static final int NOISE = 24;
    private static final int RECORD = 8 * 1024;
    private static final long LOG_BYTES = 512 * 1024;

    private CoreDetectors() {}

    // ---- gate -----------------------------------------------------------------------------------------------------

    static void gatePublishesEra() {
        final OperationGate gate = new OperationGate();
        final int word = gate.enter();
        final long stamp = gate.retire();
        Check.that(gate.oldestEra() <= stamp, "an operation inside was not seen by a retirement");
        gate.exit(word);
        Check.that(gate.oldestEra() == OperationGate.NO_ERA, "an operation that left is still seen");
    }

    /**
     * Enter and read a link, against unlink and ask who is inside. Stores to words that the other thread wrote last keep the
     * processor's store buffer busy, so that an era that is published without a fence is late.
     */
    static void gateFence(long budgetMs) {
        final OperationGate gate = new OperationGate();
        final GateMember member = gate.join();
        final PaddedLongs link = new PaddedLongs(1);
        final PaddedLongs noise = new PaddedLongs(NOISE);
        Duel.fight(budgetMs, new Duel.Round() {
            private boolean sawLink;
            private boolean wasSeen;

            @Override
            public void prepare() {
                link.opaque(0, 1);
            }

            private void makeNoise() {
                for (int word = 0; word < NOISE; word++) {
                    noise.opaque(word, word);
                }
            }

            @Override
            public void first() {
                makeNoise();
                gate.enter(member);
                sawLink = link.opaque(0) == 1;
            }

            @Override
            public void second() {
                link.opaque(0, 0);
                final long stamp = gate.retire();
                wasSeen = gate.oldestEra() <= stamp;
                makeNoise();
            }

            @Override
            public void check() {
                gate.exit(member);
                Check.that(!sawLink || wasSeen, "an operation follows a link that may be reused");
            }
        });
    }

    static void closeWaits() throws InterruptedException {
        try (Rig rig = new Rig(Rig.SMALL_BYTES)) {
            final int word = rig.gate().enter();
            rig.pool().tryTake();
            final CountDownLatch closed = new CountDownLatch(1);
            final Thread closer = new Thread(() -> {
                rig.core().close();
                closed.countDown();
            });
            closer.start();
            final boolean early = closed.await(100, TimeUnit.MILLISECONDS);
            final boolean kept = rig.core().offHeapBytes() > 0;
            rig.gate().exit(word);
            closer.join();
            Check.that(!early && kept, "memory was freed under an operation");
        }
    }

    // ---- pool and directory ---------------------------------------------------------------------------------------

    private static BlockPool smallPool(OperationGate gate) {
        final Allocator allocator = new Allocator(new MemoryBudget(Rig.SMALL_BYTES));
        return new BlockPool(allocator, gate, new DeadlineTree(1), 1);
    }

    static void retiredBlockRests() {
        final OperationGate gate = new OperationGate();
        final BlockPool pool = smallPool(gate);
        final int first = pool.tryTake();
        for (int i = 1; i < BlockLayout.BLOCKS_PER_SLAB; i++) {
            pool.tryTake();
        }
        final int inside = gate.enter();
        pool.retire(first);
        Check.that(pool.tryTake() == BlockPool.NONE, "a block was used again while an operation may look at it");
        gate.exit(inside);
        Check.that(pool.tryTake() == first, "a block that rested long enough was not used again");
        pool.release();
    }

    static void goneStaysGone() {
        final OperationGate gate = new OperationGate();
        final BlockPool pool = smallPool(gate);
        final Directory single = new Directory(pool, 1);
        single.countEnded(single.ensure(0), BlockLayout.SLOTS);
        Check.that(single.ensure(0) == Directory.NONE, "a chunk came back that was the root");
        final Directory tall = new Directory(pool, 2);
        final int first = tall.ensure(0);
        tall.ensure(BlockLayout.SLOTS);
        tall.countEnded(first, BlockLayout.SLOTS);
        Check.that(tall.ensure(0) == Directory.NONE, "a chunk came back under a page");
        pool.release();
    }

    /** Two marks in two chunks under one page, against two takers' looks. */
    static void marksAreFound(long budgetMs) {
        final OperationGate gate = new OperationGate();
        final BlockPool pool = smallPool(gate);
        final Directory directory = new Directory(pool, 1);
        directory.ensure(0);
        directory.ensure(BlockLayout.SLOTS);
        Duel.fight(budgetMs, new Duel.Round() {
            private int taken;

            @Override
            public void prepare() {
                taken = 0;
                directory.markReturned(0);
            }

            @Override
            public void first() {
                take();
                take();
            }

            private void take() {
                if (directory.takeReturned() != Directory.NOTHING) {
                    taken++;
                }
            }

            @Override
            public void second() {
                directory.markReturned(1);
                directory.markReturned(BlockLayout.SLOTS + 1);
            }

            @Override
            public void check() {
                take();
                take();
                take();
                Check.that(taken == 3, "a mark was lost: taken=" + taken);
            }
        });
        pool.release();
    }

    // ---- deadlines ------------------------------------------------------------------------------------------------

    static void armedWhileFiring() {
        final OperationGate gate = new OperationGate();
        final Allocator allocator = new Allocator(new MemoryBudget(Rig.SMALL_BYTES));
        final DeadlineTree tree = new DeadlineTree(1);
        final BlockPool pool = new BlockPool(allocator, gate, tree, 1);
        final int block = pool.tryTake();
        tree.arm(block, 10);
        tree.fire(10, 1, due -> tree.arm(due, 20));
        Check.that(tree.nextDueMs() == 20, "what was armed while it fired is lost: next=" + tree.nextDueMs());
        pool.release();
    }

    // ---- log ------------------------------------------------------------------------------------------------------

    private static RecordLog smallLog(OperationGate gate) {
        return new RecordLog(new Allocator(new MemoryBudget(LOG_BYTES)), gate, SALT);
    }

    static void livingRecordsStay() {
        final RecordLog log = smallLog(new OperationGate());
        final Set<Long> positions = new HashSet<>();
        for (long position = log.claim(RECORD); position != RecordLog.NO_ROOM; position = log.claim(RECORD)) {
            log.commit(position, RECORD);
            Check.that(positions.add(position), "a position was handed out twice while its record lives");
        }
        Check.that(positions.size() > 16, "log had room for too few records: records=" + positions.size());
        log.release();
    }

    static void deadSegmentsComeBack() {
        final RecordLog log = smallLog(new OperationGate());
        for (int i = 0; i < 10_000; i++) {
            final long position = log.claim(RECORD);
            Check.that(position != RecordLog.NO_ROOM, "segments of dead records were not used again: records=" + i);
            log.commit(position, RECORD);
            log.release(position);
        }
        log.release();
    }

    /**
     * An active segment that is full to the last byte and dead to the last record must not become the cleaner's: whoever
     * found it active would claim there.
     */
    static void activeSegmentIsHeld() {
        final long limit = 8L << 20;
        final int full = RecordLog.fullCapacity(limit);
        final int fits = 64; // divides a full segment without its first 64 bytes
        final RecordLog log = new RecordLog(new Allocator(new MemoryBudget(limit)), new OperationGate(), SALT);
        final Set<Long> living = new HashSet<>();
        final Set<Long> moved = new HashSet<>();
        final Cleaner cleaner = new Cleaner(log, (type, queue, sequence, position, by) -> {
            if (living.remove(position)) {
                moved.add(by.copy(position, 0, 0));
                log.release(position);
            }
        });
        for (int i = 0; i < 6L << 20; i += RECORD) {
            final long position = log.claim(RECORD);
            log.region(position)
                    .longPlain(RecordLog.offsetOf(position) + RecordLayout.CRC_OFFSET, RecordLayout.MESSAGE_WORD);
            log.commit(position, RECORD);
            if (i % (8 * RECORD) == 0) {
                living.add(position);
            } else {
                log.release(position);
            }
        }
        for (int filled = 0; filled < 2; ) {
            final long position = log.claim(fits);
            log.commit(position, fits);
            log.release(position);
            filled += RecordLog.offsetOf(position) + fits == full ? 1 : 0;
        }
        while (cleaner.run(0)) {
            // until there is nothing to clean
        }
        Check.that(!moved.isEmpty(), "nothing was moved");
        final int active = RecordLog.segmentOf(log.claim(fits));
        final boolean shared = moved.stream().anyMatch(position -> RecordLog.segmentOf(position) == active);
        log.release();
        Check.that(!shared, "senders and the cleaner claim in one segment");
    }

    static void lentSegmentRests() {
        final OperationGate gate = new OperationGate();
        final RecordLog log = smallLog(gate);
        final GateMember reader = gate.join();
        final long lent = log.claim(RECORD);
        log.commit(lent, RECORD);
        RecordLog.lend(reader, lent);
        log.release(lent);
        for (int i = 0; i < 1_000; i++) {
            final long position = log.claim(RECORD);
            if (position != RecordLog.NO_ROOM) {
                log.commit(position, RECORD);
                log.release(position);
            }
            Check.that(position != lent, "a segment was used again while a view of it is lent");
            Check.that(isThere(log, lent), "a segment was freed while a view of it is lent");
        }
        reader.endLoan();
        log.release();
    }

    /** The table has nothing in the place of a segment that was freed. */
    private static boolean isThere(RecordLog log, long position) {
        try {
            return log.region(position).length() > 0;
        } catch (NullPointerException e) {
            return false;
        }
    }
}
