package io.millrace.stress.corrupt;

import io.millrace.core.log.SegmentMap;
import io.millrace.stress.Sent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All that is done to an image. The same each time but for what a seed decides. Immutable. */
final class Damages {
    private static final int PAGE = 4096;

    /** Of a long payload, bytes at both ends that are damaged one by one; between them one in {@link #SAMPLE}. */
    private static final int LONG_PAYLOAD_ENDS = 128;

    private static final int SAMPLE = 251;
    private static final int FREE_SAMPLE = 1_021;
    private static final int COARSE = 997;
    private static final int LARGE = 1 << 16;

    private final Image image;

    Damages(Image image) {
        this.image = image;
    }

    // ---- single bits ----------------------------------------------------------------------------------------------

    /** Every bit of what is not free, of long payloads and of what is free a sample. */
    Stream<Damage> bits() {
        return image.files().keySet().stream()
                .flatMap(file -> places(file)
                        .boxed()
                        .flatMap(at -> IntStream.range(0, Byte.SIZE).mapToObj(bit -> bit(file, at, bit))));
    }

    private IntStream places(String file) {
        final int length = image.file(file).length;
        final @Nullable SegmentMap map = image.segments().get(file);
        if (map == null) {
            return IntStream.range(0, length);
        }
        final boolean[] wanted = new boolean[length];
        Arrays.fill(wanted, 0, SegmentMap.HEADER, true);
        for (int at = SegmentMap.HEADER; at < length; at += FREE_SAMPLE) {
            wanted[at] = true;
        }
        for (SegmentMap.Entry entry : map.entries()) {
            final int middle = Math.max(entry.offset() + LONG_PAYLOAD_ENDS, entry.end() - LONG_PAYLOAD_ENDS);
            Arrays.fill(wanted, entry.offset(), Math.min(entry.end(), entry.offset() + LONG_PAYLOAD_ENDS), true);
            Arrays.fill(wanted, Math.min(middle, entry.end()), entry.end(), true);
            for (int at = entry.offset(); entry.isMessage() && at < entry.end(); at += SAMPLE) {
                wanted[at] |= entry.length() <= LARGE || at % COARSE == 0;
            }
        }
        return IntStream.range(0, length).filter(at -> wanted[at]);
    }

    private Damage bit(String file, int at, int bit) {
        final Touch touch = new Touch(file, at, at + 1);
        final Damage damage = Damage.of("bit " + bit + " of byte " + at + " of " + file + what(file, at), touch, () -> {
            final byte[] content = image.file(file).clone();
            content[at] ^= (byte) (1 << bit);
            return content;
        });
        return mustBeFoundIfGuarded(damage, touch);
    }

    private String what(String file, int at) {
        final @Nullable SegmentMap map = image.segments().get(file);
        return map == null
                ? ""
                : map.entries().stream()
                        .filter(e -> e.overlaps(at, at + 1))
                        .findFirst()
                        .map(e -> " (byte " + (at - e.offset()) + " of a record of type " + e.type() + ", length "
                                + e.length() + (e.alive() ? ", alive" : ", ended") + ")")
                        .orElse("");
    }

    private Damage mustBeFoundIfGuarded(Damage damage, Touch touch) {
        final @Nullable SegmentMap map = image.segments().get(touch.file());
        return map != null && map.isGuarded(touch.from()) ? damage.found(touch) : damage;
    }

    // ---- lengths --------------------------------------------------------------------------------------------------

    /** Every file cut off, and made longer. */
    Stream<Damage> lengths() {
        return image.files().keySet().stream().flatMap(file -> {
            final int length = image.file(file).length;
            return Stream.concat(
                    lengthsOf(file).filter(at -> at < length).distinct().mapToObj(at -> cut(file, at)),
                    IntStream.of(1, PAGE, 1 << 16).mapToObj(more -> extended(file, length + more)));
        });
    }

