package io.millrace.stress.corrupt;

import io.millrace.Engine;
import io.millrace.api.Attributes;
import io.millrace.api.CorruptLogException;
import io.millrace.api.DirectoryException;
import io.millrace.api.Durability;
import io.millrace.api.EngineConfig;
import io.millrace.api.queue.Delivery;
import io.millrace.api.queue.MessageQueue;
import io.millrace.api.queue.PeekedMessage;
import io.millrace.stress.DirectoryFiles;
import io.millrace.stress.Sent;
import io.millrace.testkit.ManualClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Damages a directory, opens it and says whether that is as promised. Confined to one thread.
 *
 * <p>Either opening is refused with a {@link DirectoryException}; where a mark speaks for the damaged bytes it must be, and name
 * them. Or it opens, and every message that is there is byte for byte one that was sent, none is there twice, every message
 * that lives and whose record was not touched is there, and none that had ended but where the word that says so was touched or
 * an older file was put back.
 */
final class Judge implements AutoCloseable {
    private static final Duration FOR_DEADLINES = Duration.ofHours(30);
    private static final int MOST = 1_000;
    private static final int LONGEST_CAUSE = 400;

    /** Opens a second time after one case of so many. */
    private static final int SECOND_LOOK_EVERY = 8;

    private final Path directory;
    private long cases;

    /** @param parent where the directory is made */
    Judge(Path parent) throws IOException {
        directory = Files.createTempDirectory(parent, "corrupt-");
    }

    /** What came of a damage that was treated as promised. */
    enum Answer {
        /** Refused: the log is damaged. */
        CORRUPT,
        /** Refused for another reason. */
        REFUSED,
        /** Opened, and nothing is missing and nothing too much. */
        HARMLESS,
        /** Opened without messages whose records were touched. */
        WITHOUT_TOUCHED,
        /** Opened with messages that had ended. */
        CAME_BACK
    }

    /** A promise that was broken. */
    static final class Broken extends AssertionError {
        private static final long serialVersionUID = 1L;

        Broken(Damage damage, Image image, String what, @Nullable Throwable cause) {
            super(image.name() + ": " + damage.name() + ": " + what, cause);
        }
    }

    /** Does it; throws {@link Broken} if a promise was. */
    Answer judge(Image image, Damage damage) throws IOException {
        final Map<String, byte[]> files = new HashMap<>(image.files());
        final Map<String, byte @Nullable []> changed = damage.files();
        changed.forEach((file, content) -> {
            if (content == null) {
                files.remove(file);
            } else {
                files.put(file, content);
            }
        });
        DirectoryFiles.write(files, directory);
        cases++;
        try {
            return opened(image, damage);
        } catch (DirectoryException e) {
            requireKept(image, damage, files, e);
            return refused(image, damage, e);
        } catch (Broken e) {
            throw e;
        } catch (RuntimeException | Error e) {
            final String text = String.valueOf(e);
            throw new Broken(damage, image, "untyped: " + text.substring(0, Math.min(text.length(), LONGEST_CAUSE)), e);
        }
    }

