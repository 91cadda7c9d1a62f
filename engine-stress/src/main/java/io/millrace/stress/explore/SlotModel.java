package io.millrace.stress.explore;

import io.millrace.core.slot.ControlWord;
import java.util.EnumSet;
import java.util.Set;

/**
 * What a queue's operations do to the slots of one chunk, access by access, in the order of {@code SlotQueue} and {@code
 * SlotUpkeep}. Immutable; the transitions are the production ones.
 */
final class SlotModel {
    /** Bugs that may be planted, to show that the explorer would see them. */
    enum Weakness {
        /** A publisher does not look whether it was passed over. */
        PUBLISHER_NEVER_MARKS,
        /** A receiver passes over an unpublished slot without saying so. */
        SILENT_PASS_OVER,
        /** Whoever makes a message visible again does not look at the cursor. */
        RELEASE_NEVER_MARKS,
        /** Expiry stores its word instead of exchanging it. */
        BLIND_EXPIRY,
        /** Expiry releases a flight whose deadline has moved. */
        DEADLINE_NOT_READ_AGAIN,
        /** Firing clears the arming after it has looked at the slot. */
        CLEAR_AFTER_LOOK,
        /** A message is copied to the dead-letter queue before its slot is owned. */
        COPY_BEFORE_MOVE
    }

    /** What the dead-letter queue answers. */
    enum Target {
        TAKES,
        IS_FULL,
        IS_MISSING
    }

    static final int SLOTS = 3;

    // Words of the queue.
    static final int CONTROL = 0;
    static final int CURSOR = CONTROL + SLOTS;
    static final int TAIL = CURSOR + 1;
    static final int MARKS = TAIL + 1;
    static final int ARMED = MARKS + 1;
    static final int IN_FLIGHT = ARMED + 1;
    static final int DEAD_LETTERS = IN_FLIGHT + 1;
    static final int FREED = DEAD_LETTERS + 1;

    // Bookkeeping.
    static final int PUBLISHED = FREED + 1;
    static final int DELIVERED = PUBLISHED + 1;
    static final int DELETED = DELIVERED + 1;
    static final int EXTENDED = DELETED + SLOTS;
    static final int WORDS = EXTENDED + 1;

    static final long NEVER = Long.MAX_VALUE;
    static final int UNLIMITED = Integer.MAX_VALUE;

    private final Set<Weakness> weaknesses = EnumSet.noneOf(Weakness.class);
    private final int maxReceives;
    private final Target target;

    SlotModel(int maxReceives, Target target, Weakness... planted) {
        this.maxReceives = maxReceives;
        this.target = target;
        for (Weakness weakness : planted) {
            weaknesses.add(weakness);
        }
    }

    SlotModel(Weakness... planted) {
        this(UNLIMITED, Target.IS_MISSING, planted);
    }

    private boolean has(Weakness weakness) {
        return weaknesses.contains(weakness);
    }

    // ---- send -----------------------------------------------------------------------------------------------------

    void publish(Steps at, int slot) {
        final long before = at.swap(CONTROL + slot, ControlWord.publish(0, 0));
        at.note(PUBLISHED, 1);
        if (ControlWord.isPassedOver(before) && !has(Weakness.PUBLISHER_NEVER_MARKS)) {
            at.or(MARKS, 1L << slot);
        }
    }

    void abort(Steps at, int slot) {
        at.swap(CONTROL + slot, ControlWord.end(at.read(CONTROL + slot)));
    }

    // ---- receive --------------------------------------------------------------------------------------------------

    /** Claims up to {@code max} messages; how many. */
    int receive(Steps at, int max, long deadlineMs) {
        int claimed = 0;
        while (claimed < max) {
            final long marks = at.read(MARKS);
            if (marks == 0) {
                break;
            }
            final long lowest = Long.lowestOneBit(marks);
            if ((at.and(MARKS, ~lowest) & lowest) != 0) {
                final int slot = Long.numberOfTrailingZeros(lowest);
                claimed += claim(at, slot, at.read(CONTROL + slot), deadlineMs);
            }
        }
        while (claimed < max) {
            final int cursor = (int) at.read(CURSOR);
            final int end = endOfRun(at, cursor, max - claimed);
            if (end == cursor) {
                break;
            }
            if (at.cas(CURSOR, cursor, end)) {
                claimed += claimRange(at, cursor, end, max - claimed, deadlineMs);
            }
        }
        if (claimed > 0) {
            at.add(IN_FLIGHT, claimed);
        }
        return claimed;
    }

    private static int endOfRun(Steps at, int cursor, int max) {
        final int farthest = Math.min(SLOTS, cursor + max);
        int end = cursor;
        while (end < farthest && isPublished(at, end)) {
            end++;
        }
        if (end > cursor) {
            return end;
        }
        final int tail = (int) at.read(TAIL);
        for (int slot = cursor + 1; slot < tail; slot++) {
            if (isPublished(at, slot)) {
                return slot + 1;
            }
        }
        return cursor;
    }

    private static boolean isPublished(Steps at, int slot) {
        return !ControlWord.isIn(at.read(CONTROL + slot), ControlWord.FREE);
    }

