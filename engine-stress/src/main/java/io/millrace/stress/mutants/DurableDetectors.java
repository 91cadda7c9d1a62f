package io.millrace.stress.mutants;

import io.millrace.Engine;
import io.millrace.HookedEngine;
import io.millrace.api.Durability;
import io.millrace.api.EngineClock;
import io.millrace.api.EngineConfig;
import io.millrace.api.Message;
import io.millrace.api.queue.MessageQueue;
import io.millrace.api.queue.RedrivePolicy;
import io.millrace.core.concurrent.OperationGate;
import io.millrace.core.directory.EngineDirectory;
import io.millrace.core.file.FileHook;
import io.millrace.core.log.LogRecovery;
import io.millrace.core.log.RecordLayout;
import io.millrace.core.log.RecordLog;
import io.millrace.core.log.RecoveredRecord;
import io.millrace.core.log.SegmentMap;
import io.millrace.stress.Check;
import io.millrace.stress.DirectoryFiles;
import io.millrace.stress.images.ImageRun;
import io.millrace.testkit.ManualClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Detectors for engines on directories at POWER_LOSS. Stateless. */
final class DurableDetectors {
    private static final int IMAGES_PER_RUN = 25;
    private static final int CALLS_PER_IMAGE = 120;
    private static final int RECORD = 8 * 1024;
    private static final String SEGMENT_PREFIX = "segment-";
    private static final String SEEN = "a message was seen before it was forced";

    private DurableDetectors() {}

    /** Something that needs a directory, which is gone afterwards. */
    private interface InDirectory {
        void run(Path home) throws IOException;
    }

