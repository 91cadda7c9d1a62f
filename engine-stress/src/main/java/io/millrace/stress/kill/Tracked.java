package io.millrace.stress.kill;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What is known of one message. Confined to one thread; read and written by the {@link Ledger} only. */
final class Tracked {
    /** Instead of a line that has not come. */
    static final long NEVER = Long.MAX_VALUE;

    /** What is known of its sending. */
    enum Sending {
        /** Begun; what became of it is not known, or not yet. */
        BEGUN,
        ACCEPTED,
        REFUSED
    }

    /** A receive count that was reported. */
    record Reported(long line, int count) {}

    final long number;
    final String home;
    final long sendBegunLine;
    final long visibleFromMs;

    Sending sending = Sending.BEGUN;
    long sendDoneLine = NEVER;

    /** Where it was when it was last looked at or moved, and since which line that is known. */
    String where;

    long whereSince;

    /** The id under which it goes now, or empty if none was seen yet; a redrive gives it another. */
    String id = "";

    long idSince;
    final Set<String> formerIds = new HashSet<>();

    /** Line after which it cannot be anywhere any more, and why. */
    long goneLine = NEVER;

    String goneWhy = "";
    boolean wasAcked;

    /** What was begun since everybody last stood still that may have ended it. */
    int removals;

    boolean deadLetterAsked;

    /** Receive counts since everybody last stood still, and the count at that time. */
    final List<Reported> reported = new ArrayList<>();

    int restedCount;
    long restedLine = -1;

    /** Not to be seen before, by the flight with the highest count; lower if somebody may have changed it. */
    long hiddenUntilMs;

    int hiddenCount;

    /** Line by which a change of visibility had set that; what began to be received before decides nothing. */
    long hiddenSince = -1;

    /** Rises with all that may change its flight. */
    int changes;

    /** How many changes are under way; one of them may hit a flight that begins meanwhile. */
    int openChanges;

    /** Line at which the last of them was over. */
    long changedLine = -1;

    Tracked(long number, String home, long line, long nowMs, long delayMs) {
        this.number = number;
        this.home = home;
        this.where = home;
        this.whereSince = line;
        this.sendBegunLine = line;
        this.visibleFromMs = delayMs == 0 ? 0 : nowMs + delayMs;
    }

    boolean isGone() {
        return goneLine != NEVER;
    }

    void gone(long line, String why) {
        if (!isGone()) {
            goneLine = line;
            goneWhy = why;
        }
    }

    /** Whether it is still the message that was sent, in its first place. */
    boolean isFirst() {
        return formerIds.isEmpty() && where.equals(home);
    }

    int highestCount() {
        return reported.stream().mapToInt(Reported::count).reduce(restedCount, Math::max);
    }

    /** It may be visible from then on. */
    void mayBeVisibleFrom(long ms) {
        hiddenUntilMs = Math.min(hiddenUntilMs, ms);
        changes++;
    }

    /** It is in flight, told at the end of a receive that began at a line. */
    void inFlight(int count, long untilMs, long begunLine) {
        if (count > hiddenCount) {
            hiddenCount = count;
            hiddenUntilMs = openChanges == 0 && changedLine < begunLine ? untilMs : 0;
            hiddenSince = -1;
        }
        changes++;
    }

    /** A redrive has made another message of it. */
    void becomes(String newId, String newWhere, long line) {
        formerIds.add(id);
        id = newId;
        idSince = line;
        where = newWhere;
        whereSince = line;
        reported.clear();
        restedCount = 0;
        restedLine = -1;
        hiddenUntilMs = 0;
        hiddenCount = 0;
        changes++;
    }

    @Override
    public String toString() {
        return "message=" + number + " queue=" + home + " where=" + where + " id=" + (id.isEmpty() ? "unknown" : id)
                + " sending=" + sending + " sentAtLine=" + sendBegunLine + " highestCount=" + highestCount()
                + " formerIds=" + formerIds.size();
    }
}
