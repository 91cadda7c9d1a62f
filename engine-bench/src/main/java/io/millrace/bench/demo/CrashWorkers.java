package io.millrace.bench.demo;

import io.millrace.api.Message;
import io.millrace.bench.child.ChildJvm;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The JVMs that work for a demo, one after the other: each is killed when another share of the bytes has come back, some
 * once more while they open the engine. Used by one thread; another one reads what the worker says.
 */
final class CrashWorkers implements Outbox, AutoCloseable {
    /** A worker is killed each time when a further one of so many shares has come back, but not at the end. */
    private static final int SHARES = 6;

    /** After every other kill the next worker is killed while it opens the engine. */
    private static final int OPENING_EVERY = 2;

    /** Opening takes a few milliseconds; some kills come before it, some in the middle, some after it. */
    private static final int LONGEST_OPENING_MS = 20;

    private final List<String> arguments;
    private final CrashBooks books;
    private final DemoCounters counters;
    private final Problems problems;
    private final long totalBytes;
    private final Deque<Piece> unanswered = new ArrayDeque<>(); // guarded by this, as all below
    private boolean hasEnded;
    private boolean isKilled;
    private boolean isSettled;
    private boolean killNextOpening;
    private String lastWords = "";
    private int sharesPassed;
    private int kills;
    private int killsWhileOpening;
    private ChildJvm worker;
    private Thread reader;

    CrashWorkers(
            Storage storage,
            DemoConfig config,
            CrashBooks books,
            DemoCounters counters,
            Problems problems,
            long totalBytes) {
        this.arguments = CrashWorker.arguments(storage, config);
        this.books = books;
        this.counters = counters;
        this.problems = problems;
        this.totalBytes = totalBytes;
        worker = newWorker();
        reader = newReader(worker);
    }

    private ChildJvm newWorker() {
        return ChildJvm.start("the demo's worker", List.of(), CrashWorker.class, arguments);
    }

    private Thread newReader(ChildJvm of) {
        Thread thread = new Thread(() -> read(of), "demo-worker-reader");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    // ---- orders ---------------------------------------------------------------------------------------------------

    @Override
    public void send(Message message) throws InterruptedException {
        Piece piece = Piece.of(message);
        synchronized (this) {
            unanswered.add(piece);
        }
        if (!worker.tryTell(order(piece))) {
            revive();
        }
    }

    private static String order(Piece piece) {
        return "send " + piece.toText();
    }

    /** Starts another worker in place of one that was killed, and lets it send what was not answered. */
    private void revive() throws InterruptedException {
        do {
            reader.join();
            int exitCode = worker.awaitEnd();
            books.workerEnded();
            synchronized (this) {
                if (!isKilled) {
                    throw new IllegalStateException(
                            "the demo's worker ended by itself: exitCode=" + exitCode + " " + lastWords);
                }
                hasEnded = false;
                isKilled = false;
            }
            worker.close();
            worker = newWorker();
            reader = newReader(worker);
        } while (!sendAgain());
    }

    /** The worker sends one after the other, so only the first may be there already: the others it had not come to. */
    private boolean sendAgain() {
        List<Piece> again;
        synchronized (this) {
            again = List.copyOf(unanswered);
        }
        if (!again.isEmpty()) {
            books.sendAgain(again.get(0));
        }
        for (Piece piece : again) {
            if (!worker.tryTell(order(piece))) {
                return false;
            }
        }
        return true;
    }

    /** Waits until everything was sent and received, with as many workers as it takes. */
    void settle() throws InterruptedException {
        while (!worker.tryTell("settle") || !awaitSettled()) {
            revive();
        }
        worker.tryTell("end");
        reader.join();
        worker.awaitEnd();
        books.workerEnded();
    }

    private synchronized boolean awaitSettled() throws InterruptedException {
        while (!isSettled && !hasEnded) {
            wait();
        }
        return isSettled;
    }

    // ---- answers --------------------------------------------------------------------------------------------------

    private void read(ChildJvm from) {
        try {
            for (Optional<String> line = from.next(); line.isPresent(); line = from.next()) {
                String text = line.get();
                if (text.endsWith(CrashWorker.END)) {
                    hear(from, text.substring(0, text.length() - CrashWorker.END.length()));
                } else {
                    setLastWords(text);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        synchronized (this) {
            hasEnded = true;
            notifyAll();
        }
    }

    private synchronized void setLastWords(String text) {
        lastWords = text;
    }

    private void hear(ChildJvm from, String text) throws InterruptedException {
        String[] words = text.split(" ", -1);
        switch (words[0]) {
            case "opening" -> killWhileOpening(from);
            case "open" -> {}
            case "sent" -> sent();
            case "got" -> {
                books.got(Piece.ofWords(words, 2), Long.parseLong(words[1]));
                killIfAnotherShareIsBack(from);
            }
            case "acked" -> books.acked(Long.parseLong(words[1]), Boolean.parseBoolean(words[2]));
            case "counts" -> books.counts(words, 1);
            case "settled" -> settled();
            case "problem" -> problems.add(text.substring(words[0].length() + 1));
            default -> problems.add("the demo's worker said what nobody understands: " + text);
        }
    }

    private synchronized void sent() {
        unanswered.remove();
    }

    private synchronized void settled() {
        isSettled = true;
        notifyAll();
    }

    private void killWhileOpening(ChildJvm from) throws InterruptedException {
        synchronized (this) {
            if (!killNextOpening) {
                return;
            }
            killNextOpening = false;
            killsWhileOpening++;
        }
        Thread.sleep(killsWhileOpening() * 7L % LONGEST_OPENING_MS);
        kill(from);
    }

    private void killIfAnotherShareIsBack(ChildJvm from) {
        synchronized (this) {
            long share = counters.acceptedBytes() * SHARES / Math.max(1, totalBytes);
            if (isKilled || share <= sharesPassed || share >= SHARES) {
                return;
            }
            sharesPassed = (int) share;
            killNextOpening = (kills - killsWhileOpening) % OPENING_EVERY == 1;
        }
        kill(from);
    }

    private synchronized void kill(ChildJvm from) {
        isKilled = true;
        kills++;
        from.kill();
    }

    synchronized int kills() {
        return kills;
    }

    synchronized int killsWhileOpening() {
        return killsWhileOpening;
    }

    @Override
    public void close() {
        worker.close();
    }
}
