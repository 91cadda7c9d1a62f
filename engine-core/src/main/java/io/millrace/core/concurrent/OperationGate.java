package io.millrace.core.concurrent;

import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The gate through which every operation of an engine passes, so that memory which an operation may still look at is
 * neither reused nor freed. Thread-safe.
 *
 * <p>An operation enters by publishing the current <em>era</em> in a word of its own and leaves by clearing the word.
 * Whoever unlinks a piece of memory stamps it with the era of that moment and starts the next era; the piece may be used
 * again once no word holds an era at or below the stamp. {@link #close()} turns newcomers away, after which {@link
 * #isEmpty()} tells when the last operation has left.
 */
// The idea is epoch-based reclamation (K. Fraser, Practical lock-freedom, 2004, section 5.2.3), with one word per
// running operation instead of one per thread: nothing is kept per thread, so a hundred thousand virtual threads
// cost nothing.
//
// Invariants
// 1. A word is written only by the operation that owns it: from the successful CAS (or the owner's store) to the
//    clearing.
// 2. An era is published before the first link is followed. Publishing is a full fence, so either the operation
//    sees that a piece is unlinked, or whoever unlinked it sees the era. (Dekker;
//    OperationGateStress.UnlinkAgainstEnter)
// 3. Eras only grow. An operation that read an old era and published it late is still right: it only delays reuse.
// 4. After close() has returned, every enter() answers CLOSED; an operation inside is seen by isEmpty().
//    (OperationGateStress.CloseAgainstEnter)
//
// field    written by             read by            write             read
// shared   operations             retirers, closer   CAS, release      opaque, volatile
// members  joining, leaving       retirers, closer   copy, under lock  volatile
// era      retirers               operations         getAndAdd         volatile
// closed   closer                 operations         volatile          volatile
//
// A thread that stalls inside delays reuse of everything retired since it entered, and the end of close(); it delays no
// other operation. User code never runs inside, so a stall is at most a descheduled thread.
public final class OperationGate {
    /** What {@link #enter()} answers after {@link #close()}. */
    public static final int CLOSED = -1;

    /** No operation inside, as an era. */
    public static final long NO_ERA = Long.MAX_VALUE;

    private static final int SHARED_WORDS = 64;
    private static final int MASK = SHARED_WORDS - 1;
    private static final int ROUND_SHIFT = 6;
    private static final int YIELDING_ROUNDS = 4;
    private static final long IDLE = 0L;
    private static final int ERA = 0;

    private final PaddedLongs shared = new PaddedLongs(SHARED_WORDS);
    private final PaddedLongs eras = new PaddedLongs(1);
    private final ReentrantLock joining = new ReentrantLock();
    private volatile GateMember[] members = new GateMember[0];
    private volatile boolean closed;

    public OperationGate() {
        eras.release(ERA, IDLE + 1);
    }

    /**
     * Enters with a word from the shared ones.
     *
     * <p>Linearizes at: the successful CAS of an idle word. Progress: lock-free while fewer than 64 threads are inside,
     * then waits until one leaves. If it stalls: see the class comment. Ordering: label gate-enter.
     *
     * @return the word to give to {@link #exit(int)}, or {@link #CLOSED}
     */
    public int enter() {
        int word = spread(Thread.currentThread().getId());
        @Nullable Backoff backoff = null;
        for (int tries = 1; !closed; tries++) {
            if (shared.opaque(word) == IDLE && shared.cas(word, IDLE, currentEra())) { // hb: gate-enter (volatile)
                return closed ? turnAway(word) : word;
            }
            word = (word + 1) & MASK;
            if ((tries & MASK) == 0) {
                backoff = pause(backoff, tries >>> ROUND_SHIFT);
            }
        }
        return CLOSED;
    }

    /** Called after each look at all words. Those inside may be virtual threads, parked for a lock, that need our carrier. */
    @SuppressWarnings("ThreadPriorityCheck") // yields only when 64 threads are inside
    private static @Nullable Backoff pause(@Nullable Backoff before, int rounds) {
        if (rounds <= YIELDING_ROUNDS) {
            Thread.yield();
            return before;
        }
        final Backoff backoff = before == null ? new Backoff() : before;
        backoff.pauseUninterruptibly();
        return backoff;
    }

    private static int spread(long threadId) {
        return (int) ((threadId * 0x9E3779B97F4A7C15L) >>> 58) & MASK;
    }

    private int turnAway(int word) {
        exit(word);
        return CLOSED;
    }

    /** Leaves; everything the operation read or wrote happens before its memory is used again. */
    public void exit(int word) {
        shared.release(word, IDLE); // hb: gate-exit (release)
    }

    /** Enters with the word of a member, which only the member's own thread does; false after {@link #close()}. */
    public boolean enter(GateMember member) {
        member.publishEra(currentEra()); // hb: gate-enter (volatile)
        if (closed) {
            member.clearEra();
            return false;
        }
        return true;
    }

    /** Leaves with the word of a member. */
    public void exit(GateMember member) {
        member.clearEra(); // hb: gate-exit (release)
    }

    /** Adds a member, which then has words of its own; {@link #leave} removes it. */
    public GateMember join() {
        final GateMember member = new GateMember();
        joining.lock();
        try {
            GateMember[] current = members;
            GateMember[] next = Arrays.copyOf(current, current.length + 1);
            next[current.length] = member;
            members = next;
        } finally {
            joining.unlock();
        }
        return member;
    }

    /** Removes a member that is neither inside nor lending. */
    public void leave(GateMember member) {
        joining.lock();
        try {
            members = Arrays.stream(members).filter(other -> other != member).toArray(GateMember[]::new);
        } finally {
            joining.unlock();
        }
    }

    private long currentEra() {
        return eras.volatileRead(ERA);
    }

    /** The stamp for memory that has just been unlinked; starts the next era. */
    public long retire() {
        return eras.getAndAdd(ERA, 1L); // hb: gate-enter (volatile)
    }

    /** The oldest era that an operation inside may hold, or {@link #NO_ERA}; memory stamped below it is free. */
    public long oldestEra() {
        long oldest = NO_ERA;
        for (int word = 0; word < SHARED_WORDS; word++) {
            oldest = older(oldest, shared.volatileRead(word)); // hb: gate-exit (acquire)
        }
        for (GateMember member : members) {
            oldest = older(oldest, member.eraVolatile()); // hb: gate-exit (acquire)
        }
        return oldest;
    }

    private static long older(long oldest, long era) {
        return era == IDLE ? oldest : Math.min(oldest, era);
    }

    /** Whether a member lends views of the segment. Ask after {@link #oldestEra()} has passed the segment's stamp. */
    public boolean isLent(int segment) {
        for (GateMember member : members) {
            if (member.lentSegment() == segment) {
                return true;
            }
        }
        return false;
    }

    /** Whether any member lends a view. */
    public boolean isLending() {
        for (GateMember member : members) {
            if (member.lentSegment() != GateMember.NOTHING) {
                return true;
            }
        }
        return false;
    }

    /** Turns newcomers away from now on. */
    public void close() {
        closed = true; // hb: gate-enter (volatile)
    }

    public boolean isClosed() {
        return closed;
    }

    /**
     * Whether no operation is inside. Once it was true after {@link #close()}, nobody will get in; somebody who is being turned
     * away may make it false for a moment.
     */
    public boolean isEmpty() {
        return oldestEra() == NO_ERA;
    }
}
