package io.millrace.bench.alternatives;

import io.millrace.bench.alternatives.SegmentFiles.Prepared;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Who forces: one of the sending threads for all that wait with it, or a thread of its own that records are handed to?
 *
 * <p>Records of 264 B, each send returns when its record is on the disk. More messages per second or a shorter send
 * with the journal thread, at 1 sending thread or at 64, would change our mind.
 *
 * <p>Run with the seconds per row (4 unless told).
 */
final class ForceLeader {

    private static final int RECORD = 264;
    private static final int RECORDS = 250_000;

    /** A way of making one record durable; called by many threads. */
    private interface Journal {
        void send(Sender sender);

        default void stop() {}
    }

    /** A sending thread; it waits for at most one record at a time. */
    private static final class Sender {
        final Thread thread = Thread.currentThread();
        final long[] sendNs = new long[1 << 20];
        int sends;
        volatile long round;
        volatile boolean isDurable;
    }

    /** One mapped region, used over and over. */
    private static final class Log {
        final MappedByteBuffer words;
        final ByteBuffer payload = Words.direct(RECORD);
        final AtomicLong tail = new AtomicLong();
        final AtomicLong forces = new AtomicLong();
        long forcedTo;

        Log(SegmentFiles files) {
            words = files.map((RECORDS * RECORD + 65535) & -65536, Prepared.TOUCHED);
            words.force();
        }

        void append() {
            int offset = (int) (tail.getAndIncrement() % RECORDS) * RECORD;
            words.put(offset + 8, payload, 8, RECORD - 8);
            Words.release(words, offset, RECORD);
        }

        /** Called by one thread at a time. */
        void force() {
            long to = tail.get();
            int first = (int) (forcedTo % RECORDS) * RECORD;
            int last = (int) (to % RECORDS) * RECORD;
            if (to - forcedTo >= RECORDS) {
                words.force();
            } else if (first <= last) {
                words.force(first, last - first);
            } else {
                words.force(first, RECORDS * RECORD - first);
                words.force(0, last);
            }
            forcedTo = to;
            forces.incrementAndGet();
        }
    }

    /** Each sender forces for itself. */
    private record EachForItself(Log log) implements Journal {
        @Override
        public String toString() {
            return "each for itself";
        }

        @Override
        public void send(Sender sender) {
            log.append();
            synchronized (log) {
                log.force();
            }
        }
    }

    /**
     * Whoever finds nobody forcing leads a round; a round covers every record that was appended before it began. A
     * leader that gathers first gives way to other threads while that brings more records, unless it was alone in the
     * last round.
     */
    private static final class Leading implements Journal {
        private final Log log;
        private final AtomicLong begun = new AtomicLong();
        private final AtomicBoolean isLed = new AtomicBoolean();
        private final ConcurrentLinkedQueue<Sender> waiting = new ConcurrentLinkedQueue<>();
        private final boolean gathers;
        private volatile long completed;
        private long lastRound;

        Leading(Log log, boolean gathers) {
            this.log = log;
            this.gathers = gathers;
        }

        @Override
        public String toString() {
            return gathers ? "leader, gathering" : "leader, at once";
        }

        @Override
        public void send(Sender sender) {
            log.append();
            long round = begun.get() + 1;
            sender.round = round;
            boolean isWaiting = false;
            while (completed < round) {
                if (!isLed.get() && isLed.compareAndSet(false, true)) {
                    lead(round);
                } else if (!isWaiting) {
                    sender.isDurable = false;
                    waiting.add(sender);
                    isWaiting = true;
                } else {
                    LockSupport.park(this);
                    isWaiting = !sender.isDurable && waiting.contains(sender);
                }
            }
        }

        private void lead(long round) {
            if (completed < round) {
                if (gathers && lastRound > 1) {
                    gather();
                }
                long from = log.forcedTo;
                long now = begun.incrementAndGet();
                log.force();
                lastRound = log.forcedTo - from;
                completed = now;
            }
            isLed.set(false);
            wake();
        }

        @SuppressWarnings(
                "ThreadPriorityCheck") // a yield that the scheduler ignores costs records per force, nothing else
        private void gather() {
            long seen = log.tail.get();
            for (int i = 0; i < 16; i++) {
                Thread.yield();
                long tail = log.tail.get();
                if (tail == seen) {
                    return;
                }
                seen = tail;
            }
        }

