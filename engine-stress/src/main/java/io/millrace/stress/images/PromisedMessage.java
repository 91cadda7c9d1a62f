package io.millrace.stress.images;

import java.util.Set;
import java.util.TreeSet;

/** What was promised of one message. Confined to one thread. */
final class PromisedMessage {
    final int number;
    final int length;

    /** The queue that it was sent to. */
    final String home;

    /** Engine wall time at which its delay is over, in milliseconds; 0 without one. */
    final long delayedUntilMs;

    /** Names of the queues in one of which it is, if it is anywhere. */
    final Set<String> places = new TreeSet<>();

    /** Whether it may be missing. */
    boolean mayBeAbsent = true;

    /** Whether it may be there. */
    boolean mayBePresent = true;

    /** Whether it has ended for those who use the engine, although it may come back when the power goes. */
    boolean hasEnded;

    /** The id that it was told to have, or empty. */
    String id = "";

    /** Whether it may be moved out of its dead-letter queue at any time, and have another id then. */
    boolean mayBeRedriven;

    /** Whether it lies elsewhere than where it was put by its sender. */
    boolean wasMoved;

    /** How often it was received at most. */
    int mostReceives;

    PromisedMessage(int number, int length, String home, long delayedUntilMs) {
        this.number = number;
        this.length = length;
        this.home = home;
        this.delayedUntilMs = delayedUntilMs;
        places.add(home);
    }

    /** From now on it is in one queue and no other. */
    void isIn(String queue) {
        places.clear();
        places.add(queue);
        wasMoved |= !queue.equals(home);
    }

    /** It has ended; {@code lastingly} if no loss of power brings it back. */
    void end(boolean lastingly) {
        mayBeAbsent = true;
        hasEnded = true;
        mayBePresent &= !lastingly;
    }

    @Override
    public String toString() {
        return "message=" + number + " length=" + length + " places=" + places + " mayBeAbsent=" + mayBeAbsent
                + " mayBePresent=" + mayBePresent + " receives<=" + mostReceives + " id=" + id;
    }
}
