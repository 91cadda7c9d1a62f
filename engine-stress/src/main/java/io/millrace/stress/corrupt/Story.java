package io.millrace.stress.corrupt;

import io.millrace.Engine;
import io.millrace.HookedEngine;
import io.millrace.api.Durability;
import io.millrace.api.EngineConfig;
import io.millrace.api.queue.Delivery;
import io.millrace.api.queue.MessageQueue;
import io.millrace.api.queue.ReceiveOptions;
import io.millrace.api.queue.RedrivePolicy;
import io.millrace.api.raw.Claim;
import io.millrace.api.raw.RawSender;
import io.millrace.core.file.FileHook;
import io.millrace.core.log.SegmentMap;
import io.millrace.stress.Check;
import io.millrace.stress.DirectoryFiles;
import io.millrace.stress.Sent;
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
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

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

    /** A disk on which only small segments find room while it is full: of the header and one run of zeros. */
    private static final class FullDisk implements FileHook {
        private static final int MOST_WRITES = 2;

        private @Nullable Path full;
        private Map<String, byte[]> last = Map.of();
        private int writes;

        @Override
        public void before(Operation operation, String file) throws IOException {
            if (operation == Operation.CREATE) {
                writes = 0;
            }
            if (full != null && operation == Operation.CREATE && file.startsWith(Image.MANIFEST)) {
                last = DirectoryFiles.read(full);
            }
            if (full != null && operation == Operation.WRITE && file.startsWith("segment-") && ++writes > MOST_WRITES) {
                throw new IOException("No space left on device");
            }
        }

        /** The files before the manifest was written last: what the cleaner has emptied is still there. */
        Map<String, byte[]> last() {
            Check.that(!last.isEmpty(), "nothing was given back");
            return last;
        }
    }

    Images tell() throws IOException {
        final Path first = Files.createDirectory(parent.resolve("first"));
        final Path second = Files.createDirectory(parent.resolve("second"));
        final Image early;
        try (Engine engine = open(first)) {
            firstRun(engine);
            clean(engine.queue("bulk"), first);
            early = image("early", disk.last());
            DirectoryFiles.write(early.files(), second);
        }
        final Image crashed;
        try (Engine engine = open(second)) {
            final RawSender sender = engine.queue("orders").raw().sender();
            final Claim claim = sender.newClaim();
            secondRun(engine, () -> sender.tryClaim(100, claim));
            crashed = image("crashed", DirectoryFiles.read(second));
            claim.abort();
            sender.close();
        }
        return new Images(early, crashed, image("closed", DirectoryFiles.read(second)));
    }

    private Engine open(Path directory) {
        final EngineConfig config = EngineConfig.defaults()
                .withOffHeapLimit(OFF_HEAP_BYTES)
                .withClock(clock)
                .allowSharedDirectory();
        return HookedEngine.open(directory, Durability.PROCESS_CRASH, config, disk);
    }

    private Image image(String name, Map<String, byte[]> files) {
        return Image.of(
                withLarge ? name + " with a large record" : name,
                files,
                messages,
                Duration.between(ManualClock.START, clock.now()));
    }

    // ---- first run ------------------------------------------------------------------------------------------------

    private void firstRun(Engine engine) {
        final MessageQueue dead = engine.queue("dead");
        final MessageQueue orders = engine.queue("orders");
        orders.admin().update(c -> c.withRedrive(new RedrivePolicy("dead", 3)));
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
    private void clean(MessageQueue bulk, Path directory) {
        disk.full = directory;
        final boolean accepted = bulk.trySend(Sent.message(0, LARGE_BYTES)).isAccepted();
        disk.full = null;
        Check.that(!accepted, "a full disk took a large message");
    }

    // ---- second run -----------------------------------------------------------------------------------------------

    private void secondRun(Engine engine, Runnable claim) {
        final MessageQueue orders = engine.queue("orders", c -> c);
        final MessageQueue bulk = engine.queue("bulk");
        for (int i = 0; i < 6; i++) {
            send(orders, 15 + 11 * i);
        }
        claim.run(); // of which nothing becomes
        orders.receive(3).forEach(this::ack);
        orders.receive(1).forEach(this::deadLetter);
        orders.receive(1);
        final MessageQueue brief = engine.queue("brief");
        send(brief, 40);
        brief.receive(1).forEach(this::ack);
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

    /** Whether the images have what this story is told for. */
    static void requireVariety(Images images) {
        Check.that(has(images.early(), SegmentMap.Entry::copied), "nothing was moved by the cleaner");
        final Image image = images.crashed();
        Check.that(image.segmentsInUse().size() >= 3, "too few segments: " + image.segmentsInUse());
        Check.that(has(image, e -> e.isState() && !e.alive()), "no state was replaced");
        Check.that(has(image, e -> e.isMessage() && e.alive() && e.copyNumber() > 0), "no copy lives");
        Check.that(
                image.segments().values().stream().anyMatch(map -> map.mark() == map.length()), "no segment is marked");
        Check.that(image.living().size() > 20, "too few messages: " + image.living());
    }

    private static boolean has(Image image, Predicate<SegmentMap.Entry> what) {
        return image.segments().values().stream()
                .anyMatch(map -> map.entries().stream().anyMatch(what));
    }
}
