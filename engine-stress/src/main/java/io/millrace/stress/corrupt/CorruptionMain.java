package io.millrace.stress.corrupt;

import io.millrace.api.EngineClock;
import io.millrace.stress.DirectoryFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Does every damage to a small log: arguments are by how much the random part is lengthened, and the seed of that. Ends with a
 * non-zero code at the first promise that is broken, and when one case takes longer than it may.
 */
public final class CorruptionMain {
    private static final int THREADS = 2;
    private static final long LONGEST_CASE_MS = 5_000;
    private static final int GARBAGE = 4_000;
    private static final int PAGES = 400;

    /** At scale 1 one bit in so many is flipped, others for another seed; from this scale on, every one. */
    private static final double BITS_AT_ONCE = 4;

    /** The same for other images. */
    private static final int SAMPLE = 29;

    private static final int SAMPLE_OF_LARGE = 203;
    private static final int MOST_SHOWN = 20;

    private final Path parent;
    private final AtomicInteger broken = new AtomicInteger();
    private long total;

    private CorruptionMain(Path parent) {
        this.parent = parent;
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        final double scale = Double.parseDouble(args[0]);
        final long seed = Long.parseLong(args[1]);
        final Path parent = Files.createTempDirectory(DirectoryFiles.memory(), "millrace-corruption-");
        final CorruptionMain main = new CorruptionMain(parent);
        try {
            main.run(scale, seed);
        } finally {
            DirectoryFiles.delete(parent);
        }
        System.out.println(main.total + " cases, " + main.broken + " broken, seed " + seed);
        System.out.flush();
        Runtime.getRuntime().halt(main.broken.get() == 0 ? 0 : 1);
    }

    private Story.Images tell(String name, boolean withLarge) throws IOException {
        return new Story(Files.createDirectory(parent.resolve(name)), withLarge).tell();
    }

    private void run(double scale, long seed) throws IOException, InterruptedException {
        final Story.Images small = tell("small", false);
        final Story.Images large = tell("large", true);
        final Story.Images foreign = tell("foreign", false);
        Story.requireVariety(small);
        final Damages damages = new Damages(small.crashed());
        final int garbage = (int) Math.max(1, GARBAGE * scale);
        final int pages = (int) Math.max(1, PAGES * scale);
        final int every = (int) Math.max(1, Math.round(BITS_AT_ONCE / scale));
        each(small.crashed(), "lengths", damages.lengths(), 1, seed);
        each(small.crashed(), "pages", damages.pages(seed, pages), 1, seed);
        each(small.crashed(), "zeros", damages.zeros(), 1, seed);
        each(small.crashed(), "files", damages.files(small.early(), foreign.crashed()), 1, seed);
        each(small.crashed(), "garbage", damages.garbage(seed, garbage), 1, seed);
        each(small.crashed(), "bits", damages.bits(), every, seed);
        others(small.early(), garbage, seed, SAMPLE);
        others(small.closed(), garbage, seed, SAMPLE);
        others(large.crashed(), garbage, seed, SAMPLE_OF_LARGE);
    }

    /** A part of all that for another image. */
    private void others(Image image, int garbage, long seed, int every) throws IOException, InterruptedException {
        final Damages damages = new Damages(image);
        each(image, "lengths", damages.lengths(), every / SAMPLE, seed);
        each(image, "zeros", damages.zeros(), every / SAMPLE, seed);
        each(image, "garbage", damages.garbage(seed, garbage / 4), 1, seed);
        each(image, "bits", damages.bits(), every, seed);
    }

    // ---- one kind of damage ---------------------------------------------------------------------------------------

    /** What the threads take from. */
    private static final class Source {
        private final Iterator<Damage> damages;
        private final int every;
        private long taken;

        Source(Stream<Damage> damages, int every, long seed) {
            this.damages = damages.iterator();
            this.every = every;
            this.taken = Math.floorMod(seed, (long) every);
        }

        synchronized @Nullable Damage next() {
            while (damages.hasNext()) {
                final Damage damage = damages.next();
                if (taken++ % every == 0) {
                    return damage;
                }
            }
            return null;
        }
    }

    /** @param every one of so many; the seed says which */
    private void each(Image image, String kind, Stream<Damage> damages, int every, long seed)
            throws IOException, InterruptedException {
        final long startMs = EngineClock.system().wallMs();
        final Source source = new Source(damages, every, seed);
        final Map<Judge.Answer, Long> answers = new EnumMap<>(Judge.Answer.class);
        final Map<String, Integer> shown = new LinkedHashMap<>();
        final List<Worker> workers = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            final Worker worker = new Worker(image, source, answers, shown);
            workers.add(worker);
            worker.start();
        }
        for (Worker worker : workers) {
            worker.await();
        }
        final long cases = answers.values().stream().mapToLong(Long::longValue).sum();
        total += cases + shown.values().stream().mapToInt(Integer::intValue).sum();
        System.out.println(image.name() + ", " + kind + ": " + cases + " as promised " + answers + ", "
                + (EngineClock.system().wallMs() - startMs) / 1000 + " s");
    }

    /** One thread with a directory of its own. */
    private final class Worker extends Thread {
        private final Image image;
        private final Source source;
        private final Map<Judge.Answer, Long> answers;
        private final Map<String, Integer> shown;
        private volatile long sinceMs = EngineClock.system().wallMs();
        private volatile String name = "";

        Worker(Image image, Source source, Map<Judge.Answer, Long> answers, Map<String, Integer> shown) {
            super("millrace-corruption");
            setDaemon(true);
            this.image = image;
            this.source = source;
            this.answers = answers;
            this.shown = shown;
        }

        @Override
        public void run() {
            try (Judge judge = new Judge(parent)) {
                for (Damage damage = source.next(); damage != null; damage = source.next()) {
                    name = damage.name();
                    sinceMs = EngineClock.system().wallMs();
                    judge(judge, damage);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void judge(Judge judge, Damage damage) throws IOException {
            try {
                final Judge.Answer answer = judge.judge(image, damage);
                synchronized (answers) {
                    answers.merge(answer, 1L, Long::sum);
                }
            } catch (Judge.Broken e) {
                broken.incrementAndGet();
                synchronized (answers) {
                    if (shown.merge("broken", 1, Integer::sum) <= MOST_SHOWN) {
                        System.out.println("BROKEN: " + e.getMessage());
                        if (e.getCause() != null && !(e.getCause() instanceof io.millrace.api.DirectoryException)) {
                            e.getCause().printStackTrace(System.out);
                        }
                    }
                }
            }
        }

        /** Waits for the end; a case that hangs ends the JVM. */
        void await() throws InterruptedException {
            while (isAlive()) {
                join(100);
                if (isAlive() && EngineClock.system().wallMs() - sinceMs > LONGEST_CASE_MS) {
                    System.out.println("BROKEN: hangs: " + image.name() + ": " + name);
                    System.out.flush();
                    Runtime.getRuntime().halt(1);
                }
            }
        }
    }
}
