package io.millrace.stress.images;

import java.util.SplittableRandom;

/** How much of what was not forced has reached the disk when the power goes. */
enum Reach {
    NOTHING,
    EVERYTHING,
    /** Each part for itself may have. */
    ANYTHING;

    /** Mostly the last, of which there is most to be seen. */
    static Reach any(SplittableRandom random) {
        return switch (random.nextInt(4)) {
            case 0 -> NOTHING;
            case 1 -> EVERYTHING;
            default -> ANYTHING;
        };
    }

    /** Whether one part has. */
    boolean reaches(SplittableRandom random) {
        return this == EVERYTHING || (this == ANYTHING && random.nextBoolean());
    }
}
