package io.millrace.stress.kill;

import io.millrace.stress.kill.Tracked.Reported;
import io.millrace.stress.kill.Tracked.Sending;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Holds a message that was seen against what is known of it, and learns from it. Confined to one thread.
 *
 * <p>Threads work side by side, so one line of the history tells only that something had happened by then. What a sighting
 * is held against must therefore have been over, line written, before the looking began; what overlaps decides nothing.
 */
final class Lookout {
    /** By how much engine time and wall time may differ while both run, in milliseconds. */
    static final long TOLERANCE_MS = 50;

    private final Findings findings;
    private final Map<String, TrackedQueue> queues;
    private final Map<String, Long> numberOfId = new HashMap<>();

    Lookout(Findings findings, Map<String, TrackedQueue> queues) {
        this.findings = findings;
        this.queues = queues;
    }

    /** A message was seen. */
    void seen(Tracked message, Sighting sighting) {
        final String both = message + ", but " + sighting;
        findings.check(message.sending != Sending.REFUSED, "a message that was refused is there", both);
        findings.check(
                message.goneLine > sighting.begunLine(),
                "a message came back after line " + message.goneLine + ", when it was " + message.goneWhy,
                both);
        if (!isHere(message, sighting)) {
            findings.add("a message is in a queue where nobody has sent it: " + both);
            return;
        }
        if (message.formerIds.contains(sighting.id())) {
            findings.check(sighting.begunLine() < message.idSince, "a message is there that was redriven before", both);
            return; // told late
        }
        checkId(message, sighting, both);
        checkPlace(message, sighting, both);
        checkWhere(message, sighting, both);
        checkCount(message, sighting, both);
        checkTime(message, sighting, both);
        if (sighting.isDelivery()) {
            message.reported.add(new Reported(sighting.line(), sighting.count()));
        }
    }

    private static boolean isHere(Tracked message, Sighting sighting) {
        return sighting.queue().equals(message.home)
                || sighting.queue().equals(Plan.deadLetters(message.home).orElse(""));
    }

    /** An id that was told when the message was sent, or when it was seen. */
    void checkId(Tracked message, String id, String about) {
        final long owner = Objects.requireNonNullElse(numberOfId.putIfAbsent(id, message.number), message.number);
        findings.check(owner == message.number, "two messages have one id, the other is message=" + owner, about);
        if (message.id.isEmpty()) {
            message.id = id;
            message.idSince = findings.line();
        }
    }

    private void checkId(Tracked message, Sighting sighting, String both) {
        checkId(message, sighting.id(), both);
        if (!message.id.equals(sighting.id())) {
            final boolean mayBeRedriven = Plan.deadLetters(message.home)
                    .map(queues::get)
                    .map(queue -> queue.redriven)
                    .orElse(false);
            findings.check(mayBeRedriven, "a message has another id although nothing was redriven", both);
            message.becomes(sighting.id(), sighting.queue(), findings.line());
        }
    }

    /** The raw tier tells places, which are those of sending unless the message was moved. */
    private void checkPlace(Tracked message, Sighting sighting, String both) {
        final TrackedQueue queue = queues.get(sighting.queue());
        if (sighting.place() >= 0
                && queue != null
                && message.isFirst()
                && sighting.queue().equals(message.home)) {
            final Long owner = queue.numberAtPlace.putIfAbsent(sighting.place(), message.number);
            findings.check(
                    owner == null || owner == message.number,
                    "two messages have one place=" + sighting.place() + ", the other is message=" + owner,
                    both);
        }
    }

    private void checkWhere(Tracked message, Sighting sighting, String both) {
        if (sighting.queue().equals(message.where)) {
            return;
        }
        if (sighting.queue().equals(message.home)) {
            findings.check(
                    sighting.begunLine() < message.whereSince, "a message is back although it was dead-lettered", both);
        } else {
            final boolean wasDue = sighting.countBefore() >= Plan.maxReceives(message.home);
            findings.check(message.deadLetterAsked || wasDue, "a message was dead-lettered for no reason", both);
            message.where = sighting.queue();
            message.whereSince = sighting.line();
            message.mayBeVisibleFrom(0);
        }
    }

    private void checkCount(Tracked message, Sighting sighting, String both) {
        int least = message.restedLine < sighting.begunLine() ? message.restedCount : 0;
        for (Reported reported : message.reported) {
            if (reported.line() < sighting.begunLine()) {
                least = Math.max(least, reported.count());
            }
            findings.check(
                    !sighting.isDelivery() || reported.count() != sighting.count(),
                    "two deliveries have one receive count",
                    both);
        }
        findings.check(sighting.countBefore() >= least, "the receive count fell below " + least, both);
    }

    private void checkTime(Tracked message, Sighting sighting, String both) {
        if (!sighting.isDelivery() && !sighting.isVisible()) {
            return;
        }
        final long byMs = sighting.byMs() + TOLERANCE_MS;
        if (message.isFirst()) {
            findings.check(
                    byMs >= message.visibleFromMs,
                    "a delayed message is early by " + (message.visibleFromMs - sighting.byMs()) + " ms",
                    both);
        }
        final boolean isLater = !sighting.isDelivery() || sighting.count() > message.hiddenCount;
        if (isLater && sighting.begunLine() > message.hiddenSince) {
            findings.check(
                    byMs >= message.hiddenUntilMs,
                    "a message in flight is there early by " + (message.hiddenUntilMs - sighting.byMs()) + " ms",
                    both);
        }
    }
}
