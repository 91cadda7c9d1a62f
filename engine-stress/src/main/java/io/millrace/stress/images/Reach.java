package io.millrace.stress.images;

import java.util.SplittableRandom;

/** How much of what was not forced has reached the disk when the power goes. */
enum Reach {
    NOTHING,
    EVERYTHING,
    /** Each part for itself may have. */
    ANYTHING,
    /** Of each file all but one page: what relies on it finds it missing. */
    ALL_BUT_ONE,
    /** Of each file one page: it speaks for what is missing. */
    ONE;

    static Reach any(SplittableRandom random) {
        return values()[random.nextInt(values().length)];
    }

    /** Whether something that is no page has. */
    boolean reaches(SplittableRandom random) {
        return switch (this) {
            case NOTHING -> false;
            case EVERYTHING -> true;
            default -> random.nextBoolean();
        };
    }
}
