package io.millrace.stress.disk;

import io.millrace.Engine;
import io.millrace.api.Durability;
import io.millrace.api.EngineClock;
import io.millrace.api.EngineConfig;
import io.millrace.api.InFlightAtRestart;
import io.millrace.api.NoSpaceException;
import io.millrace.api.Refusal;
import io.millrace.api.SendRefusedException;
import io.millrace.api.queue.Delivery;
import io.millrace.api.queue.MessageQueue;
import io.millrace.api.queue.QueueConfig;
import io.millrace.api.queue.RedrivePolicy;
import io.millrace.stress.Check;
import io.millrace.stress.disk.Figures.Figure;
import io.millrace.stress.disk.Post.Size;
import io.millrace.stress.kill.Content;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What one process does on a small disk, whose room it also takes away and gives back: fills it, does on the full disk all that
 * must go on there and all that must be refused, and waits for everything to go on when there is room. Confined to one thread.
 */
final class Life {
    private static final int TURNS = 3;
    private static final int MOST_SENT = 1_000_000;
    private static final int MOST_LARGE = 100;
    private static final int MOST_MOVED = 2_000;
    private static final int MOST_MADE = 1_000;
    private static final int MOST_PAGES_LEFT = 15;
    private static final int MAX_MESSAGE_BYTES = 4 << 20;

    /** What the longest message takes, and a little. */
    private static final long LARGE_BYTES = 3 << 20;

    /** Of so much the cleaner and the reserve cannot take everything. */
    private static final long ROOM_BYTES = 6 << 20;

    /** What an engine may hold beyond twice what lives. */
    private static final long SPARE_BYTES = 16 << 20;

    /** So many short messages can be moved out of what is kept in reserve. */
    private static final int MOVES_IN_RESERVE = 10;

    /** Of so many segments some are empty when all was acknowledged, whichever hold what the queues are. */
    private static final int SEGMENTS_ENOUGH = 8;

    private static final int KEPT_ONE_IN = 200;
    private static final int AT_ONCE = 1_000;
    private static final int MANY_TIMES = 1_000;
    private static final long LONGEST_WAIT_MS = 5_000;
    private static final long PAUSE_NS = 1_000_000;

    private final Path directory;
    private final Durability durability;
    private final Books books;
    private final Figures figures;
    private final Ballast ballast;
    private final SplittableRandom random;
    private final Post post;
    private final int run;
    private final EngineClock clock = EngineClock.system();
    private Engine engine;
    private MessageQueue orders;
    private MessageQueue tries;
    private MessageQueue dead;
    private boolean hasReserve;
    private int made;

    /** @param run number of the process among those on the disk, from 0 */
    Life(Path disk, Durability durability, int run, long seed, Books books, Figures figures) {
        this.directory = disk.resolve("data");
        this.durability = durability;
        this.books = books;
        this.figures = figures;
        this.ballast = new Ballast(disk);
        this.random = new SplittableRandom(seed);
        this.post = new Post(books, figures, random, run);
        this.run = run;
        this.hasReserve = run == 0;
        this.engine = open();
        findQueues();
    }

    // ---- open and close -------------------------------------------------------------------------------------------

    private Engine tryOpen() {
        return Engine.open(
                directory, durability, EngineConfig.defaults().withInFlightAtRestart(InFlightAtRestart.RELEASE));
    }

    /** On a disk on which somebody else has taken the last page it may be refused; then nothing has changed. */
    private Engine open() {
        final boolean isFull = ballast.isThere();
        if (isFull) {
            ballast.leave(random.nextInt(MOST_PAGES_LEFT)); // holes may have given room back
        }
        final Map<String, Long> before = files();
        try {
            final Engine opened = tryOpen();
            if (isFull) {
                figures.count(Figure.OPENED_FULL);
            }
            return opened;
        } catch (NoSpaceException e) {
            Check.that(isFull, "refused although nobody else takes room: free=" + ballast.freeBytes() + " " + e);
            requireAdvice(e);
            Check.that(files().equals(before), "refused and changed: " + before + " " + files());
            figures.count(Figure.OPENINGS_REFUSED);
        }
        ballast.remove();
        return tryOpen();
    }

    private void requireAdvice(NoSpaceException e) {
        Check.that(
                String.valueOf(e.getMessage()).contains("make room") && e.path().equals(directory),
                "does not say what to do, and where: " + e);
    }

