package io.millrace.core.log;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.millrace.core.concurrent.GateMember;
import io.millrace.core.concurrent.OperationGate;
import io.millrace.core.memory.Allocator;
import io.millrace.core.memory.MemoryBudget;
import io.millrace.core.memory.Region;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** Claims of a {@link RecordLog} that all samples share, so that segments fill up and are used again meanwhile. */
public final class RecordLogStress {
    private static final int LENGTH = 200;
    private static final long BUDGET_BYTES = 4L << 20;

    private RecordLogStress() {}

    /** A log that is small enough to be used again soon. */
    private static class Shared {
        private static final OperationGate GATE = new OperationGate();
        static final RecordLog LOG = new RecordLog(new Allocator(new MemoryBudget(BUDGET_BYTES)), GATE, 1);

        static long inside(LongSupplier operation) {
            final int word = GATE.enter();
            try {
                return operation.getAsLong();
            } finally {
                GATE.exit(word);
            }
        }

        /** Claims a record, fills it with a number and commits it. */
        static long append(byte number) {
            return inside(() -> {
                final long position = LOG.claim(LENGTH);
                if (position != RecordLog.NO_ROOM) {
                    final int at = RecordLog.offsetOf(position) + RecordLayout.MEMORY_SIZE;
                    LOG.region(position).fill(at, LENGTH - RecordLayout.MEMORY_SIZE, number);
                    LOG.commit(position, LENGTH);
                }
                return position;
            });
        }

        /** Whether a record still holds what was written, and frees it. */
        static int holds(long position, byte number) {
            return (int) inside(() -> {
                final Region region = LOG.region(position);
                boolean same = true;
                for (int i = RecordLayout.MEMORY_SIZE; i < LENGTH; i++) {
                    same &= region.bytePlain(RecordLog.offsetOf(position) + i) == number;
                }
                same &= (int) region.longPlain(RecordLog.offsetOf(position)) == LENGTH;
                LOG.release(position);
                return same ? 1 : 0;
            });
        }
    }