    private IntStream lengthsOf(String file) {
        final int length = image.file(file).length;
        final @Nullable SegmentMap map = image.segments().get(file);
        if (map == null) {
            return IntStream.range(0, length);
        }
        final IntStream borders = map.entries().stream()
                .mapToInt(SegmentMap.Entry::offset)
                .flatMap(at -> IntStream.rangeClosed(at - 1, at + 1));
        final IntStream coarse = IntStream.iterate(0, at -> at < length, at -> at + COARSE);
        final IntStream pages = IntStream.iterate(0, at -> at < length, at -> at + PAGE);
        return IntStream.concat(
                IntStream.concat(IntStream.range(0, 2 * SegmentMap.HEADER), borders), IntStream.concat(coarse, pages));
    }

    private Damage cut(String file, int length) {
        final byte[] content = image.file(file);
        return Damage.of(
                file + " cut off at " + length,
                new Touch(file, length, content.length),
                () -> Arrays.copyOf(content, length));
    }

    private Damage extended(String file, int length) {
        final byte[] content = image.file(file);
        return Damage.of(
                file + " made longer: " + length,
                new Touch(file, content.length, length),
                () -> Arrays.copyOf(content, length));
    }

    // ---- pages and ranges -----------------------------------------------------------------------------------------

    /** Pages that have changed places, in a file and between files. */
    Stream<Damage> pages(long seed, int count) {
        final SplittableRandom random = new SplittableRandom(seed);
        final List<String> files = image.segmentsInUse();
        final List<Damage> damages = new ArrayList<>();
        for (String file : files) {
            final int used = usedPages(file);
            for (int page = 0; page < used; page++) {
                damages.add(swapped(file, page, file, (page + 1) % pages(file)));
                final String other = files.get(random.nextInt(files.size()));
                damages.add(swapped(file, page, other, Math.min(page, pages(other) - 1)));
            }
        }
        for (int i = 0; i < count; i++) {
            final String one = files.get(random.nextInt(files.size()));
            final String two = files.get(random.nextInt(files.size()));
            damages.add(swapped(one, random.nextInt(usedPages(one)), two, random.nextInt(usedPages(two))));
        }
        return damages.stream();
    }

    private int usedPages(String file) {
        return (image.segment(file).end() + PAGE - 1) / PAGE;
    }

    private int pages(String file) {
        return image.segment(file).length() / PAGE;
    }

    private Damage swapped(String one, int first, String two, int second) {
        final String name = "pages " + first + " of " + one + " and " + second + " of " + two + " swapped";
        return new Damage(
                name,
                () -> {
                    final byte[] a = image.file(one).clone();
                    final byte[] b = one.equals(two) ? a : image.file(two).clone();
                    final byte[] page = Arrays.copyOfRange(a, first * PAGE, (first + 1) * PAGE);
                    System.arraycopy(b, second * PAGE, a, first * PAGE, PAGE);
                    System.arraycopy(page, 0, b, second * PAGE, PAGE);
                    final Map<String, byte @Nullable []> files = new HashMap<>();
                    files.put(one, a);
                    files.put(two, b);
                    return files;
                },
                List.of(touchOf(one, first), touchOf(two, second)),
                false,
                Optional.empty());
    }

    private static Touch touchOf(String file, int page) {
        return new Touch(file, page * PAGE, (page + 1) * PAGE);
    }

    /** Each record, each page and each file all zeros. */
    Stream<Damage> zeros() {
        return image.segments().entrySet().stream().flatMap(segment -> {
            final String file = segment.getKey();
            final SegmentMap map = segment.getValue();
            final Stream<Touch> records =
                    map.entries().stream().map(entry -> new Touch(file, entry.offset(), entry.end()));
            final Stream<Touch> pages = IntStream.range(0, pages(file)).mapToObj(page -> touchOf(file, page));
            final Stream<Touch> parts =
                    Stream.of(new Touch(file, 0, SegmentMap.HEADER), new Touch(file, 0, map.length()));
            return Stream.of(records, pages, parts).flatMap(touches -> touches).map(this::zeroed);
        });
    }

    private Damage zeroed(Touch touch) {
        return Damage.of("zeros: " + touch, touch, () -> {
            final byte[] content = image.file(touch.file()).clone();
            Arrays.fill(content, touch.from(), touch.to(), (byte) 0);
            return content;
        });
    }

    /** Random bytes at random places of random lengths, in one file or several. */
    Stream<Damage> garbage(long seed, int count) {
        return LongStream.range(seed, seed + count).mapToObj(this::garbage);
    }

