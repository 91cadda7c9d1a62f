package io.millrace.stress.images;

import io.millrace.Engine;
import io.millrace.HookedEngine;
import io.millrace.api.Durability;
import io.millrace.api.EngineConfig;
import io.millrace.api.InFlightAtRestart;
import io.millrace.api.NoSpaceException;
import io.millrace.api.queue.MessageQueue;
import io.millrace.api.queue.QueueConfig;
import io.millrace.api.queue.RedriveRequest;
import io.millrace.testkit.ManualClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Keeps an engine busy with a little of everything, and tells the promises what it begins and what it is answered. Confined to one
 * thread.
 */
final class Work implements AutoCloseable {
    private static final int TAGS = 3;
    private static final int LONGEST_FULL = 40;
    private static final int LARGE_WHILE_FULL = 6;
    private static final int FLOOD_WHILE_FULL = 8;

    private final Path directory;
    private final CrashDisk disk;
    private final ManualClock clock;
    private final Promises promises;
    private final SplittableRandom random;
    private final Map<String, Integer> tally;
    private final Traffic traffic;
    private Engine engine;
    private int fullFor;
    private int changes;

    /** @param tally counts what was done, by name */
    Work(
            Path directory,
            CrashDisk disk,
            ManualClock clock,
            Promises promises,
            SplittableRandom random,
            Map<String, Integer> tally) {
        this.directory = directory;
        this.disk = disk;
        this.clock = clock;
        this.promises = promises;
        this.random = random;
        this.tally = tally;
        this.traffic = new Traffic(promises, clock, random.split(), tally);
        engine = open();
        Plan.LASTING.forEach(this::create);
    }

    private Engine open() {
        final EngineConfig config = EngineConfig.defaults()
                .withClock(clock)
                .withInFlightAtRestart(random.nextBoolean() ? InFlightAtRestart.KEEP : InFlightAtRestart.RELEASE);
        return HookedEngine.open(directory, Durability.POWER_LOSS, config, disk);
    }

    /** Whether a redrive of an engine goes on. */
    static boolean isRedriving(Engine engine) {
        return engine.catalog().exists(Plan.DEAD)
                && engine.queue(Plan.DEAD).admin().redriveTasks().stream()
                        .anyMatch(task -> !task.status().isFinished());
    }

    @Override
    public void close() {
        disk.full(false);
        engine.close();
    }

    // ---- what happens next ----------------------------------------------------------------------------------------

    /** Does one thing; whether it was one that is seldom done. */
    boolean step() {
        if (fullFor > 0) {
            whileFull();
        }
        final int dice = random.nextInt(100);
        if (dice < 80) {
            traffic.step(anyQueue());
        } else if (dice < 90) {
            clock.advance(Duration.ofMillis(random.nextInt(random.nextInt(8) == 0 ? 5_000 : 300)));
        } else if (dice < 97) {
            change(anyQueue());
        } else {
            seldom();
            return true;
        }
        return false;
    }

    /** Does everything once, with records so long that they do not share their pages. */
    void everything() {
        for (String name : Plan.LASTING) {
            final MessageQueue queue = engine.queue(name);
            traffic.sendLong(queue);
            traffic.sendLong(queue);
            tag(queue);
            traffic.receiveAll(queue);
            traffic.deadLetter(queue);
            traffic.ack(queue);
            update(queue);
        }
        comeOrGo();
        redrive();
        purge(engine.queue(Plan.DEAD));
        comeOrGo();
    }

    private MessageQueue anyQueue() {
        final boolean isPassing = promises.queue(Plan.PASSING).exists() && random.nextInt(6) == 0;
        return engine.queue(isPassing ? Plan.PASSING : Plan.LASTING.get(random.nextInt(Plan.LASTING.size())));
    }

    private void seldom() {
        switch (random.nextInt(12)) {
            case 0 -> reopen();
            case 1 -> redrive();
            case 2 -> purge(anyQueue());
            case 3, 4 -> fill();
            case 5 -> traffic.sendLarge(anyQueue());
            case 6, 7, 8 -> drain();
            default -> comeOrGo();
        }
    }

    private void count(String what) {
        tally.merge(what, 1, Integer::sum);
    }

    /** Looks at everything, which decides what is not known. */
    private Contents settle() {
        final Contents contents = Contents.of(engine);
        promises.settle(contents, clock.wallMs());
        return contents;
    }

    // ---- the engine -----------------------------------------------------------------------------------------------