    /** Hazard H9: no position is handed out twice, and no record reaches into another. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "Both records are whole.")
    @Outcome(expect = FORBIDDEN, desc = "A record was overwritten while it lives.")
    @State
    public static class TwoClaimers extends Shared {
        private long first;
        private long second;

        @Actor
        public void first() {
            first = append((byte) 1);
        }

        @Actor
        public void second() {
            second = append((byte) 2);
        }

        @Arbiter
        public void after(II_Result r) {
            r.r1 = first == second ? 0 : holds(first, (byte) 1);
            r.r2 = holds(second, (byte) 2);
        }
    }

    /** Hazard H9: an aborted claim is padding of its length, and leaves the record beside it whole. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "Padding, and a record.")
    @Outcome(expect = FORBIDDEN, desc = "A walker would stop at the claim, or the record is damaged.")
    @State
    public static class AbortAgainstClaim extends Shared {
        private long second;

        @Actor
        public void aborter(II_Result r) {
            r.r1 = (int) inside(() -> {
                final long position = LOG.claim(LENGTH);
                LOG.abort(position, LENGTH);
                final Region region = LOG.region(position);
                final int at = RecordLog.offsetOf(position);
                final boolean padding = region.bytePlain(at + RecordLayout.TYPE_OFFSET) == RecordLayout.PADDING;
                return padding && (int) region.longPlain(at) == LENGTH ? 1 : 0;
            });
        }

        @Actor
        public void writer() {
            second = append((byte) 2);
        }

        @Arbiter
        public void after(II_Result r) {
            r.r2 = holds(second, (byte) 2);
        }
    }

    /** Hazards H9 and H12: a view that was lent inside the gate stays whole when its message is acknowledged by another. */
    @JCStressTest
    @Outcome(
            id = "1, 1",
            expect = ACCEPTABLE,
            desc = "Whole, and the segment was used again behind the view or before it.")
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "Whole, and the segment was not used again.")
    @Outcome(expect = FORBIDDEN, desc = "The view shows what was written over it.")
    @State
    public static class LendAgainstReuse {
        private static final int HALF = RecordLog.FIRST_CAPACITY / 2;
        private static final long ONE_SEGMENT = RecordLog.FIRST_CAPACITY + Region.ALIGNMENT;
        private static final int LOOKS = 1_000;
        private static final int OLD = 1;
        private static final int NEW = 2;

        private final OperationGate gate = new OperationGate();
        private final GateMember member = gate.join();
        private final RecordLog log = new RecordLog(new Allocator(new MemoryBudget(ONE_SEGMENT)), gate, 1);
        private final AtomicLong living = new AtomicLong();
        private final long position;

        public LendAgainstReuse() {
            position = write(OLD);
            living.set(1);
        }

        private long write(long number) {
            final int word = gate.enter();
            try {
                final long claimed = log.claim(HALF);
                if (claimed != RecordLog.NO_ROOM) {
                    log.region(claimed).longPlain(RecordLog.offsetOf(claimed) + RecordLayout.MEMORY_SIZE, number);
                    log.commit(claimed, HALF);
                }
                return claimed;
            } finally {
                gate.exit(word);
            }
        }

        /** Looks again and again, as long as a handler might. */
        private int look(Region region) {
            for (int look = 0; look < LOOKS; look++) {
                final int seen = (int) region.longOpaque(RecordLog.offsetOf(position) + RecordLayout.MEMORY_SIZE);
                if (seen != OLD) {
                    return seen;
                }
            }
            return OLD;
        }

        @Actor
        public void reader(II_Result r) {
            gate.enter(member);
            final boolean lent = living.getOpaque() == 1;
            if (!lent) {
                gate.exit(member);
                r.r1 = OLD;
                return;
            }
            final Region region = log.region(position);
            RecordLog.lend(member, position);
            gate.exit(member);
            r.r1 = look(region);
            member.endLoan();
        }

        @Actor
        public void acker(II_Result r) {
            final int word = gate.enter();
            try {
                living.set(0);
                log.release(position);
            } finally {
                gate.exit(word);
            }
            final boolean sealed = write(NEW) == RecordLog.NO_ROOM; // and retired by the operation that found it full
            r.r2 = sealed && write(NEW) == position ? 1 : 0;
        }

        @Arbiter
        public void after() {
            log.release();
        }
    }

    /** A segment whose last record dies while it is sealed is retired once. */
    @JCStressTest
    @Outcome(id = "true, false", expect = ACCEPTABLE, desc = "The ender retires it.")
    @Outcome(id = "false, true", expect = ACCEPTABLE, desc = "The sealer retires it.")
    @Outcome(expect = FORBIDDEN, desc = "It is retired twice, or never.")
    @State
    public static class SealAgainstRelease {
        private static final Region NOTHING = Objects.requireNonNull(
                new Allocator(new MemoryBudget(BUDGET_BYTES)).tryAllocate(Region.ALIGNMENT), "no memory");

        private final Segment segment = new Segment(0, NOTHING, false, 1);

        public SealAgainstRelease() {
            segment.getAndAddTail(LENGTH);
        }

        @Actor
        public void ender(ZZ_Result r) {
            r.r1 = segment.addDead(LENGTH);
        }

        @Actor
        public void sealer(ZZ_Result r) {
            r.r2 = segment.seal(Segment.FIRST_RECORD + LENGTH);
        }
    }

    /** An active segment that is replaced before it is sealed, while its last record dies, is retired once. */
    @JCStressTest
    @Outcome(id = "true, false", expect = ACCEPTABLE, desc = "The ender retires it.")
    @Outcome(id = "false, true", expect = ACCEPTABLE, desc = "Whoever replaced or sealed it retires it.")
    @Outcome(expect = FORBIDDEN, desc = "It is retired twice, or never.")
    @State
    public static class ReplaceAgainstRelease {
        private final Segment segment = new Segment(0, SealAgainstRelease.NOTHING, false, 1);

        public ReplaceAgainstRelease() {
            segment.hold();
            segment.getAndAddTail(LENGTH);
        }

        @Actor
        public void ender(ZZ_Result r) {
            r.r1 = segment.addDead(LENGTH);
        }

        @Actor
        public void replacerAndSealer(ZZ_Result r) {
            final boolean replaced = segment.endHold();
            r.r2 = segment.seal(Segment.FIRST_RECORD + LENGTH) ^ replaced;
        }
    }

    /** Negative control: two looks instead of one add leave a segment to nobody or to both. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "Retired once.")
    @Outcome(
            id = {"0", "2"},
            expect = ACCEPTABLE_INTERESTING,
            desc = "Never or twice: what the biased sum is for.")
    @Outcome(expect = FORBIDDEN, desc = "Nothing else can be.")
    @State
    public static class ControlTwoWords {
        private final AtomicLong dead = new AtomicLong();
        private final AtomicLong sealed = new AtomicLong();
        private int enderRetires;
        private int sealerRetires;

        @Actor
        public void ender() {
            dead.set(LENGTH);
            enderRetires = sealed.get() == LENGTH ? 1 : 0;
        }

        @Actor
        public void sealer() {
            sealed.set(LENGTH);
            sealerRetires = dead.get() == LENGTH ? 1 : 0;
        }

        @Arbiter
        public void after(I_Result r) {
            r.r1 = enderRetires + sealerRetires;
        }
    }
}
