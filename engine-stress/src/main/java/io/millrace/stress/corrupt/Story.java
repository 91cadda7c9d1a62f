package io.millrace.stress.corrupt;

import io.millrace.Engine;
import io.millrace.HookedEngine;
import io.millrace.api.Durability;
import io.millrace.api.EngineConfig;
import io.millrace.api.queue.Delivery;
import io.millrace.api.queue.MessageQueue;
import io.millrace.api.queue.ReceiveOptions;
import io.millrace.api.queue.RedrivePolicy;
import io.millrace.core.file.FileHook;
import io.millrace.core.log.SegmentMap;
import io.millrace.stress.Check;
import io.millrace.testkit.ManualClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * What happens on a directory before it is damaged: a little of everything. Two runs; the first ends without warning. Confined
 * to one thread.
 */
final class Story {
    /** Limit of the engines, in bytes. */
    static final long OFF_HEAP_BYTES = 32L << 20;

    private static final int FILLER_BYTES = 9_000;
    private static final int LARGE_BYTES = 1_200_000;
    private static final Duration FOR_MARKS = Duration.ofSeconds(3);

    /** A message and what has become of it. */
    static final class Message {
        private final int number;
        private final int length;
        private final Set<String> queues = new HashSet<>();
        private boolean alive = true;

        Message(int number, int length, String queue) {
            this.number = number;
            this.length = length;
            queues.add(queue);
        }

        Message copy() {
            final Message copy = new Message(number, length, "");
            copy.queues.clear();
            copy.queues.addAll(queues);
            copy.alive = alive;
            return copy;
        }

        int number() {
            return number;
        }

        int length() {
            return length;
        }

        boolean isAlive() {
            return alive;
        }

        /** Whether it was ever in that queue. */
        boolean wasIn(String queue) {
            return queues.contains(queue);
        }
    }

    /** What the story left behind at its stations. */
    record Images(Image early, Image crashed, Image closed) {}

    private final Path parent;
    private final boolean withLarge;
    private final ManualClock clock = new ManualClock();
    private final Map<Integer, Message> messages = new TreeMap<>();
    private final FullDisk disk = new FullDisk();
    private int nextNumber = 1;

    /** @param parent an empty directory of which nothing is needed afterwards */
    Story(Path parent, boolean withLarge) {
        this.parent = parent;
        this.withLarge = withLarge;
    }

    /** A disk on which no segment finds room while it is full. */
    private static final class FullDisk implements FileHook {
        private boolean full;

        @Override
        public void before(Operation operation, String file) throws IOException {
            if (full && operation == Operation.CREATE && file.startsWith("segment-")) {
                throw new IOException("No space left on device");
            }
        }
    }

    Images tell() throws IOException {
        final Path first = Files.createDirectory(parent.resolve("first"));
        final Path second = Files.createDirectory(parent.resolve("second"));
        final Image early;
        try (Engine engine = open(first)) {
            firstRun(engine);
            early = image("early", first);
            Image.write(early.files(), second);
        }
        final Image crashed;
        try (Engine engine = open(second)) {
            secondRun(engine);
            crashed = image("crashed", second);
        }
        return new Images(early, crashed, image("closed", second));
    }

    private Engine open(Path directory) {
        final EngineConfig config = EngineConfig.defaults()
                .withOffHeapLimit(OFF_HEAP_BYTES)
                .withClock(clock)
                .allowSharedDirectory();
        return HookedEngine.open(directory, Durability.PROCESS_CRASH, config, disk);
    }

    private Image image(String name, Path directory) throws IOException {
        return Image.of(
                withLarge ? name + " with a large record" : name,
                Image.read(directory),
                messages,
                Duration.between(ManualClock.START, clock.now()));
    }

    // ---- first run ------------------------------------------------------------------------------------------------

    private void firstRun(Engine engine) {
        final MessageQueue dead = engine.queue("dead");
        final MessageQueue orders = engine.queue("orders", c -> c.withRedrive(new RedrivePolicy("dead", 3)));
        final MessageQueue strict = engine.queue("strict", c -> c.withRedrive(new RedrivePolicy("dead", 1)));
        final MessageQueue bulk = engine.queue("bulk", c -> c.withMaxMessageBytes(2 * LARGE_BYTES));
        for (int i = 0; i < 9; i++) {
            send(orders, 10 + 7 * i);
        }
        final MessageQueue slow = engine.queue("slow", c -> c.withDelay(Duration.ofHours(1)));
        send(slow, 30);
        send(slow, 31);
        endedWithTheirQueue(engine);
        fates(orders);
        receivedTooOften(strict, dead);
        orders.admin().update(c -> c.withVisibilityTimeout(Duration.ofMinutes(7)));
        orders.admin().tag(Map.of("owner", "accounts"));
        for (int i = 0; i < 10; i++) {
            send(bulk, FILLER_BYTES); // into the second segment
        }
        bulk.receive(8).forEach(this::ack);
        send(orders, 50);
        clock.advance(FOR_MARKS);
        clock.advance(FOR_MARKS);
        clean(bulk);
        send(orders, 51);
        send(bulk, FILLER_BYTES);
    }

