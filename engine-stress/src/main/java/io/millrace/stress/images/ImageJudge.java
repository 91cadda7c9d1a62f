package io.millrace.stress.images;

import io.millrace.Engine;
import io.millrace.HookedEngine;
import io.millrace.api.DirectoryException;
import io.millrace.api.Durability;
import io.millrace.api.EngineConfig;
import io.millrace.api.InFlightAtRestart;
import io.millrace.api.queue.Delivery;
import io.millrace.api.queue.MessageQueue;
import io.millrace.core.directory.Manifest;
import io.millrace.core.file.FileHook;
import io.millrace.stress.Check;
import io.millrace.stress.DirectoryFiles;
import io.millrace.stress.Sent;
import io.millrace.testkit.ManualClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Opens images and holds what is there against what was promised. Some are opened twice, some are used, and of some images are
 * cut while they are opened. Confined to one thread.
 */
final class ImageJudge {
    private static final String MANIFEST = "manifest";
    private static final int DEEPEST = 2;
    private static final int MOST_CUT = 2;
    private static final int CALLS_PER_CUT = 12;
    private static final int FIRST_TRIAL = 900_000_000;
    private static final int TRIAL_BYTES = 100;
    private static final int ROUNDS_OF_REDRIVE = 50;

    private final Promises promises;
    private final Path home;
    private final SplittableRandom random;
    private Map<String, byte[]> last = Map.of();
    private int count;

    /** @param home a directory for the images */
    ImageJudge(Promises promises, Path home, SplittableRandom random) {
        this.promises = promises;
        this.home = home;
        this.random = random;
    }

    /** How many images were opened, those of images included. */
    int count() {
        return count;
    }

    /** The files of the image that was judged last, as they were before it was opened. */
    Map<String, byte[]> last() {
        return last;
    }

