package io.millrace.bench.demo;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * What is known of a demo whose worker is killed: what came back, and how often it may have come. Thread-safe.
 *
 * <p>A message whose sending was cut off is sent again, and may then be there twice; each of the two is acknowledged once.
 * A piece that was accepted comes again if its acknowledgement was cut off, or if it was there twice. Nothing else comes again.
 */
final class CrashBooks {
    private final DemoCounters counters;
    private final Problems problems;
    private final RebuiltFiles rebuilt;
    private final Map<Long, Integer> sentAgain = new HashMap<>(); // guarded by this, as all below
    private final Map<Long, Integer> acked = new HashMap<>();
    private final Map<Long, Integer> unanswered = new HashMap<>();
    private long resent;
    private long acksCutOff;
    private final long[] told = new long[5];
    private long deadLetters;

    CrashBooks(DemoCounters counters, Problems problems, RebuiltFiles rebuilt) {
        this.counters = counters;
        this.problems = problems;
        this.rebuilt = rebuilt;
    }

    /** A piece is sent although it may be there. */
    synchronized void sendAgain(Piece piece) {
        sentAgain.merge(piece.key(), 1, Integer::sum);
        resent++;
    }

    /** A worker has accepted a piece, and is about to acknowledge it. */
    synchronized void got(Piece piece, long latencyNs) {
        unanswered.merge(piece.key(), 1, Integer::sum);
        if (latencyNs >= 0) {
            counters.firstDelivery(latencyNs);
        }
        if (rebuilt.put(piece)) {
            counters.accept(piece);
        } else if (!rebuilt.holds(piece)) {
            problems.add("a message came again and was another one: " + piece);
        }
    }

    /** The acknowledgement of a piece was answered. */
    synchronized void acked(long key, boolean isAcked) {
        unanswered.computeIfPresent(key, (same, count) -> count == 1 ? null : count - 1);
        if (isAcked && acked.merge(key, 1, Integer::sum) > 1 + sentAgain.getOrDefault(key, 0)) {
            problems.add("a message was there more often than it was sent: file=" + (key >> Integer.SIZE) + " line="
                    + (int) key + " acked=" + acked.get(key) + " sent=" + (1 + sentAgain.getOrDefault(key, 0)));
        }
    }

    /** What a worker has counted since it was started: deliveries, redeliveries, late ones, dead letters, redriven. */
    synchronized void counts(String[] words, int at) {
        long[] more = new long[told.length];
        for (int i = 0; i < told.length; i++) {
            long total = Math.max(told[i], Long.parseLong(words[at + i])); // several threads tell
            more[i] = total - told[i];
            told[i] = total;
        }
        counters.add(more[0], more[1], more[2]);
        deadLetters += more[3];
        counters.deadLettered(deadLetters);
        counters.redriven(more[4]);
    }

    /** A worker has ended; another one will count from the start. */
    synchronized void workerEnded() {
        acksCutOff += unanswered.values().stream().mapToInt(count -> count).sum();
        unanswered.clear();
        Arrays.fill(told, 0);
    }

    synchronized long sentAgain() {
        return resent;
    }

    synchronized long cutOff() {
        return acksCutOff;
    }
}