        /** Wakes all whose round is over, and after them the first of the others, to lead the next. */
        private void wake() {
            Sender next = null;
            for (Sender sender : waiting) {
                if (sender.round <= completed) {
                    wake(sender, true);
                } else if (next == null) {
                    next = sender;
                }
            }
            if (next != null) {
                wake(next, false);
            }
        }

        private void wake(Sender sender, boolean isDurable) {
            if (waiting.remove(sender)) {
                sender.isDurable = isDurable;
                LockSupport.unpark(sender.thread);
            }
        }
    }

    /** A thread of its own takes what was handed to it, appends all, forces once, and lets the senders go. */
    private static final class HandedOver implements Journal {
        private final Log log;
        private final ConcurrentLinkedQueue<Sender> handed = new ConcurrentLinkedQueue<>();
        private final Thread thread = new Thread(this::run);
        private volatile boolean isParked;
        private volatile boolean isStopped;

        HandedOver(Log log) {
            this.log = log;
            thread.start();
        }

        @Override
        public String toString() {
            return "journal thread";
        }

        @Override
        public void send(Sender sender) {
            sender.isDurable = false;
            handed.add(sender);
            if (isParked) {
                LockSupport.unpark(thread);
            }
            while (!sender.isDurable) {
                LockSupport.park(this);
            }
        }

        private void run() {
            Sender[] round = new Sender[128];
            while (!isStopped) {
                int count = 0;
                for (Sender sender = handed.poll(); sender != null; sender = handed.poll()) {
                    log.append();
                    round[count++] = sender;
                }
                if (count > 0) {
                    log.force();
                    for (int i = 0; i < count; i++) {
                        round[i].isDurable = true;
                        LockSupport.unpark(round[i].thread);
                    }
                } else {
                    isParked = true;
                    if (handed.isEmpty() && !isStopped) {
                        LockSupport.park(this);
                    }
                    isParked = false;
                }
            }
        }

        @Override
        public void stop() {
            isStopped = true;
            LockSupport.unpark(thread);
        }
    }

    private ForceLeader() {}

    public static void main(String[] args) throws Exception {
        int seconds = args.length == 0 ? 4 : Integer.parseInt(args[0]);
        System.out.printf("JDK %s, %d s per row%n", System.getProperty("java.version"), seconds);
        System.out.printf(
                "%-10s %-18s %12s %14s %10s %10s%n",
                "threads", "", "messages/s", "records/force", "p50, us", "p99, us");
        try (SegmentFiles files = new SegmentFiles()) {
            Log log = new Log(files);
            for (int threads : new int[] {1, 4, 16, 64}) {
                run(log, new EachForItself(log), threads, seconds);
                run(log, new Leading(log, false), threads, seconds);
                run(log, new Leading(log, true), threads, seconds);
                run(log, new HandedOver(log), threads, seconds);
            }
        }
    }

    private static void run(Log log, Journal journal, int threads, int seconds) throws InterruptedException {
        Sender[] senders = new Sender[threads];
        Thread[] all = new Thread[threads];
        long forcesBefore = log.forces.get();
        long startNs = System.nanoTime();
        for (int i = 0; i < threads; i++) {
            int index = i;
            all[i] = new Thread(() -> senders[index] = sendUntil(journal, startNs + seconds * 1_000_000_000L));
            all[i].start();
        }
        long sends = 0;
        for (Thread thread : all) {
            thread.join();
        }
        double elapsed = (System.nanoTime() - startNs) / 1e9;
        journal.stop();
        for (Sender sender : senders) {
            sends += sender.sends;
        }
        long[] sendNs = new long[(int) sends];
        int at = 0;
        for (Sender sender : senders) {
            System.arraycopy(sender.sendNs, 0, sendNs, at, sender.sends);
            at += sender.sends;
        }
        Arrays.sort(sendNs);
        System.out.printf(
                Locale.ROOT,
                "%-10d %-18s %12.0f %14.1f %10.0f %10.0f%n",
                threads,
                journal,
                sends / elapsed,
                (double) sends / (log.forces.get() - forcesBefore),
                sendNs[sendNs.length / 2] / 1e3,
                sendNs[(int) (sendNs.length * 0.99)] / 1e3);
    }

    private static Sender sendUntil(Journal journal, long endNs) {
        Sender sender = new Sender();
        long now = System.nanoTime();
        while (now < endNs && sender.sends < sender.sendNs.length) {
            journal.send(sender);
            long then = System.nanoTime();
            sender.sendNs[sender.sends++] = then - now;
            now = then;
        }
        return sender;
    }
}