    private int claimRange(Steps at, int first, int end, int max, long deadlineMs) {
        int claimed = 0;
        for (int slot = first; slot < end; slot++) {
            long control = at.read(CONTROL + slot);
            if (ControlWord.isIn(control, ControlWord.FREE) && !has(Weakness.SILENT_PASS_OVER)) {
                control = at.exchange(CONTROL + slot, control, ControlWord.passOver(control));
            }
            if (claimed == max && ControlWord.isIn(control, ControlWord.READY)) {
                at.or(MARKS, 1L << slot);
            } else {
                claimed += claim(at, slot, control, deadlineMs);
            }
        }
        return claimed;
    }

    private int claim(Steps at, int slot, long seen, long deadlineMs) {
        long control = seen;
        while (ControlWord.isIn(control, ControlWord.READY)
                && (ControlWord.flight(control) < maxReceives || !leaves(at, slot, control))) {
            final long witness = at.exchange(CONTROL + slot, control, ControlWord.claim(control, deadlineMs));
            if (witness == control) {
                at.expect(DELETED + slot, 0, "a message was delivered after it had been deleted");
                at.note(DELIVERED, 1);
                arm(at, deadlineMs);
                return 1;
            }
            control = witness;
        }
        return 0;
    }

    private static void arm(Steps at, long atMs) {
        long armed = at.read(ARMED);
        while (armed > atMs) {
            final long witness = at.exchange(ARMED, armed, atMs);
            if (witness == armed) {
                return;
            }
            armed = witness;
        }
    }

    // ---- dead letters ---------------------------------------------------------------------------------------------

    /** Whether a message that was received too often is out of this receiver's hands. */
    private boolean leaves(Steps at, int slot, long control) {
        if (has(Weakness.COPY_BEFORE_MOVE)) {
            at.add(DEAD_LETTERS, 1);
        }
        if (!at.cas(CONTROL + slot, control, ControlWord.move(control))) {
            return true;
        }
        switch (target) {
            case TAKES -> moveAway(at, slot, control);
            case IS_FULL -> {
                final long hidden = ControlWord.moved(ControlWord.extend(control, RETRY_MS), ControlWord.DELAYED);
                at.write(CONTROL + slot, hidden);
                arm(at, RETRY_MS);
            }
            case IS_MISSING -> {
                at.write(CONTROL + slot, control);
                return false;
            }
        }
        return true;
    }

    static final long RETRY_MS = 1_000;

    private void moveAway(Steps at, int slot, long control) {
        if (!has(Weakness.COPY_BEFORE_MOVE)) {
            at.add(DEAD_LETTERS, 1);
        }
        at.write(CONTROL + slot, ControlWord.end(control));
        afterEnd(at, control);
    }

    /** What {@code Delivery.deadLetter} does. */
    void moveFlight(Steps at, int slot, long nowMs) {
        for (; ; ) {
            final long control = settled(at, slot);
            if (!isInFlight(control, nowMs)) {
                return;
            }
            if (at.cas(CONTROL + slot, control, ControlWord.move(control))) {
                if (target == Target.TAKES) {
                    moveAway(at, slot, control);
                } else {
                    at.write(CONTROL + slot, control);
                    arm(at, ControlWord.deadlineMs(control, nowMs));
                }
                return;
            }
        }
    }

    // ---- ends and visibility --------------------------------------------------------------------------------------

    private static long settled(Steps at, int slot) {
        return at.readWhen(CONTROL + slot, word -> !ControlWord.isIn(word, ControlWord.MOVING));
    }

    private static boolean isInFlight(long control, long nowMs) {
        return ControlWord.isIn(control, ControlWord.IN_FLIGHT) && !ControlWord.isDue(control, nowMs);
    }

    /** Any receipt of a living message ends it. */
    void ack(Steps at, int slot) {
        for (; ; ) {
            final long control = settled(at, slot);
            if (!ControlWord.isLive(control)) {
                return;
            }
            if (end(at, slot, control)) {
                return;
            }
        }
    }

    /** What a raw receiver does that still has the word of its claim. */
    void ackFlight(Steps at, int slot, long claimed) {
        if (!end(at, slot, claimed)) {
            ack(at, slot);
        }
    }

    private static boolean end(Steps at, int slot, long control) {
        if (!at.cas(CONTROL + slot, control, ControlWord.end(control))) {
            return false;
        }
        at.note(DELETED + slot, 1);
        afterEnd(at, control);
        return true;
    }

    private static void afterEnd(Steps at, long control) {
        leave(at, control);
        at.add(FREED, 1);
    }

    private static void leave(Steps at, long control) {
        if (ControlWord.isIn(control, ControlWord.IN_FLIGHT)) {
            at.add(IN_FLIGHT, -1);
        }
    }

    private boolean release(Steps at, int slot, long control) {
        if (has(Weakness.BLIND_EXPIRY)) {
            at.write(CONTROL + slot, ControlWord.release(control));
        } else if (!at.cas(CONTROL + slot, control, ControlWord.release(control))) {
            return false;
        }
        leave(at, control);
        afterVisible(at, slot);
        return true;
    }

