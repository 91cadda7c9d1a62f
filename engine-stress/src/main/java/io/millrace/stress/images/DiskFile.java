package io.millrace.stress.images;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * What the disk has of one file, whatever it is called. Confined to one thread.
 *
 * <p>Of each page the disk must have what was forced last. It may have what was there later, at any time, and of a page that was
 * just being written any of its sectors.
 */
final class DiskFile {
    /** What the kernel writes at a time, in bytes. */
    static final int PAGE = 4_096;

    /** What a disk writes as a whole, in bytes. */
    static final int SECTOR = 512;

    private byte[] forced;

    /** What there was when somebody looked; where it was forced since, that. */
    private byte[] earlier;

    /** @param content what the disk has for certain */
    DiskFile(byte[] content) {
        forced = content.clone();
        earlier = content.clone();
    }

    /**
     * Pages from {@code from} on were forced, and the length of the file with them.
     *
     * @param from offset of the first of them
     * @param pages what they hold, at most up to {@code length}
     * @param length of the file
     */
    void force(int from, byte[] pages, int length) {
        forced = Arrays.copyOf(forced, length);
        earlier = Arrays.copyOf(earlier, length);
        System.arraycopy(pages, 0, forced, from, pages.length);
        System.arraycopy(pages, 0, earlier, from, pages.length);
    }

    /** Remembers what is there now, which may reach the disk although it is changed later. */
    void see(byte[] current) {
        earlier = current.clone();
    }

    /** What was there when somebody looked last. */
    byte[] seen() {
        return earlier;
    }

    /** One of the contents that may be found when the power goes, while {@code current} is there. */
    byte[] afterPowerLoss(byte[] current, Reach reach, SplittableRandom random) {
        final byte[] found = Arrays.copyOf(forced, reach.reaches(random) ? current.length : forced.length);
        final int one = anyChanged(current, found, random);
        for (int page = 0; page < found.length; page += PAGE) {
            final int end = Math.min(found.length, page + PAGE);
            final boolean reaches = switch (reach) {
                case NOTHING, ANYTHING -> false;
                case EVERYTHING -> true;
                case ALL_BUT_ONE -> page != one;
                case ONE -> page == one;
            };
            if (reaches) {
                put(current, page, end, found);
            } else if (reach == Reach.ANYTHING) {
                putAny(current, page, end, found, random);
            }
        }
        return found;
    }

    /** A page that is not there as it was forced, or -1 if there is none. */
    private static int anyChanged(byte[] current, byte[] found, SplittableRandom random) {
        final int[] changed = IntStream.range(0, (found.length + PAGE - 1) / PAGE)
                .map(i -> i * PAGE)
                .filter(page -> differs(current, found, page))
                .toArray();
        return changed.length == 0 ? -1 : changed[random.nextInt(changed.length)];
    }

    private static boolean differs(byte[] current, byte[] found, int page) {
        final int end = Math.min(found.length, page + PAGE);
        final int currentEnd = Math.max(page, Math.min(current.length, end));
        return !Arrays.equals(found, page, end, current, Math.min(page, current.length), currentEnd);
    }

    private void putAny(byte[] current, int page, int end, byte[] found, SplittableRandom random) {
        switch (random.nextInt(4)) {
            case 0 -> {} // never written since it was forced
            case 1 -> put(current, page, end, found);
            case 2 -> put(earlier, page, end, found);
            default -> {
                final byte[] before = random.nextBoolean() ? forced : earlier;
                final byte[] after = random.nextBoolean() ? current : earlier;
                for (int sector = page; sector < end; sector += SECTOR) {
                    put(random.nextBoolean() ? after : before, sector, Math.min(end, sector + SECTOR), found);
                }
            }
        }
    }

    private static void put(byte[] source, int from, int to, byte[] target) {
        final int end = Math.min(to, source.length);
        if (from < end) {
            System.arraycopy(source, from, target, from, end - from);
        }
    }
}
