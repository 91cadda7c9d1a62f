package io.millrace.core.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.millrace.core.concurrent.GateMember;
import io.millrace.core.concurrent.OperationGate;
import io.millrace.core.memory.Allocator;
import io.millrace.core.memory.MemoryBudget;
import io.millrace.core.memory.Region;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongPredicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CleanerTest {
    private static final long QUEUE = 7;
    private static final int PAYLOAD = 256;
    private static final int LENGTH = RecordLayout.length(0, PAYLOAD);
    private static final long LIMIT = 64L << 20;
    private static final long FULL = RecordLog.fullCapacity(LIMIT);

    private final OperationGate gate = new OperationGate();
    private final Allocator allocator = new Allocator(new MemoryBudget(LIMIT, FULL + Region.ALIGNMENT));
    private final RecordLog log = new RecordLog(allocator, gate, 1);
    private final Map<Long, Long> positions = new HashMap<>();
    private final Cleaner cleaner = new Cleaner(log, this::relocate);
    private long moved;
    private long nowMs;

    @AfterEach
    void shouldGiveAllMemoryBack() {
        log.release();
        assertThat(allocator.liveRegions()).isZero();
    }

    private void relocate(int type, long queue, long sequence, long position, Cleaner by) {
        assertThat(queue).isEqualTo(QUEUE);
        if (positions.getOrDefault(sequence, RecordLog.NO_ROOM) == position) {
            long copy = by.copy(position, 0, 0);
            if (copy != RecordLog.NO_ROOM) {
                positions.put(sequence, copy);
                log.release(position);
                moved++;
            }
        }
    }

    private boolean append(long sequence) {
        long position = log.claim(LENGTH);
        if (position == RecordLog.NO_ROOM) {
            return false;
        }
        write(position, sequence);
        log.commit(position, LENGTH);
        positions.put(sequence, position);
        return true;
    }

    private void write(long position, long sequence) {
        Region region = log.region(position);
        int at = RecordLog.offsetOf(position);
        region.longPlain(at + RecordLayout.CRC_OFFSET, RecordLayout.MESSAGE_WORD);
        region.intPlain(at + RecordLayout.PAYLOAD_LENGTH_OFFSET, PAYLOAD);
        region.intPlain(at + RecordLayout.PROPERTIES_LENGTH_OFFSET, 0);
        region.longPlain(at + RecordLayout.QUEUE_OFFSET, QUEUE);
        region.longPlain(at + RecordLayout.SEQUENCE_OFFSET, sequence);
        for (int i = 0; i < PAYLOAD; i += Long.BYTES) {
            region.longPlain(at + RecordLayout.MEMORY_SIZE + i, sequence * 31 + i);
        }
    }

    private void release(LongPredicate which) {
        positions.entrySet().removeIf(entry -> {
            boolean released = which.test(entry.getKey());
            if (released) {
                log.release(entry.getValue());
            }
            return released;
        });
    }

    private void clean() {
        nowMs += 10_000;
        while (cleaner.run(nowMs)) {
            // until there is nothing to clean
        }
    }

    private void assertThatAllIsThere() {
        positions.forEach((sequence, position) -> {
            if (!isThere(sequence, position)) {
                throw new AssertionError("not there: sequence=" + sequence);
            }
        });
    }

    private boolean isThere(long sequence, long position) {
        Region region = log.region(position);
        int at = RecordLog.offsetOf(position);
        boolean there = region.longPlain(at + RecordLayout.SEQUENCE_OFFSET) == sequence;
        for (int i = 0; i < PAYLOAD; i += Long.BYTES) {
            there &= region.longPlain(at + RecordLayout.MEMORY_SIZE + i) == sequence * 31 + i;
        }
        return there;
    }

    @Test
    void shouldHoldNoMoreThanTwiceWhatLivesAndFourSegments() {
        for (long sequence = 0; sequence < 150_000; sequence++) {
            append(sequence);
        }
        for (int every : new int[] {3, 10, 100, 10_000}) {
            release(sequence -> sequence % every != 0);

            clean();

            RecordLog.Usage usage = log.usage();
            assertThat(usage.liveBytes()).isEqualTo(positions.size() * (long) LENGTH);
            assertThat(usage.usedBytes()).isLessThanOrEqualTo(2 * usage.liveBytes() + 4 * FULL);
            assertThatAllIsThere();
        }
    }

    @Test
    void shouldLeaveALogAloneThatHoldsLittleMoreThanWhatLives() {
        for (long sequence = 0; sequence < 100_000; sequence++) {
            append(sequence);
        }
        release(sequence -> sequence % 10 < 4);

        clean();

        assertThat(moved).isZero();
    }

    @Test
    void shouldKeepARecordThatIsNotYetCommitted() {
        long open = log.claim(LENGTH);
        for (long sequence = 0; sequence < 100_000; sequence++) {
            append(sequence);
        }
        release(sequence -> sequence % 50 != 0);

        clean();
        write(open, 1_000_000);
        log.commit(open, LENGTH);
        positions.put(1_000_000L, open);
        assertThatAllIsThere();
        clean();

        assertThatAllIsThere();
        assertThat(log.usage().usedBytes()).isLessThanOrEqualTo(2 * log.usage().liveBytes() + 4 * FULL);
    }

    @Test
    void shouldPassOverWhatWasAborted() {
        for (long sequence = 0; sequence < 100_000; sequence++) {
            append(sequence);
            log.abort(log.claim(LENGTH), LENGTH);
        }
        release(sequence -> sequence % 50 != 0);

        clean();

        assertThat(log.usage().usedBytes()).isLessThanOrEqualTo(2 * log.usage().liveBytes() + 4 * FULL);
        assertThatAllIsThere();
    }

    @Test
    void shouldLeaveASegmentAloneUntilItsLoanEnds() {
        for (long sequence = 0; sequence < 100_000; sequence++) {
            append(sequence);
        }
        long lent = positions.getOrDefault(50_000L, RecordLog.NO_ROOM);
        GateMember member = gate.join();
        RecordLog.lend(member, lent);
        release(sequence -> sequence / 10_000 == 5 ? sequence != 50_000 : sequence % 100 != 0);

        clean();
        assertThat(moved).isPositive();
        assertThat(positions).containsEntry(50_000L, lent);

        member.endLoan();
        gate.leave(member);
        log.noteShortage(LIMIT);
        clean();
        assertThat(positions).doesNotContainEntry(50_000L, lent).containsKey(50_000L);
        assertThatAllIsThere();
    }

    @Test
    void shouldCleanLargeSegmentsWhereASmallOneIsFull() {
        for (long sequence = 0; sequence < 100_000; sequence++) {
            append(sequence);
        }
        release(sequence -> sequence >= 200 && sequence % 10 != 0); // the first, small segment lives

        clean();

        RecordLog.Usage usage = log.usage();
        assertThat(usage.usedBytes()).isLessThanOrEqualTo(2 * usage.liveBytes() + 4 * FULL);
        assertThatAllIsThere();
    }

    @Test
    void shouldGoOnWhereTheReserveIsUsedAndNoFullSegmentCanBeHad() {
        long sequence = 0;
        while (append(sequence)) {
            sequence++;
        }
        for (int round = 0; round < 10; round++) {
            long first = round;
            release(s -> (s + first) % 5 < 2);
            cleaner.run(nowMs); // one segment only, and the log is used in between
            while (append(sequence)) {
                sequence++;
            }
            log.noteShortage(FULL);
            clean();
            assertThatAllIsThere();
        }
        release(s -> s % 5 != 0);
        log.noteShortage(FULL);
        clean();

        fill(sequence);

        assertThat(positions.size() * (long) LENGTH).isGreaterThan(LIMIT * 3 / 4);
    }

    /** An active segment that is full to the last byte and dead to the last record could be had again, were it not held. */
    @Test
    void shouldNotMoveIntoTheSegmentThatSendersFindActive() {
        for (long sequence = 0; sequence < 100_000; sequence++) {
            append(sequence);
        }
        release(sequence -> sequence % 50 != 0);
        int fits = RecordLayout.aligned(192); // divides a full segment without its first 64 bytes
        for (int filled = 0; filled < 2; ) {
            long position = log.claim(fits);
            log.commit(position, fits);
            log.release(position);
            filled += RecordLog.offsetOf(position) + fits == FULL ? 1 : 0;
        }

        clean();
        long next = log.claim(fits);

        assertThat(moved).isPositive();
        assertThat(positions.values())
                .noneMatch(position -> RecordLog.segmentOf(position) == RecordLog.segmentOf(next));
        log.abort(next, fits);
    }

    /** Appends until there is no room even after cleaning, as senders do; the next sequence. */
    private long fill(long firstSequence) {
        long sequence = firstSequence;
        long filled;
        do {
            filled = sequence;
            clean();
            while (append(sequence)) {
                sequence++;
            }
        } while (sequence > filled);
        return sequence;
    }

    @Test
    void shouldMakeRoomInAFullLog() {
        long sequence = fill(0);
        long capacity = sequence;
        for (int round = 1; round <= 20; round++) {
            long kept = round % 8;
            release(s -> s % 8 != kept && s % 5 != 0);

            sequence = fill(sequence);

            assertThat(positions.size() * (long) LENGTH)
                    .as("round " + round)
                    .isGreaterThan(capacity * LENGTH * 7 / 8 - 4 * FULL);
            assertThatAllIsThere();
        }
    }

    /** Records that leave the end of each segment unused: there is nothing to gain. */
    @Test
    void shouldEndWhenNothingIsDead() {
        int length = 220_200;
        for (long position = log.claim(length); position != RecordLog.NO_ROOM; position = log.claim(length)) {
            Region region = log.region(position);
            int at = RecordLog.offsetOf(position);
            region.longPlain(at + RecordLayout.CRC_OFFSET, RecordLayout.MESSAGE_WORD);
            region.longPlain(at + RecordLayout.QUEUE_OFFSET, QUEUE);
            region.longPlain(at + RecordLayout.SEQUENCE_OFFSET, positions.size());
            log.commit(position, length);
            positions.put((long) positions.size(), position);
        }

        assertTimeoutPreemptively(Duration.ofSeconds(30), this::clean);

        assertThat(moved).isZero();
    }

    /** As the cleaner sees it when somebody stays inside: nothing that it empties can be used again. */
    @Test
    void shouldKeepTheShortageInMindWhereItRanOutOfRoom() {
        long sequence = fill(0);
        release(s -> s % 6 == 0);
        assertThat(append(sequence)).isFalse();
        int inside = gate.enter();
        clean();
        gate.exit(inside);

        assertThat(log.isShortOfMemory()).isTrue();
        clean();
        assertThat(append(sequence)).isTrue();
    }

    @Test
    void shouldLookOnceASecondUnlessMemoryIsShort() {
        for (long sequence = 0; sequence < 100_000; sequence++) {
            append(sequence);
        }
        clean();
        release(sequence -> sequence % 50 != 0);

        assertThat(cleaner.run(nowMs + 999)).isFalse();
        assertThat(moved).isZero();
        assertThat(cleaner.run(nowMs + 1_000)).isTrue();
        assertThat(moved).isPositive();
    }
}