    private void reopen() {
        count("reopen");
        close();
        fullFor = 0;
        engine = open();
        settle();
    }

    /** For a while there is no room: what ends makes some, and what lives is moved. */
    private void fill() {
        count("full disk");
        fullFor = 1 + random.nextInt(LONGEST_FULL);
        disk.full(true);
        traffic.sendLarge(anyQueue());
    }

    private void whileFull() {
        if (--fullFor == 0) {
            disk.full(false);
        } else if (random.nextInt(LARGE_WHILE_FULL) == 0) {
            traffic.sendLarge(anyQueue());
        } else if (random.nextInt(FLOOD_WHILE_FULL) == 0) {
            traffic.flood(anyQueue());
            drain();
        }
    }

    private void drain() {
        count("drain");
        clock.advance(Duration.ofSeconds(2));
        for (String name : Plan.LASTING) {
            traffic.drain(engine.queue(name));
        }
    }

    // ---- queues ---------------------------------------------------------------------------------------------------

    private void create(String name) {
        count("create");
        final PromisedQueue promised = promises.queue(name);
        promised.making(Plan.config(name));
        try {
            engine.queue(name, Plan.config(name));
            promised.made();
        } catch (NoSpaceException e) {
            promised.deleted();
        }
    }

    private void comeOrGo() {
        final PromisedQueue promised = promises.queue(Plan.PASSING);
        if (!promised.exists()) {
            create(Plan.PASSING);
            return;
        }
        count("delete");
        promised.deleting();
        final List<PromisedMessage> there = removing(Plan.PASSING);
        engine.catalog().delete(Plan.PASSING);
        promised.deleted();
        there.forEach(message -> message.end(true));
        traffic.forget(Plan.PASSING);
    }

    /** Messages of a queue, each of which may be gone from now on. */
    private List<PromisedMessage> removing(String name) {
        final List<PromisedMessage> there = settle().messages().values().stream()
                .filter(seen -> seen.queue().equals(name))
                .map(seen -> promises.message(seen.number()))
                .toList();
        there.forEach(message -> message.mayBeAbsent = true);
        return there;
    }

    private void change(MessageQueue queue) {
        try {
            if (random.nextBoolean()) {
                update(queue);
            } else {
                tag(queue);
            }
        } catch (NoSpaceException e) {
            count("no space");
        }
    }

    private void update(MessageQueue queue) {
        count("update");
        final PromisedQueue promised = promises.queue(queue.name());
        final QueueConfig before = promised.config();
        final QueueConfig after = before.withRetention(Duration.ofDays(4).plusSeconds(++changes));
        promised.configs.add(after);
        QueueConfig now = before;
        try {
            now = queue.admin().update(config -> after);
        } finally {
            promised.configs.retainAll(Set.of(now));
        }
    }

    private void tag(MessageQueue queue) {
        final PromisedQueue promised = promises.queue(queue.name());
        final Map<String, String> before = promised.tags.iterator().next();
        final Map<String, String> after = new TreeMap<>(before);
        final String key = "k" + random.nextInt(TAGS);
        final boolean isMore = random.nextInt(3) > 0;
        if (isMore) {
            after.put(key, "v" + ++changes);
        } else {
            after.remove(key);
        }
        count(isMore ? "tag" : "untag");
        promised.tags.add(after);
        Map<String, String> now = before;
        try {
            if (isMore) {
                queue.admin().tag(Map.of(key, "v" + changes));
            } else {
                queue.admin().untag(List.of(key));
            }
            now = after;
        } finally {
            promised.tags.retainAll(Set.of(now));
        }
    }

    private void purge(MessageQueue queue) {
        count("purge");
        final List<PromisedMessage> there = removing(queue.name());
        queue.admin().purge();
        there.forEach(message -> message.end(true));
    }

    /** From the dead-letter queue to where they were sent; a task that has ended may not know it after a loss of power. */
    private void redrive() {
        settle();
        for (PromisedMessage message : promises.living(Plan.DEAD)) {
            if (message.wasMoved) {
                message.places.add(message.home);
                message.mayBeRedriven = true;
            }
        }
        try {
            engine.queue(Plan.DEAD).admin().redrive(RedriveRequest.toSources());
            count("redrive");
        } catch (IllegalStateException | NoSpaceException e) {
            return; // one is running, or the disk is full
        }
        for (int i = 0; i < 10 && isRedriving(engine); i++) {
            clock.advance(Duration.ofMillis(1));
        }
        settle();
    }
}
