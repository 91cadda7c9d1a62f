package io.millrace.core.log;

import org.jspecify.annotations.Nullable;

/**
 * What has become of a message, as words in its own record that nothing else covers with a checksum: each carries check
 * bits that depend on the segment's salt and on the place, so that no stale or damaged word is taken for one. Stateless.
 *
 * <pre>
 *  word            bits  field
 *  --------------  ----  -------------------------------------------------------------------------------
 *  END               56  check
 *                     8  how it ended
 *  FLIGHT            20  receives, at most {@link #MOST_RECEIVES}
 *                    35  deadline in engine milliseconds, modulo 2^35; 0: visible
 *                     9  check
 *  FIRST_RECEIVED    48  wall clock of the first receive, milliseconds
 *                    16  check
 * </pre>
 *
 * <p>Zero is what a word is at first: alive, never received.
 */
public final class Fate {
    /** How a message ended, or why its record is not needed any more. The codes are part of the format. */
    public enum End {
        ACKED(1),
        EXPIRED(2),
        /** It was removed; of a queue's state: the queue was deleted, and its messages are nobody's. */
        PURGED(3),
        /** It was moved to another queue. */
        MOVED(4),
        /** The same message has a newer record. */
        COPIED(5),
        /** What a queue is has changed. */
        REPLACED(6);

        private static final End[] BY_CODE = values();

        private final int code;

        End(int code) {
            this.code = code;
        }
    }

    /** Receives that FLIGHT can tell; more are told as so many. */
    public static final int MOST_RECEIVES = (1 << 20) - 1;

    private static final int DEADLINE_BITS = 35;
    private static final int CHECK_BITS = 9;
    private static final long CHECK_MASK = (1L << CHECK_BITS) - 1;
    private static final long DEADLINE_MASK = (1L << DEADLINE_BITS) - 1;
    private static final int RECEIVES_SHIFT = DEADLINE_BITS + CHECK_BITS;
    private static final int STAMP_SHIFT = 16;
    private static final long STAMP_CHECK = (1L << STAMP_SHIFT) - 1;
    private static final long VISIBLE = 0;

    private Fate() {}

    /** The finalizer of MurmurHash3 (A. Appleby, 2011) over the salt, the place of the record and a value. */
    private static long mix(int salt, int offset, long value) {
        long h = (((long) salt << 32) | (offset & 0xFFFF_FFFFL)) ^ (value * 0x9E3779B97F4A7C15L);
        h = (h ^ (h >>> 33)) * 0xFF51AFD7ED558CCDL;
        h = (h ^ (h >>> 33)) * 0xC4CEB9FE1A85EC53L;
        return h ^ (h >>> 33);
    }

    // ---- end ------------------------------------------------------------------------------------------------------

    /** The word that says how the record at {@code offset} ended. */
    static long end(int salt, int offset, End how) {
        return (mix(salt, offset, how.code) << Byte.SIZE) | how.code;
    }

    /** How a word says that the record has ended, or null if it does not say so. */
    static @Nullable End endedBy(int salt, int offset, long word) {
        final int code = (int) (word & 0xFF);
        if (code < 1 || code > End.BY_CODE.length) {
            return null;
        }
        final End how = End.BY_CODE[code - 1];
        return word == end(salt, offset, how) ? how : null;
    }

    // ---- flight ---------------------------------------------------------------------------------------------------

    /**
     * A word of so many receives so far.
     *
     * @param deadlineMs engine time until which the message is hidden, or 0 if it is visible
     */
    static long flight(int salt, int offset, int receives, long deadlineMs) {
        final long deadline = deadlineMs == 0 ? VISIBLE : deadlineBits(deadlineMs);
        final long value = ((long) Math.min(receives, MOST_RECEIVES) << DEADLINE_BITS) | deadline;
        return value == 0 ? 0 : (value << CHECK_BITS) | (mix(salt, offset, value) & CHECK_MASK);
    }

    private static long deadlineBits(long deadlineMs) {
        final long bits = deadlineMs & DEADLINE_MASK;
        return bits == VISIBLE ? 1 : bits;
    }

    /** Whether a word is of the record at {@code offset}; a message whose word is not counts as received once. */
    static boolean isFlight(int salt, int offset, long word) {
        return word == 0 || (word & CHECK_MASK) == (mix(salt, offset, word >>> CHECK_BITS) & CHECK_MASK);
    }

    /** Receives that a word tells. */
    static int receives(long word) {
        return (int) (word >>> RECEIVES_SHIFT);
    }

    /** Whether a word says that the message is hidden until a deadline. */
    static boolean isHidden(long word) {
        return ((word >>> CHECK_BITS) & DEADLINE_MASK) != VISIBLE;
    }

    /** The deadline that a word tells, given an instant within 198 days of it. */
    static long deadlineMs(long word, long nowMs) {
        final int unused = Long.SIZE - DEADLINE_BITS;
        return nowMs + ((((word >>> CHECK_BITS) - nowMs) << unused) >> unused);
    }

    // ---- first received -------------------------------------------------------------------------------------------

    /** A wall-clock stamp with its check bits; 0 is no stamp. */
    static long stamp(int salt, int offset, long wallMs) {
        return wallMs == 0 ? 0 : (wallMs << STAMP_SHIFT) | (mix(salt, offset, wallMs) & STAMP_CHECK);
    }

    /** The stamp that a word holds, or 0 if it holds none. */
    static long stampMs(int salt, int offset, long word) {
        final long wallMs = word >>> STAMP_SHIFT;
        return word == stamp(salt, offset, wallMs) ? wallMs : 0;
    }
}