    private static void inDirectory(InDirectory test) {
        try {
            final Path home = Files.createTempDirectory(DirectoryFiles.memory(), "millrace-detector-");
            try {
                test.run(home);
            } finally {
                DirectoryFiles.delete(home);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Engine open(Path directory, ManualClock clock, FileHook hook) {
        return HookedEngine.open(
                directory,
                Durability.POWER_LOSS,
                EngineConfig.defaults().withClock(clock).allowSharedDirectory(),
                hook);
    }

    // ---- images ---------------------------------------------------------------------------------------------------

    static void imagesKeepPromises(long budgetMs) {
        final EngineClock clock = EngineClock.system();
        final long untilMs = clock.wallMs() + budgetMs;
        for (long seed = 1; seed == 1 || clock.wallMs() < untilMs; seed++) {
            final long run = seed;
            inDirectory(home -> new ImageRun(run, home, IMAGES_PER_RUN, CALLS_PER_IMAGE).run());
        }
    }

    static void everyCallIsSurvived(long budgetMs) {
        final EngineClock clock = EngineClock.system();
        final long untilMs = clock.wallMs() + budgetMs;
        for (long seed = 1; seed == 1 || clock.wallMs() < untilMs; seed++) {
            final long run = seed;
            inDirectory(home -> new ImageRun(run, home, IMAGES_PER_RUN, 1).runAtEveryCall());
        }
    }

    // ---- the order of forces --------------------------------------------------------------------------------------

    /** Does something before each force of a file. */
    private record BeforeForce(Runnable action) implements FileHook {
        @Override
        public void before(Operation operation, String file) {
            if (operation == Operation.FORCE && !file.endsWith(".new") && !file.endsWith(".tmp")) {
                action.run();
            }
        }
    }

    /** Whoever looks while a message is being forced does not see it, be it sent or moved. */
    static void shownAfterForce() {
        inDirectory(home -> {
            final List<MessageQueue> watched = new ArrayList<>();
            final List<Integer> seen = new ArrayList<>();
            final BeforeForce hook = new BeforeForce(() ->
                    watched.forEach(queue -> seen.add(queue.admin().peek(10).size())));
            final ManualClock clock = new ManualClock();
            try (Engine engine = open(home.resolve("data"), clock, hook)) {
                final MessageQueue dead = engine.queue("dead");
                final MessageQueue orders = engine.queue("orders", c -> c.withRedrive(new RedrivePolicy("dead", 1)));
                watched.add(orders);
                orders.send("message");
                Check.that(!seen.isEmpty() && seen.stream().allMatch(count -> count == 0), SEEN);
                watched.set(0, dead);
                seen.clear();
                orders.receive(1);
                clock.advance(Duration.ofMinutes(1));
                Check.that(orders.receive(1).isEmpty(), "a message was received too often");
                watched.clear();
                Check.that(dead.admin().stats().visible() == 1, "a message was not moved");
                Check.that(!seen.isEmpty() && seen.get(0) == 0, SEEN); // later forces are of what ended then
            }
        });
    }

    /** Watches what was forced of each segment, and what its mark says of it. */
    private static final class Marks implements FileHook {
        private final Path directory;
        private final Map<String, Long> forced = new HashMap<>();
        private int end;
        private int marks;

        Marks(Path directory) {
            this.directory = directory;
        }

        @Override
        public void before(Operation operation, String file) throws IOException {
            if (operation == Operation.FORCE && file.startsWith(SEGMENT_PREFIX)) {
                final SegmentMap map = SegmentMap.of(Files.readAllBytes(directory.resolve(file)));
                end = map.end();
                marks += map.mark() > 0 ? 1 : 0;
                Check.that(
                        map.mark() <= forced.getOrDefault(file, 0L),
                        "a mark speaks for what was not forced: mark=" + map.mark());
            }
        }

        @Override
        public void after(Operation operation, String file, long offset, long length) {
            if (operation == Operation.FORCE && file.startsWith(SEGMENT_PREFIX)) {
                forced.merge(file, Math.min(offset + length, end), Math::max); // what comes later was not there yet
            }
        }
    }

    static void markedAfterForce() {
        inDirectory(home -> {
            final Marks marks = new Marks(home.resolve("data"));
            try (Engine engine = open(home.resolve("data"), new ManualClock(), marks)) {
                final MessageQueue queue = engine.queue("orders");
                for (int i = 0; i < 20; i++) {
                    queue.send(Message.bytes(new byte[3_000]));
                }
            }
            Check.that(marks.marks > 0, "nothing was marked");
        });
    }

    /** Watches whether the names of segments are forced before a manifest that may name them gets its own. */
    private static final class Names implements FileHook {
        private boolean isPending;
        private int manifests;

        @Override
        public void before(Operation operation, String file) {
            if (operation == Operation.RENAME && file.startsWith("manifest")) {
                manifests++;
                Check.that(!isPending, "a manifest is there before the names of the files that it names");
            }
        }

        @Override
        public void after(Operation operation, String file, long offset, long length) {
            if (operation == Operation.FORCE_DIRECTORY) {
                isPending = false;
            } else if (operation == Operation.RENAME && file.startsWith(SEGMENT_PREFIX)) {
                isPending = true;
            }
        }
    }

    static void namedAfterForce() {
        inDirectory(home -> {
            final Names names = new Names();
            try (Engine engine = open(home.resolve("data"), new ManualClock(), names)) {
                engine.queue("orders").send("message");
            }
            Check.that(names.manifests > 2, "no manifest was written");
        });
    }

    /** Lets no more segments be made from some point on. */
    private static final class NoRoom implements FileHook {
        private boolean isFull;

        @Override
        public void before(Operation operation, String file) throws IOException {
            if (isFull && operation == Operation.CREATE && file.startsWith(SEGMENT_PREFIX)) {
                throw new IOException("No space left on device");
            }
        }
    }

    private static final class Unseen implements LogRecovery.Visitor {
        @Override
        public void onRecord(RecoveredRecord record) {}

        @Override
        public long orphan() {
            return RecordLog.NO_ROOM;
        }
    }

    /** A segment in which all has ended is used again when two rounds have forced what was stored elsewhere meanwhile. */
    static void reusedAfterTwoRounds() {
        inDirectory(home -> {
            final NoRoom hook = new NoRoom();
            final EngineConfig config = EngineConfig.defaults();
            try (EngineDirectory directory =
                    EngineDirectory.open(home.resolve("data"), Durability.POWER_LOSS, config, hook)) {
                final RecordLog log = RecordLog.in(directory, new OperationGate(), true, () -> {});
                log.recover(new Unseen());
                log.prepareAhead();
                final List<Long> positions = new ArrayList<>();
                positions.add(claimAndCommit(log));
                hook.isFull = true;
                for (long next = claimAndCommit(log); next != RecordLog.NO_ROOM; next = claimAndCommit(log)) {
                    positions.add(next);
                }
                positions.forEach(log::release);
                Check.that(claimAndCommit(log) == RecordLog.NO_ROOM, "a segment was used again before any force");
                log.commits().await(log.commits().ticket());
                Check.that(claimAndCommit(log) == RecordLog.NO_ROOM, "a segment was used again after one round");
                log.commits().await(log.commits().ticket());
                Check.that(claimAndCommit(log) != RecordLog.NO_ROOM, "a segment was not used again");
                log.release();
            }
        });
    }

    private static long claimAndCommit(RecordLog log) {
        final long position = log.claim(RECORD);
        if (position != RecordLog.NO_ROOM) {
            log.commit(position, RECORD);
        }
        return position;
    }

    // ---- fates ----------------------------------------------------------------------------------------------------

    /** The word that tells the end of one message, put into the record of another at the same place, ends nothing. */
    static void endIsOfOneGeneration() {
        inDirectory(home -> {
            final byte[] ended = oneMessage(home.resolve("ended"), true);
            final byte[] living = oneMessage(home.resolve("living"), false);
            final int at = message(living).orElseThrow().offset() + RecordLayout.END_OFFSET;
            System.arraycopy(ended, at, living, at, Long.BYTES);
            Check.that(message(living).orElseThrow().alive(), "a message was ended by a word of another generation");
        });
    }

    /** The segment of a directory in which one message was sent. */
    private static byte[] oneMessage(Path directory, boolean isAcked) throws IOException {
        try (Engine engine = open(directory, new ManualClock(), FileHook.NONE)) {
            final MessageQueue queue = engine.queue("orders");
            queue.send("message");
            if (isAcked) {
                Check.that(queue.receive(1).get(0).ack(), "a delivery could not be acknowledged");
            }
        }
        return DirectoryFiles.read(directory).entrySet().stream()
                .filter(file -> file.getKey().startsWith(SEGMENT_PREFIX))
                .map(Map.Entry::getValue)
                .filter(file -> message(file).isPresent())
                .findFirst()
                .orElseThrow();
    }

    private static Optional<SegmentMap.Entry> message(byte[] segment) {
        return SegmentMap.of(segment).entries().stream()
                .filter(SegmentMap.Entry::isMessage)
                .findFirst();
    }
}
