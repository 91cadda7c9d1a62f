package io.millrace.stress.kill;

import io.millrace.stress.kill.Tracked.Sending;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What there was while everybody stood still: every queue, and in it every message in its order. Whatever was left open by
 * operations that a kill has cut off is decided by it. Confined to one thread; used once.
 */
final class Stocktaking {
    private final Findings findings;
    private final Lookout lookout;
    private final long begunLine;
    private final boolean isReleased;
    private final Map<String, List<Sighting>> found = new LinkedHashMap<>();
    private String queue = "";

    /** @param isReleased whether the engine was just opened, and no message is to be in flight */
    Stocktaking(Findings findings, Lookout lookout, boolean isReleased) {
        this.findings = findings;
        this.lookout = lookout;
        this.begunLine = findings.line();
        this.isReleased = isReleased;
    }

    long begunLine() {
        return begunLine;
    }

    String queue() {
        return queue;
    }

    /** From here on messages are of this queue; checks what was told of the queue itself. */
    void queue(TrackedQueue about, int config, Map<String, String> tags) {
        queue = about.name;
        findings.check(found.put(queue, new ArrayList<>()) == null, "a queue is there twice", queue);
        findings.check(about.mayExist, "a queue is there that was deleted, or never created", queue);
        findings.check(
                about.configs.contains(config),
                "a queue has another configuration than number " + about.configs,
                queue + " number=" + config);
        findings.check(about.tags.contains(tags), "a queue has other tags than " + about.tags, queue + " tags=" + tags);
        about.mayExist = true;
        about.mayBeAbsent = false;
        about.configs.clear();
        about.configs.add(config);
        about.tags.clear();
        about.tags.add(tags);
    }

    void message(Sighting sighting) {
        here().add(sighting);
    }

    private List<Sighting> here() {
        return found.computeIfAbsent(queue, name -> new ArrayList<>());
    }

    /**
     * Visible, in flight and delayed messages, as the queue counts them. A deadline that is just over may be seen before it
     * is counted.
     */
    void counted(long[] before, long[] after) {
        final long[] seen = new long[3];
        for (Sighting each : here()) {
            seen[each.isVisible() ? 0 : each.isInFlight() ? 1 : 2]++;
        }
        final String figures = queue + " visible, in flight, delayed: counted=" + Arrays.toString(after) + " before="
                + Arrays.toString(before) + " seen=" + Arrays.toString(seen);
        findings.check(
                Arrays.stream(seen).sum() == Arrays.stream(after).sum(),
                "the figures of a queue do not add up to what it holds",
                figures);
        findings.check(
                seen[0] >= before[0] && seen[1] <= before[1] && seen[2] <= before[2],
                "the figures of a queue are not what it holds",
                figures);
    }

    /** Everything has been told. Messages that cannot be anywhere any more are left out of {@code living}. */
    void end(Map<Long, Tracked> living, Map<Long, Tracked> all, Collection<TrackedQueue> queues) {
        for (TrackedQueue each : queues) {
            if (!found.containsKey(each.name)) {
                findings.check(each.mayBeAbsent, "a queue is lost", each.name);
                each.mayExist = false;
                each.mayBeAbsent = true;
            }
        }
        final int lost = queues.stream().mapToInt(each -> each.lostReceives).sum();
        final Map<Long, Sighting> seen = new HashMap<>();
        found.values().forEach(sightings -> {
            sightings.forEach(sighting -> seen(sighting, seen, all, lost));
            checkOrder(sightings, all);
        });
        for (Tracked message : List.copyOf(living.values())) {
            if (!seen.containsKey(message.number)) {
                notSeen(message);
                living.remove(message.number);
            }
        }
        for (TrackedQueue each : queues) {
            each.lostReceives = 0;
            each.redriven = false;
        }
    }

    private void seen(Sighting sighting, Map<Long, Sighting> seen, Map<Long, Tracked> all, int lost) {
        final Tracked message = all.get(sighting.number());
        if (message == null) {
            findings.add("a message is there that nobody has sent: " + sighting);
            return;
        }
        final Sighting other = seen.put(sighting.number(), sighting);
        findings.check(other == null, "a message is there twice", message + ", " + other + " and " + sighting);
        lookout.seen(message, sighting);
        findings.check(
                sighting.count() <= message.highestCount() + lost, "receives were counted that nobody did", sighting);
        findings.check(!isReleased || !sighting.isInFlight(), "a message is in flight that was released", sighting);
        message.sending = Sending.ACCEPTED;
        message.removals = 0;
        message.deadLetterAsked = false;
        message.reported.clear();
        message.restedCount = sighting.count();
        message.restedLine = sighting.line();
    }

    private void notSeen(Tracked message) {
        final boolean mayBeAbsent = message.sending == Sending.BEGUN || message.removals > 0;
        findings.check(
                mayBeAbsent || message.sending == Sending.REFUSED, "a message is lost that was acknowledged", message);
        message.gone(findings.line(), "not there while everybody stood still");
    }

    /** Oldest first: what one thread sent comes in its order, and what had been sent before something else began too. */
    private void checkOrder(List<Sighting> sightings, Map<Long, Tracked> all) {
        final Map<Long, Long> lastOfSender = new HashMap<>();
        long latestBegun = -1;
        for (Sighting sighting : sightings) {
            final Tracked message = all.get(sighting.number());
            if (message == null || !message.isFirst()) {
                continue;
            }
            final Long before = lastOfSender.put(Content.sender(message.number), message.number);
            findings.check(
                    before == null || before < message.number,
                    "a message stands behind one that its thread had sent later, message=" + before,
                    message);
            findings.check(
                    message.sendDoneLine > latestBegun,
                    "a message stands behind one that was sent later, at line " + latestBegun,
                    message);
            latestBegun = Math.max(latestBegun, message.sendBegunLine);
        }
    }
}