    private Damage garbage(long seed) {
        final SplittableRandom random = new SplittableRandom(seed);
        final List<String> names = List.copyOf(image.segments().keySet());
        final List<Touch> touches = new ArrayList<>();
        for (int i = random.nextInt(1, 5); i > 0; i--) {
            final String file = names.get(random.nextInt(names.size()));
            final int length = image.file(file).length;
            final int from = random.nextInt(Math.min(length, image.segment(file).end() + PAGE));
            final int to = Math.min(length, from + 1 + random.nextInt(1 << random.nextInt(1, 14)));
            touches.add(new Touch(file, from, to));
        }
        final SplittableRandom bytes = random.split();
        return new Damage(
                "garbage of seed " + seed + ": " + touches,
                () -> {
                    final Map<String, byte @Nullable []> files = new HashMap<>();
                    for (Touch touch : touches) {
                        final byte[] content = Objects.requireNonNullElseGet(
                                files.get(touch.file()),
                                () -> image.file(touch.file()).clone());
                        for (int at = touch.from(); at < touch.to(); at++) {
                            content[at] = (byte) bytes.nextInt();
                        }
                        files.put(touch.file(), content);
                    }
                    return files;
                },
                touches,
                false,
                Optional.empty());
    }

    // ---- whole files ----------------------------------------------------------------------------------------------

    /** Files that are missing, of another time, of another directory, or in each other's place; files too many. */
    Stream<Damage> files(Image older, Image foreign) {
        final List<Damage> damages = new ArrayList<>();
        for (String file : image.files().keySet()) {
            damages.add(Damage.of("missing: " + file, whole(file), () -> null));
            damages.add(Damage.of("empty: " + file, whole(file), () -> new byte[0]));
            if (foreign.files().containsKey(file) && !file.equals(Image.LOCK)) {
                damages.add(Damage.of("of another directory: " + file, whole(file), () -> foreign.file(file)));
            }
        }
        final List<String> segments = image.segmentsInUse();
        for (int i = 1; i < segments.size(); i++) {
            final String one = segments.get(i - 1);
            final String two = segments.get(i);
            damages.add(Damage.of("in place of " + two, whole(one), () -> image.file(two))
                    .and(Damage.of("in place of " + one, whole(two), () -> image.file(one))));
        }
        damages.addAll(olderFiles(older));
        damages.addAll(strangers(foreign));
        return damages.stream();
    }

    private Touch whole(String file) {
        return new Touch(file, 0, image.file(file).length);
    }

    private List<Damage> olderFiles(Image older) {
        final List<Damage> damages = new ArrayList<>();
        final List<Damage> segments = new ArrayList<>();
        for (String file : image.segments().keySet()) {
            if (older.files().containsKey(file) && !Arrays.equals(older.file(file), image.file(file))) {
                segments.add(Damage.of("of an earlier time: " + file, whole(file), () -> older.file(file))
                        .bringingBack());
            }
        }
        damages.addAll(segments);
        segments.stream().reduce(Damage::and).ifPresent(damages::add);
        // What nobody has damaged must be there, or opening must be refused: no segment may go because a list is old.
        damages.add(Damage.of(
                "manifest of an earlier time",
                new Touch(Image.MANIFEST, 0, image.file(Image.MANIFEST).length),
                () -> older.file(Image.MANIFEST)));
        return damages;
    }

    /** What other programs, or ends without warning, may leave behind: nothing may come of it. */
    private List<Damage> strangers(Image foreign) {
        final byte[] garbage = Sent.payload(1, 3 * PAGE);
        final byte[] segment = foreign.file(foreign.segmentsInUse().get(0));
        return List.of(
                stranger("manifest.tmp", garbage),
                stranger("manifest.tmp", new byte[0]),
                stranger("segment-00000000.new", garbage),
                stranger("segment-00000077.new", segment),
                stranger("segment-00000077", garbage),
                stranger("segment-00000077", new byte[0]),
                stranger("segment-00000078", segment),
                stranger("notes.txt", garbage));
    }

    private static Damage stranger(String file, byte[] content) {
        return Damage.of("a file too many: " + file, new Touch(file, 0, content.length), () -> content);
    }
}