    private void afterVisible(Steps at, int slot) {
        if (!has(Weakness.RELEASE_NEVER_MARKS) && at.read(CURSOR) > slot) {
            at.or(MARKS, 1L << slot);
        }
    }

    void unclaim(Steps at, int slot, long claimed) {
        if (at.cas(CONTROL + slot, claimed, ControlWord.unclaim(claimed))) {
            at.add(IN_FLIGHT, -1);
            afterVisible(at, slot);
        }
    }

    void extend(Steps at, int slot, long nowMs, long deadlineMs) {
        for (; ; ) {
            final long control = settled(at, slot);
            if (!isInFlight(control, nowMs)) {
                return;
            }
            if (at.cas(CONTROL + slot, control, ControlWord.extend(control, deadlineMs))) {
                at.note(EXTENDED, 1);
                arm(at, deadlineMs);
                return;
            }
        }
    }

    /** The conductor's look at the slots of the chunk, if it is due. */
    void fire(Steps at, long nowMs) {
        if (at.read(ARMED) > nowMs) {
            return;
        }
        if (!has(Weakness.CLEAR_AFTER_LOOK)) {
            at.swap(ARMED, NEVER);
        }
        long nextMs = NEVER;
        for (int slot = 0; slot < SLOTS; slot++) {
            nextMs = Math.min(nextMs, slotDue(at, slot, nowMs));
        }
        if (has(Weakness.CLEAR_AFTER_LOOK)) {
            at.swap(ARMED, NEVER);
        }
        if (nextMs != NEVER) {
            arm(at, nextMs);
        }
    }

    private long slotDue(Steps at, int slot, long nowMs) {
        boolean again = false;
        for (; ; ) {
            final long control = at.read(CONTROL + slot);
            if (!ControlWord.isLive(control)) {
                return ControlWord.isIn(control, ControlWord.MOVING) ? nowMs + 1 : NEVER;
            }
            if (ControlWord.isIn(control, ControlWord.READY)) {
                return NEVER;
            }
            final boolean due = ControlWord.isDue(control, nowMs) || (again && has(Weakness.DEADLINE_NOT_READ_AGAIN));
            if (!due) {
                return ControlWord.deadlineMs(control, nowMs);
            }
            if (release(at, slot, control)) {
                return NEVER;
            }
            again = true;
        }
    }

    // ---- rules ----------------------------------------------------------------------------------------------------

    /** A visible message is in front of the cursor, or marked for the receivers behind it. */
    static boolean nothingLost(long[] words) {
        for (int slot = 0; slot < SLOTS; slot++) {
            final boolean marked = (words[MARKS] & (1L << slot)) != 0;
            if (ControlWord.isIn(words[CONTROL + slot], ControlWord.READY) && words[CURSOR] > slot && !marked) {
                return false;
            }
        }
        return true;
    }

    /** Deleted, in this queue, or in the dead-letter queue: one of them, for every message. */
    static boolean oneFate(long[] words) {
        return deleted(words) + words[DEAD_LETTERS] + living(words) == words[PUBLISHED];
    }

    static long deleted(long[] words) {
        long deleted = 0;
        for (int slot = 0; slot < SLOTS; slot++) {
            deleted += words[DELETED + slot];
        }
        return deleted;
    }

    private static long living(long[] words) {
        long living = 0;
        for (int slot = 0; slot < SLOTS; slot++) {
            living += ControlWord.isLive(words[CONTROL + slot]) ? 1 : 0;
        }
        return living;
    }

    /** Every record whose message has ended was freed once, no other was. */
    static boolean freedOnce(long[] words) {
        return words[FREED] == deleted(words) + words[DEAD_LETTERS];
    }

    static boolean countedRight(long[] words) {
        long inFlight = 0;
        for (int slot = 0; slot < SLOTS; slot++) {
            inFlight += ControlWord.isIn(words[CONTROL + slot], ControlWord.IN_FLIGHT) ? 1 : 0;
        }
        return words[IN_FLIGHT] == inFlight;
    }

    /** Whoever is hidden will be looked at by its deadline. */
    static boolean armedInTime(long[] words) {
        for (int slot = 0; slot < SLOTS; slot++) {
            final long control = words[CONTROL + slot];
            final boolean hidden =
                    ControlWord.isIn(control, ControlWord.IN_FLIGHT) || ControlWord.isIn(control, ControlWord.DELAYED);
            if (hidden && words[ARMED] > ControlWord.deadlineMs(control, 0)) {
                return false;
            }
        }
        return true;
    }

    /** A scenario of this model with the rules that always hold. */
    static Scenario scenario(String name) {
        return new Scenario(name, WORDS)
                .given(ARMED, NEVER)
                .finallyHolds("a visible message is in front of the cursor or marked", SlotModel::nothingLost)
                .finallyHolds("a message is deleted, here, or in the dead-letter queue", SlotModel::oneFate)
                .finallyHolds("a record is freed once, when its message has ended", SlotModel::freedOnce)
                .finallyHolds("the in-flight counter equals a recount", SlotModel::countedRight)
                .finallyHolds("a hidden message is armed by its deadline", SlotModel::armedInTime);
    }
}
