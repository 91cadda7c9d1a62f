package io.millrace.stress.kill;

import io.millrace.Engine;
import io.millrace.api.Durability;
import io.millrace.api.EngineConfig;
import io.millrace.api.InFlightAtRestart;
import io.millrace.api.queue.Delivery;
import io.millrace.api.queue.MessageQueue;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What one JVM does between its start and its end. Confined to one thread, which starts others and waits for them. */
final class Shift {
    /** Enough for what the backlog limits of the workers let live, twice. */
    private static final long OFF_HEAP_BYTES = 256L << 20;

    private static final int WORKERS = 3;
    private static final int ROUNDS = 6;
    private static final int LONGEST_ROUND_MS = 300;
    private static final int STOCKS_PER_ENGINE = 3;
    private static final int DRAINED_AT_ONCE = 500;
    private static final long LONGEST_DRAIN_MS = 20_000;
    private static final long NS_PER_MS = 1_000_000L;
    private static final String MAIN = "main";

    private final Diary diary;
    private final Path directory;
    private final Durability durability;
    private final int run;
    private final SplittableRandom random;
    private final List<Hand> crew = new ArrayList<>();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private volatile boolean isOver;

    Shift(Diary diary, Path directory, Durability durability, int run, long seed) {
        this.diary = diary;
        this.directory = directory;
        this.durability = durability;
        this.run = run;
        this.random = new SplittableRandom(seed);
        for (int i = 0; i < WORKERS; i++) {
            crew.add(new Worker(diary, run, i, random.split()));
        }
        crew.add(new Administrator(diary, run, WORKERS, random.split()));
    }

    /** One thread's work; each call begins with the engine as it is open now. */
    interface Hand {
        void step(Engine engine) throws Exception;

        /** Gives back what belongs to an engine that is about to be closed. */
        void rest();
    }

    /** Works until somebody ends this JVM. */
    void work() throws InterruptedException {
        while (true) {
            try (Engine engine = open(random.nextBoolean())) {
                takeStock(engine);
                createQueues(engine);
                for (int i = random.nextInt(STOCKS_PER_ENGINE); i >= 0; i--) {
                    round(engine);
                    takeStock(engine);
                }
                diary.say(MAIN, "close");
            }
            diary.say(MAIN, "=");
        }
    }

    /** Works in one engine. */
    void still() throws InterruptedException {
        try (Engine engine = open(false)) {
            takeStock(engine);
            createQueues(engine);
            for (int i = 0; i < ROUNDS; i++) {
                round(engine);
                takeStock(engine);
            }
        }
    }

    /** Receives everything, and looks whether that is all. */
    void drain() {
        try (Engine engine = open(true)) {
            takeStock(engine);
            createQueues(engine);
            drain(engine);
            takeStock(engine);
            diary.say(MAIN, "close");
        }
        diary.say(MAIN, "=");
        try (Engine engine = open(false)) {
            takeStock(engine);
        }
    }

    private Engine open(boolean isReleased) {
        diary.say(MAIN, "open " + (isReleased ? "release" : "keep"));
        final EngineConfig config = EngineConfig.defaults()
                .withOffHeapLimit(OFF_HEAP_BYTES)
                .withInFlightAtRestart(isReleased ? InFlightAtRestart.RELEASE : InFlightAtRestart.KEEP);
        final Engine engine = durability == Durability.MEMORY
                ? Engine.inMemory(config) // forgets everything, which the ledger must notice
                : Engine.open(directory, durability, config);
        diary.say(MAIN, "=");
        return engine;
    }

    private void takeStock(Engine engine) {
        new Inventory(diary, MAIN, engine).take();
    }

    private void createQueues(Engine engine) {
        for (String name : Plan.LASTING) {
            if (!engine.catalog().exists(name)) {
                diary.say(MAIN, "create " + name + " 0");
                engine.queue(name, Plan.config(name, 0));
                diary.say(MAIN, "=");
            }
        }
    }

    private void round(Engine engine) throws InterruptedException {
        isOver = false;
        final List<Thread> threads =
                crew.stream().map(hand -> thread(hand, engine)).collect(Collectors.toList());
        threads.forEach(Thread::start);
        LockSupport.parkNanos(random.nextInt(LONGEST_ROUND_MS) * NS_PER_MS);
        isOver = true;
        for (Thread thread : threads) {
            thread.join();
        }
        final Throwable thrown = failure.get();
        if (thrown != null) {
            throw new IllegalStateException("a thread has failed", thrown);
        }
    }

    private Thread thread(Hand hand, Engine engine) {
        return new Thread(
                () -> {
                    try {
                        while (!isOver) {
                            hand.step(engine);
                        }
                        hand.rest();
                    } catch (Exception | Error e) {
                        isOver = true;
                        diary.failed(hand.toString(), e);
                        failure.compareAndSet(null, e);
                    }
                },
                hand.toString());
    }

    /** In flight is nothing, or little for long; delays are short. */
    private void drain(Engine engine) {
        final long untilMs = diary.nowMs() + LONGEST_DRAIN_MS;
        boolean isEmpty = false;
        while (!isEmpty && diary.nowMs() < untilMs) {
            isEmpty = true;
            for (String name : engine.catalog().list("", Inventory.MOST_QUEUES).items()) {
                isEmpty &= drain(engine.queue(name));
            }
        }
        if (!isEmpty) {
            throw new IllegalStateException("messages do not come although they are there: run=" + run);
        }
    }

    /** Whether the queue holds nothing any more. */
    private boolean drain(MessageQueue queue) {
        diary.say(MAIN, "receive " + queue.name() + " " + Plan.HIDDEN_MS);
        final List<Delivery> deliveries = queue.receive(DRAINED_AT_ONCE, Duration.ofMillis(5));
        final List<Told> told = Told.of(diary, MAIN, deliveries);
        if (told.isEmpty()) {
            diary.say(MAIN, "=");
            final var stats = queue.admin().stats();
            return stats.visible() + stats.inFlight() + stats.delayed() == 0;
        }
        diary.say(MAIN, Told.got(told), "=", "ack " + queue.name() + " " + Told.named(told));
        final List<Boolean> answers =
                queue.ackAll(told.stream().map(Told::receipt).toList());
        diary.say(MAIN, "= " + Told.joined(answers));
        return false;
    }
}