    private void endedWithTheirQueue(Engine engine) {
        final MessageQueue gone = engine.queue("gone");
        send(gone, 20);
        send(gone, 21);
        engine.catalog().delete("gone");
        final MessageQueue purged = engine.queue("purged");
        send(purged, 22);
        send(purged, 23);
        purged.admin().purge();
        messages.values().stream()
                .filter(message -> message.wasIn("gone") || message.wasIn("purged"))
                .forEach(message -> message.alive = false);
    }

    /** Acknowledged, dead-lettered, given back, in flight. */
    private void fates(MessageQueue orders) {
        final Delivery[] deliveries = orders.receive(5).toArray(new Delivery[0]);
        ack(deliveries[0]);
        deadLetter(deliveries[1]);
        deliveries[2].retryAfter(Duration.ofMinutes(5));
        deliveries[3].extend(Duration.ofHours(2));
    }

    private void receivedTooOften(MessageQueue strict, MessageQueue dead) {
        final int number = send(strict, 60);
        final ReceiveOptions briefly = ReceiveOptions.upTo(1).withVisibilityTimeout(Duration.ofSeconds(1));
        strict.receive(briefly);
        clock.advance(Duration.ofSeconds(2));
        Check.that(strict.receive(1).isEmpty(), "a message was received too often");
        of(number).queues.add(dead.name());
        send(strict, 61);
        strict.receive(briefly);
    }

    /** Somebody finds no room, so what lives in the first segment is moved. */
    private void clean(MessageQueue bulk) {
        disk.full = true;
        final boolean accepted = bulk.trySend(Sent.message(0, LARGE_BYTES)).isAccepted();
        disk.full = false;
        Check.that(!accepted, "a full disk took a large message");
    }

    // ---- second run -----------------------------------------------------------------------------------------------

    private void secondRun(Engine engine) {
        final MessageQueue orders = engine.queue("orders", c -> c);
        final MessageQueue bulk = engine.queue("bulk");
        for (int i = 0; i < 6; i++) {
            send(orders, 15 + 11 * i);
        }
        orders.receive(3).forEach(this::ack);
        orders.receive(1).forEach(this::deadLetter);
        orders.receive(1);
        if (withLarge) {
            send(bulk, LARGE_BYTES);
            send(bulk, LARGE_BYTES);
            bulk.receive(3).stream()
                    .filter(delivery -> delivery.bytes().length == FILLER_BYTES)
                    .forEach(this::ack);
        }
        send(engine.queue("late"), 33);
        orders.admin().tag(Map.of("owner", "nobody"));
        send(bulk, 100);
        clock.advance(FOR_MARKS);
    }

    // ---- messages -------------------------------------------------------------------------------------------------

    private int send(MessageQueue queue, int length) {
        final int number = nextNumber++;
        messages.put(number, new Message(number, Sent.payload(number, length).length, queue.name()));
        queue.send(Sent.message(number, length));
        return number;
    }

    private Message of(int number) {
        return Objects.requireNonNull(messages.get(number));
    }

    private Message of(Delivery delivery) {
        return of(Sent.numberOf(delivery.bytes()).orElseThrow());
    }

    private void ack(Delivery delivery) {
        Check.that(delivery.ack(), "a delivery could not be acknowledged");
        of(delivery).alive = false;
    }

    private void deadLetter(Delivery delivery) {
        Check.that(delivery.deadLetter("broken"), "a delivery could not be dead-lettered");
        of(delivery).queues.add("dead");
    }

    /** Whether an image has what this story is told for. */
    static void requireVariety(Image image) {
        Check.that(image.segmentsInUse().size() >= 3, "too few segments: " + image.segmentsInUse());
        Check.that(has(image, SegmentMap.Entry::copied), "nothing was moved by the cleaner");
        Check.that(has(image, e -> e.isState() && !e.alive()), "no state was replaced");
        Check.that(has(image, e -> e.isMessage() && e.alive() && e.copyNumber() > 0), "no copy lives");
        Check.that(
                image.segments().values().stream().anyMatch(map -> map.mark() == map.length()), "no segment is marked");
        Check.that(image.living().size() > 20, "too few messages: " + image.living());
    }

    private static boolean has(Image image, java.util.function.Predicate<SegmentMap.Entry> what) {
        return image.segments().values().stream().anyMatch(map -> map.entries().stream().anyMatch(what));
    }
}