    /** A directory that is refused keeps what it has. */
    private void requireKept(Image image, Damage damage, Map<String, byte[]> files, DirectoryException refusal)
            throws IOException {
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            final Path path = directory.resolve(file.getKey());
            if (Image.isSegment(file.getKey()) && (!Files.exists(path) || Files.size(path) != file.getValue().length)) {
                throw new Broken(
                        damage, image, "refused and changed: " + file.getKey() + ": " + refusal.getMessage(), refusal);
            }
        }
    }

    private Answer refused(Image image, Damage damage, DirectoryException refusal) {
        if (damage.touched().isEmpty()) {
            throw new Broken(damage, image, "refused: " + refusal.getMessage(), refusal);
        }
        if (!(refusal instanceof CorruptLogException corrupt)) {
            return Answer.REFUSED;
        }
        final Optional<Touch> mustBeFound = damage.mustBeFound();
        if (mustBeFound.isPresent() && !names(corrupt, mustBeFound.get())) {
            throw new Broken(damage, image, "another place is named: " + refusal.getMessage(), refusal);
        }
        return Answer.CORRUPT;
    }

    private static boolean names(CorruptLogException corrupt, Touch touch) {
        return corrupt.file().equals(touch.file())
                && corrupt.fromOffset() <= touch.from()
                && corrupt.toOffset() >= touch.to();
    }

    private Engine open(ManualClock clock) {
        final EngineConfig config = EngineConfig.defaults()
                .withOffHeapLimit(Story.OFF_HEAP_BYTES)
                .withClock(clock)
                .allowSharedDirectory();
        return Engine.open(directory, Durability.PROCESS_CRASH, config);
    }

    private Answer opened(Image image, Damage damage) {
        final ManualClock clock = new ManualClock();
        clock.advance(image.age());
        final Set<Integer> first;
        try (Engine engine = open(clock)) {
            if (damage.mustBeFound().isPresent()) {
                throw new Broken(damage, image, "not found", null);
            }
            final Found found = new Found(image, damage);
            first = found.peek(engine);
            if (cases % SECOND_LOOK_EVERY != 0) {
                found.receive(engine, clock);
            }
        }
        if (cases % SECOND_LOOK_EVERY == 0) {
            try (Engine engine = open(clock)) {
                final Found found = new Found(image, damage);
                final Set<Integer> second = found.peek(engine);
                if (!second.equals(first)) {
                    throw new Broken(damage, image, "opened again: " + second + " and not " + first, null);
                }
                found.receive(engine, clock);
            } catch (DirectoryException e) {
                throw new Broken(damage, image, "refused when opened again: " + e.getMessage(), e);
            }
        }
        return answer(image, damage, first);
    }

    // ---- what was found -------------------------------------------------------------------------------------------

    private static Answer answer(Image image, Damage damage, Set<Integer> there) {
        final Set<Integer> living = image.living();
        final Set<Integer> missing = new TreeSet<>(living);
        missing.removeAll(there);
        final Set<Integer> back = new TreeSet<>(there);
        back.removeAll(living);
        if (missing.isEmpty() && back.isEmpty()) {
            return Answer.HARMLESS;
        }
        final Set<Integer> touched = new HashSet<>();
        final Set<Integer> endTouched = new HashSet<>();
        for (Touch touch : damage.touched()) {
            image.touched(touch).forEach(entry -> {
                final OptionalInt number = Image.numberOf(entry);
                number.ifPresent(touched::add);
                if (entry.endOverlaps(touch.from(), touch.to())) {
                    number.ifPresent(endTouched::add);
                }
            });
        }
        if (!touched.containsAll(missing)) {
            missing.removeAll(touched);
            throw new Broken(damage, image, "missing, but not touched: " + missing, null);
        }
        if (!damage.bringsBack() && !endTouched.containsAll(back)) {
            back.removeAll(endTouched);
            throw new Broken(damage, image, "had ended and came back: " + back, null);
        }
        return back.isEmpty() ? Answer.WITHOUT_TOUCHED : Answer.CAME_BACK;
    }

    /** Looks at all messages of an engine. */
    private static final class Found {
        private final Image image;
        private final Damage damage;

        Found(Image image, Damage damage) {
            this.image = image;
            this.damage = damage;
        }

        private static List<String> queues(Engine engine) {
            return engine.catalog().list("", MOST).items();
        }

        Set<Integer> peek(Engine engine) {
            final Set<Integer> there = new HashSet<>();
            for (String queue : queues(engine)) {
                for (PeekedMessage message : engine.queue(queue).admin().peek(MOST)) {
                    final int number = require(queue, message.bytes(), message.attributes());
                    if (!image.message(number).wasIn(queue)) {
                        throw new Broken(damage, image, "in the wrong queue: " + number + " queue=" + queue, null);
                    }
                    if (!there.add(number)) {
                        throw new Broken(damage, image, "there twice: " + number, null);
                    }
                }
            }
            return there;
        }

        /** Everything that can be had within a day; twice, since receiving may dead-letter. */
        void receive(Engine engine, ManualClock clock) {
            clock.advance(FOR_DEADLINES);
            for (int round = 0; round < 2; round++) {
                for (String queue : queues(engine)) {
                    final MessageQueue from = engine.queue(queue);
                    List<Delivery> deliveries = from.receive(10);
                    while (!deliveries.isEmpty()) {
                        deliveries.forEach(delivery -> {
                            require(queue, delivery.bytes(), delivery.attributes());
                            delivery.ack();
                        });
                        deliveries = from.receive(10);
                    }
                }
            }
        }

        private int require(String queue, byte[] payload, Attributes attributes) {
            final OptionalInt number = Sent.numberOf(payload);
            final Story.@Nullable Message message =
                    number.isPresent() ? image.messages().get(number.getAsInt()) : null;
            if (message == null
                    || payload.length != message.length()
                    || !attributes.equals(Sent.attributes(message.number()))) {
                throw new Broken(damage, image, "never sent: queue=" + queue + " length=" + payload.length, null);
            }
            return message.number();
        }
    }

    @Override
    public void close() throws IOException {
        DirectoryFiles.delete(directory);
    }
}
