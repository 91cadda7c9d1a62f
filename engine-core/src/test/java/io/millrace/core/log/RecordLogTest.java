package io.millrace.core.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.concurrent.GateMember;
import io.millrace.core.concurrent.OperationGate;
import io.millrace.core.memory.Allocator;
import io.millrace.core.memory.MemoryBudget;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RecordLogTest {
    private static final int LENGTH = 304;

    private final OperationGate gate = new OperationGate();
    private final Allocator allocator = new Allocator(new MemoryBudget(64L << 20));
    private final RecordLog log = new RecordLog(allocator, gate, 1);

    @AfterEach
    void shouldGiveAllMemoryBack() {
        log.release();
        assertThat(allocator.liveRegions()).isZero();
    }

    private long append(int length) {
        long position = log.claim(length);
        if (position != RecordLog.NO_ROOM) {
            log.commit(position, length);
        }
        return position;
    }

    @Test
    void shouldHandNoPlaceOutTwice() {
        Set<Long> positions = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            assertThat(positions.add(append(LENGTH))).isTrue();
        }
    }

    @Test
    void shouldWriteNegativeLengthWhileClaimedAndPositiveWhenCommitted() {
        long position = log.claim(100);
        int index = RecordLog.offsetOf(position) + RecordLayout.COMMIT_OFFSET;
        assertThat((int) log.region(position).longPlain(index)).isEqualTo(-100);

        log.commit(position, 100);

        assertThat((int) log.region(position).longPlain(index)).isEqualTo(100);
    }

    @Test
    void shouldUseMemoryAgainWhenEverythingInASegmentIsDead() {
        Deque<Long> living = new ArrayDeque<>();
        for (int i = 0; i < 400_000; i++) {
            living.add(append(LENGTH));
            if (living.size() > 1_000) {
                log.release(living.remove());
            }
        }

        assertThat(log.usage().totalBytes()).isLessThan(20L << 20);
    }

    @Test
    void shouldRetireASegmentThatIsFilledToTheLastByte() {
        int capacity = RecordLog.FIRST_CAPACITY - Segment.FIRST_RECORD;
        int records = 64;
        for (int i = 0; i < records; i++) {
            log.release(append(capacity / records));
        }
        append(8);

        assertThat(log.usage().liveBytes()).isEqualTo(8);
    }

    @Test
    void shouldNotReuseWhileAnOperationThatMightReadIsInside() {
        int word = gate.enter();
        Set<Long> positions = new HashSet<>();
        boolean noneTwice = true;
        for (long claimed = 0; claimed < 40L << 20; claimed += LENGTH) {
            long position = append(LENGTH);
            noneTwice &= positions.add(position);
            log.release(position);
        }
        gate.exit(word);

        assertThat(noneTwice).isTrue();
    }

    @Test
    void shouldNotReuseALentSegmentAndNothingElse() {
        GateMember member = gate.join();
        long lent = append(LENGTH);
        RecordLog.lend(member, lent);
        log.release(lent);
        for (long claimed = 0; claimed < 100L << 20; claimed += LENGTH) {
            long position = append(LENGTH);
            assertThat(position).isNotEqualTo(lent);
            log.release(position);
        }
        assertThat(log.usage().totalBytes()).isLessThan(20L << 20);
        member.endLoan();
        gate.leave(member);
    }

    @Test
    void shouldGiveLargeRecordsSegmentsOfTheirOwnAndTheirMemoryBack() {
        for (int i = 0; i < 100; i++) {
            long position = append(5 << 20);
            assertThat(position).isNotEqualTo(RecordLog.NO_ROOM);
            log.release(position);
        }
        log.trim(0);

        assertThat(log.usage().totalBytes()).isLessThan(1 << 20);
    }

    @Test
    void shouldAnswerNoRoomAtTheLimitAndGoOnWhenThereIs() {
        Deque<Long> living = new ArrayDeque<>();
        long position = append(LENGTH);
        while (position != RecordLog.NO_ROOM) {
            living.add(position);
            position = append(LENGTH);
        }
        assertThat(living.size()).isGreaterThan(150_000);

        living.forEach(log::release);

        assertThat(append(LENGTH)).isNotEqualTo(RecordLog.NO_ROOM);
    }

    @Test
    void shouldCountAnAbortedClaimAsDead() {
        for (int i = 0; i < 400_000; i++) {
            long position = log.claim(LENGTH);
            log.abort(position, LENGTH);
        }

        assertThat(log.usage().totalBytes()).isLessThan(20L << 20);
    }
}
