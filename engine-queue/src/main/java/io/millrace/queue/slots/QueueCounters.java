package io.millrace.queue.slots;

import io.millrace.core.concurrent.PaddedLongs;
import io.millrace.core.log.Fate;
import io.millrace.core.slot.ControlWord;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The hot words of a queue and its counters. Thread-safe.
 *
 * <pre>
 *  word       written by          write      read      meaning
 *  ---------  ------------------  ---------  --------  ---------------------------------------------------
 *  TAIL       senders             CAS        volatile  next sequence
 *  CURSOR     receivers           CAS        volatile  next sequence that no receiver has looked at
 *  IN_FLIGHT  receivers, enders   getAndAdd  volatile  messages in that state
 *  DELAYED    senders, enders     getAndAdd  volatile  messages in that state
 *  ENDED      enders              getAndAdd  volatile  slots in that state, aborted ones included
 *  RECEIVED   receivers           getAndAdd  volatile  claims
 *  ENDED_SEEN senders             opaque     opaque    ENDED when it was last looked at, so never more
 *  TAIL_SEEN  receivers           opaque     opaque    TAIL when it was last looked at, so never more
 * </pre>
 *
 * <p>IN_FLIGHT, DELAYED and ENDED count the transitions into and out of these states, so that they equal a recount when
 * nothing runs; while something does, each is right to within the operations in progress.
 */
final class QueueCounters {
    /** How a message ends. All but the first are counted; what is left of ENDED was acknowledged. */
    enum End {
        ACKED(-1, Fate.End.ACKED),
        ABORTED(0, Fate.End.REPLACED),
        EXPIRED(1, Fate.End.EXPIRED),
        DEAD_LETTERED(2, Fate.End.MOVED),
        PURGED(3, Fate.End.PURGED),
        REDRIVEN(4, Fate.End.MOVED);

        private final int counter;
        private final Fate.End fate;

        End(int counter, Fate.End fate) {
            this.counter = counter;
            this.fate = fate;
        }

        /** The same in the message's record. */
        Fate.End fate() {
            return fate;
        }
    }

    private static final int TAIL = 0;
    private static final int CURSOR = 1;
    private static final int IN_FLIGHT = 2;
    private static final int DELAYED = 3;
    private static final int ENDED = 4;
    private static final int RECEIVED = 5;
    private static final int ENDED_SEEN = 6;
    private static final int TAIL_SEEN = 7;
    private static final int WORDS = 8;
    private static final int ENDS = 5;
    private static final int MOVED_IN = 5;

    private final PaddedLongs words = new PaddedLongs(WORDS);
    private final AtomicLongArray ends = new AtomicLongArray(ENDS + 1);

    /** Sequences and ends of earlier runs of the engine; written before the queue is known. */
    private long restoredTail;

    private long restoredEnded;

    /** Goes on where an earlier run of the engine ended; before anybody knows the queue. */
    void restore(long nextSequence, long firstLiving, long living) {
        restoredTail = nextSequence;
        restoredEnded = nextSequence - living;
        words.volatileWrite(TAIL, nextSequence);
        words.volatileWrite(CURSOR, firstLiving);
        words.volatileWrite(ENDED, restoredEnded);
    }

    // ---- sequences ------------------------------------------------------------------------------------------------

    long tail() {
        return words.volatileRead(TAIL); // hb: sequence-take (volatile)
    }

    /** Whether the sequence of the cursor was taken; the senders' line is read only when it seems otherwise. */
    boolean hasBehind(long cursor) {
        if (cursor < words.opaque(TAIL_SEEN)) {
            return true;
        }
        long tail = tail();
        words.opaque(TAIL_SEEN, tail);
        return cursor < tail;
    }

    boolean casTail(long expected, long next) {
        return words.cas(TAIL, expected, next); // hb: sequence-take (volatile)
    }

    long cursor() {
        return words.volatileRead(CURSOR); // hb: slot-publish (volatile)
    }

    boolean casCursor(long expected, long next) {
        return words.cas(CURSOR, expected, next); // hb: slot-publish (volatile)
    }

    // ---- messages -------------------------------------------------------------------------------------------------

    /** Messages that have neither ended nor been aborted. */
    long living() {
        return words.volatileRead(TAIL) - words.volatileRead(ENDED);
    }

    /** Whether fewer messages live than {@code limit}; the receivers' line is read only when it seems otherwise. */
    boolean hasRoom(long limit, long tail) {
        if (tail - words.opaque(ENDED_SEEN) < limit) {
            return true;
        }
        long ended = words.volatileRead(ENDED);
        words.opaque(ENDED_SEEN, ended);
        return tail - ended < limit;
    }

    long inFlight() {
        return words.volatileRead(IN_FLIGHT);
    }

    boolean casInFlight(long expected, long next) {
        return words.cas(IN_FLIGHT, expected, next);
    }

    void addInFlight(long delta) {
        if (delta != 0) {
            words.getAndAdd(IN_FLIGHT, delta);
        }
    }

    void addDelayed(long delta) {
        words.getAndAdd(DELAYED, delta);
    }

    void addReceived(long delta) {
        words.getAndAdd(RECEIVED, delta);
    }

    /** A slot leaves the state that {@code control} shows. */
    void leave(long control) {
        if (ControlWord.isIn(control, ControlWord.IN_FLIGHT)) {
            addInFlight(-1);
        } else if (ControlWord.isIn(control, ControlWord.DELAYED)) {
            addDelayed(-1);
        }
    }

    void addEnded(End how, long count) {
        if (how != End.ACKED) {
            ends.getAndAdd(how.counter, count);
        }
        words.getAndAdd(ENDED, count);
    }

    void addMovedIn() {
        ends.incrementAndGet(MOVED_IN);
    }

    // ---- figures --------------------------------------------------------------------------------------------------

    long delayed() {
        return words.volatileRead(DELAYED);
    }

    long received() {
        return words.volatileRead(RECEIVED);
    }

    /** Messages that users sent here. */
    long sent() {
        return tail() - restoredTail - ends.get(End.ABORTED.counter) - ends.get(MOVED_IN);
    }

    long ended(End how) {
        if (how != End.ACKED) {
            return ends.get(how.counter);
        }
        long acked = words.volatileRead(ENDED) - restoredEnded;
        for (int other = 0; other < ENDS; other++) {
            acked -= ends.get(other);
        }
        return acked;
    }
}