    /** Names and lengths of what the directory holds; the lock may come and go, and the manifest counts openings. */
    private Map<String, Long> files() {
        final Map<String, Long> found = new TreeMap<>();
        if (Files.exists(directory)) {
            try (Stream<Path> files = Files.list(directory)) {
                for (Path file : files.toList()) {
                    found.put(file.getFileName().toString(), length(file));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        found.remove("lock");
        found.computeIfPresent("manifest", (name, length) -> 0L);
        return found;
    }

    private static long length(Path file) throws IOException {
        try {
            return Files.size(file);
        } catch (NoSuchFileException e) {
            return 0; // removed just now
        }
    }

    private void findQueues() {
        final QueueConfig config = QueueConfig.defaults()
                .withMaxMessageBytes(MAX_MESSAGE_BYTES)
                .withVisibilityTimeout(Duration.ofHours(1))
                .withSendTimeout(Duration.ofMillis(2));
        dead = engine.queue(Books.DEAD, config);
        orders = engine.queue(Books.ORDERS, config.withRedrive(new RedrivePolicy(Books.DEAD, MANY_TIMES)));
        tries = engine.queue(Books.TRIES, config.withRedrive(new RedrivePolicy(Books.DEAD, 1)));
    }

    private void reopen() {
        engine.close();
        engine = open();
        hasReserve = false;
        findQueues();
        books.compare(engine);
    }

    /** Fills the disk and makes room again, a few times. */
    void live() {
        books.compare(engine);
        for (int turn = 0; turn < TURNS; turn++) {
            if (random.nextBoolean()) {
                refuseLarge();
            }
            fill();
            beFull();
            if (random.nextInt(3) == 0) {
                reopen();
                continue;
            }
            makeRoom();
        }
        books.compare(engine);
        if (random.nextBoolean()) {
            ballast.leave(0);
        }
    }

    void close() {
        engine.close();
    }

    // ---- full -----------------------------------------------------------------------------------------------------

    /** Messages that need a file are refused while others find room in the segment that is being filled. */
    private void refuseLarge() {
        int sent = 0;
        do { // the engine may have room that it gives back
            Check.that(sent++ < MOST_LARGE, "the disk is never full");
            ballast.leave(random.nextInt(MOST_PAGES_LEFT));
        } while (!post.isRefused(orders, Size.LARGE));
        if (post.send(orders, Size.SMALL)) {
            figures.count(Figure.LARGE_REFUSED_SMALL_SENT);
        }
    }

    /** Sends until everything is refused, in every way. */
    private void fill() {
        int sent = 0;
        while (!isFull()) {
            Check.that(sent < MOST_SENT, "the disk is never full");
            while (post.send(random.nextInt(10) == 0 ? tries : orders, Size.ANY)) {
                sent++;
            }
        }
    }

    private boolean isFull() {
        return post.isRefused(orders, Size.SMALL) && post.isRefused(orders, Size.LARGE);
    }

    private void beFull() {
        if (random.nextBoolean()) {
            ballast.leave(random.nextInt(MOST_PAGES_LEFT));
        }
        changeVisibility();
        move();
        change();
        makeQueues();
        receiveAndAck();
        tryAgain();
    }

    private long numberOf(Delivery delivery) {
        final OptionalLong number = Content.numberOf(delivery.bytes(), delivery.attributes());
        Check.that(number.isPresent(), "not as it was sent: " + delivery);
        return number.getAsLong();
    }

    private void changeVisibility() {
        for (Delivery delivery : orders.receive(5)) {
            Check.that(delivery.extend(Duration.ofMinutes(5)), "cannot be extended");
            Check.that(delivery.retryAfter(Duration.ZERO), "cannot be given back");
        }
    }

    /** What is kept in reserve lets some messages be moved; then they stay where they are. */
    private void move() {
        int moved = 0;
        boolean isRefused = false;
        for (int i = 0; i < MOST_MOVED && !isRefused; i++) {
            final List<Delivery> next = orders.receive(1);
            if (next.isEmpty()) {
                break;
            }
            final Delivery delivery = next.get(0);
            final boolean isShort = delivery.bytes().length < 300;
            isRefused = !deadLetter(delivery);
            Check.that(
                    !(isRefused && isShort && hasReserve && moved < MOVES_IN_RESERVE),
                    "not moved although there is a reserve: " + moved);
            moved += isRefused ? 0 : 1;
        }
        hasReserve = false;
    }

    private boolean deadLetter(Delivery delivery) {
        try {
            Check.that(delivery.deadLetter("full"), "is in flight, and cannot be moved");
        } catch (SendRefusedException e) {
            Check.that(e.refusal().reason() == Refusal.Reason.DISK_FULL, "not moved for another reason: " + e);
            Check.that(delivery.retryAfter(Duration.ZERO), "was not moved, and is not there either");
            figures.count(Figure.MOVES_REFUSED);
            return false;
        }
        books.moved(numberOf(delivery), Books.DEAD);
        figures.count(Figure.MOVED);
        return true;
    }

    /** Gives messages back that may be received once only: at the next receive they go, or wait until they can. */
    private void tryAgain() {
        for (Delivery delivery : tries.receive(5)) {
            Check.that(delivery.receiveCount() == 1, "received more often than it may be: " + delivery);
            Check.that(delivery.retryAfter(Duration.ZERO), "cannot be given back");
        }
    }

    private void change() {
        final String value = run + "-" + made;
        if (attempt(() -> {
            orders.admin().tag(Map.of("key", value));
            return true;
        })) {
            books.tagged(value);
        } else {
            figures.count(Figure.CHANGES_REFUSED);
        }
        Check.that(
                orders.admin().tags().getOrDefault("key", "").equals(books.tag()), "tags are not those that were set");
    }

    /** Makes queues until there is no room for one. */
    private void makeQueues() {
        boolean isMade = true;
        for (int i = 0; i < MOST_MADE && isMade; i++) {
            final String name = "made-" + run + "-" + made++;
            isMade = attempt(() -> engine.queue(name).name().equals(name));
            Check.that(engine.catalog().exists(name) == isMade, "is there, or is not: " + name);
            if (isMade) {
                books.created(name);
            } else {
                figures.count(Figure.QUEUES_REFUSED);
            }
        }
    }

    private boolean attempt(Supplier<Boolean> action) {
        try {
            return action.get();
        } catch (NoSpaceException e) {
            requireAdvice(e);
            return false;
        }
    }

    private void receiveAndAck() {
        final List<Delivery> received = orders.receive(1 + random.nextInt(20));
        for (Delivery delivery : received) {
            ack(delivery);
        }
    }

    private void ack(Delivery delivery) {
        Check.that(delivery.ack(), "cannot be acknowledged: " + delivery);
        books.ended(numberOf(delivery));
    }

    // ---- room -----------------------------------------------------------------------------------------------------

    private void makeRoom() {
        final boolean keepsBallast = ballast.isThere() && random.nextBoolean();
        if (!keepsBallast) {
            ballast.remove();
        }
        deleteQueues();
        final boolean hasRoom = ballast.freeBytes() > ROOM_BYTES;
        final boolean acks = !hasRoom || random.nextBoolean();
        if (acks) {
            ackAll(hasRoom ? KEPT_ONE_IN : Integer.MAX_VALUE);
        }
        if (hasRoom || engine.stats().logSegments() >= SEGMENTS_ENOUGH) {
            await("small messages are still refused", () -> !post.isRefused(orders, Size.SMALL));
            figures.count(hasRoom ? Figure.RESUMED_BY_ROOM : Figure.RESUMED_BY_ACKS);
        }
        if (!keepsBallast && hasLargeRoom()) {
            await("large messages are still refused", () -> !post.isRefused(orders, Size.LARGE));
            figures.count(Figure.RESUMED_LARGE);
            await("messages are still not moved", this::isTriesEmpty);
            await("queues are still refused", () -> attempt(this::makeAndDelete));
        }
    }

    /** Whether the disk is greater than what the engine may hold of it, and a large message. */
    private boolean hasLargeRoom() {
        final long bytes = files().values().stream().mapToLong(Long::longValue).sum();
        final long most = 2 * engine.stats().logLiveBytes() + SPARE_BYTES;
        return bytes + ballast.freeBytes() > most + LARGE_BYTES;
    }

    private void deleteQueues() {
        for (String queue : List.copyOf(books.queues())) {
            engine.catalog().delete(queue);
            books.deleted(queue);
        }
    }

    private boolean makeAndDelete() {
        final String name = "passing-" + run;
        final boolean isMade = engine.queue(name).name().equals(name);
        engine.catalog().delete(name);
        return isMade;
    }

    /** Acknowledges what can be received, but for one in so many. */
    private void ackAll(int keptOneIn) {
        for (MessageQueue queue : List.of(orders, tries, dead)) {
            List<Delivery> some = queue.receive(AT_ONCE);
            while (!some.isEmpty()) {
                for (Delivery delivery : some) {
                    if (random.nextInt(keptOneIn) > 0) {
                        ack(delivery);
                    }
                }
                some = queue.receive(AT_ONCE);
            }
        }
    }

    /** Receives what was not received before; what was goes to the dead-letter queue meanwhile. */
    private boolean isTriesEmpty() {
        for (Delivery delivery : tries.receive(AT_ONCE)) {
            Check.that(delivery.receiveCount() == 1, "received more often than it may be: " + delivery);
            ack(delivery);
        }
        final var stats = tries.admin().stats();
        return stats.visible() + stats.delayed() == 0;
    }

    private void await(String otherwise, BooleanSupplier done) {
        final long begunMs = clock.monotonicNs() / PAUSE_NS;
        while (!done.getAsBoolean()) {
            final long tookMs = clock.monotonicNs() / PAUSE_NS - begunMs;
            Check.that(
                    tookMs < LONGEST_WAIT_MS,
                    otherwise + " after " + tookMs + " ms: free=" + ballast.freeBytes() + " " + engine.stats() + " "
                            + new ArrayList<>(files().entrySet()));
            LockSupport.parkNanos(PAUSE_NS);
        }
        figures.took(clock.monotonicNs() / PAUSE_NS - begunMs);
    }
}