    /**
     * Opens an image; fails if a promise was broken.
     *
     * @param files of the image, which it need not be able to change
     * @param now the clock of the engine that was cut off
     */
    void judge(Map<String, byte[]> files, ManualClock now) {
        try {
            judge(files, now, 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Contents judge(Map<String, byte[]> files, ManualClock now, int depth) throws IOException {
        last = new TreeMap<>(files);
        count++;
        final Path directory = home.resolve("image-" + depth);
        if (!Files.exists(directory)) {
            Files.createDirectory(directory);
        }
        DirectoryFiles.write(restarted(directory, files), directory);
        return depth < DEEPEST && random.nextInt(4) == 0
                ? judgeTwice(directory, now, depth)
                : judgeOnce(directory, now);
    }

    /** The same files after a start of the machine: whatever was written before it was written then. */
    private static Map<String, byte[]> restarted(Path directory, Map<String, byte[]> files) {
        final Map<String, byte[]> after = new TreeMap<>(files);
        after.computeIfPresent(MANIFEST, (name, bytes) -> {
            try {
                return restarted(Manifest.parse(directory, bytes)).bytes();
            } catch (DirectoryException e) {
                return bytes; // let the engine say so
            }
        });
        return after;
    }

    private static Manifest restarted(Manifest manifest) {
        return new Manifest(
                manifest.directoryId(),
                manifest.incarnation(),
                manifest.durability(),
                Manifest.UNKNOWN_BOOT,
                manifest.clean(),
                manifest.engineTimeMs(),
                manifest.queueNumberCeiling(),
                manifest.receiptKey(),
                manifest.segments());
    }

    private static Engine open(Path directory, ManualClock clock, InFlightAtRestart inFlight, FileHook hook) {
        final EngineConfig config = EngineConfig.defaults()
                .withClock(clock)
                .withInFlightAtRestart(inFlight)
                .allowSharedDirectory();
        return HookedEngine.open(directory, Durability.POWER_LOSS, config, hook);
    }

    private static ManualClock clockAt(ManualClock now) {
        final ManualClock clock = new ManualClock();
        clock.advanceTo(now.now());
        return clock;
    }

    private InFlightAtRestart anyInFlight() {
        return random.nextBoolean() ? InFlightAtRestart.KEEP : InFlightAtRestart.RELEASE;
    }

    // ---- once -----------------------------------------------------------------------------------------------------

    /** Opens it, looks, and sometimes uses it; then sometimes looks again. */
    private Contents judgeOnce(Path directory, ManualClock now) {
        final ManualClock clock = clockAt(now);
        final boolean isUsed = random.nextInt(3) == 0;
        final Set<Integer> acked = new HashSet<>();
        final Set<Integer> sent = new HashSet<>();
        final Contents first;
        try (Engine engine = open(directory, clock, anyInFlight(), FileHook.NONE)) {
            first = look(engine, clock);
            if (isUsed) {
                use(engine, first, sent, acked);
            }
        }
        if (isUsed || random.nextInt(4) == 0) {
            try (Engine engine = open(directory, clock, anyInFlight(), FileHook.NONE)) {
                checkUsed(first, Contents.of(engine), sent, acked);
            }
        }
        return first;
    }

    private Contents look(Engine engine, ManualClock clock) {
        finishRedrives(engine, clock);
        final Contents contents = Contents.of(engine);
        promises.check(contents, clock.wallMs());
        return contents;
    }

    /** What an earlier run had not finished goes on; a look at the middle of it might miss a message. */
    private static void finishRedrives(Engine engine, ManualClock clock) {
        for (int i = 0; i < ROUNDS_OF_REDRIVE && Work.isRedriving(engine); i++) {
            clock.advance(Duration.ofMillis(1));
        }
    }

    /** Sends a message to each queue, receives what is visible, and acknowledges some. */
    private void use(Engine engine, Contents first, Set<Integer> sent, Set<Integer> acked) {
        for (String name : first.queues().keySet()) {
            final MessageQueue queue = engine.queue(name);
            final int number = FIRST_TRIAL + sent.size();
            final String id = queue.send(Sent.message(number, TRIAL_BYTES)).toString();
            sent.add(number);
            Check.that(
                    !promises.isKnown(id)
                            && first.messages().values().stream()
                                    .noneMatch(seen -> seen.id().equals(id)),
                    "a new message has an id that was used before: queue=" + name + " id=" + id);
            for (Delivery delivery : queue.receive(Contents.MOST)) {
                final int received = numberOf(delivery);
                Check.that(
                        sent.contains(received) || first.messages().containsKey(received),
                        "a message was delivered that nobody saw before: queue=" + name + " message=" + received);
                if (random.nextBoolean()) {
                    Check.that(delivery.ack(), "a delivery could not be acknowledged: message=" + received);
                    acked.add(received);
                }
            }
        }
    }

    private static int numberOf(Delivery delivery) {
        final OptionalInt number = Sent.numberOf(delivery.bytes());
        Check.that(
                number.isPresent() && delivery.attributes().equals(Sent.attributes(number.getAsInt())),
                "a message was delivered that is not as it was sent: " + delivery.id());
        return number.orElseThrow();
    }

    private static void checkUsed(Contents first, Contents second, Set<Integer> sent, Set<Integer> acked) {
        final Set<Integer> expected = new HashSet<>(first.messages().keySet());
        expected.addAll(sent);
        expected.removeAll(acked);
        Contents.checkSame(first.queues(), expected, second);
    }

    // ---- images of images -----------------------------------------------------------------------------------------

    /** Opens it; the power goes again meanwhile, and when it is open. */
    private Contents judgeTwice(Path directory, ManualClock now, int depth) throws IOException {
        final ManualClock clock = clockAt(now);
        final CrashDisk disk = new CrashDisk(directory);
        final List<Map<String, byte[]>> cut = new ArrayList<>();
        disk.onCall(() -> {
            if (cut.size() < MOST_CUT && random.nextInt(CALLS_PER_CUT) == 0) {
                cut.add(disk.afterPowerLoss(random));
            }
        });
        final Contents first;
        final Map<String, byte[]> opened;
        try (Engine engine = open(directory, clock, anyInFlight(), disk)) {
            disk.onCall(() -> {});
            first = look(engine, clock);
            opened = disk.afterPowerLoss(random);
        }
        for (Map<String, byte[]> files : cut) {
            judge(files, now, depth + 1);
        }
        final Contents second = judge(opened, clock, depth + 1); // what was shown is on the disk
        Contents.checkSame(first.queues(), first.messages().keySet(), second);
        return first;
    }
}
