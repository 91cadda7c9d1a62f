package io.millrace.stress.explore;

/**
 * The marks of {@code Directory} over one page and two chunks: a word of marks per chunk, a bit for each chunk in the page,
 * and ANY above. Stateless but for what is planted.
 */
final class MarkModel {
    static final int CHUNKS = 2;

    static final int CHUNK = 0;
    static final int PAGE = CHUNK + CHUNKS;
    static final int ANY = PAGE + 1;
    static final int WORDS = ANY + 1;

    private final boolean looksAgainInPage;
    private final boolean looksAgainAbove;

    MarkModel(boolean looksAgainInPage, boolean looksAgainAbove) {
        this.looksAgainInPage = looksAgainInPage;
        this.looksAgainAbove = looksAgainAbove;
    }

    private static void set(Steps at, int word, long bit) {
        if ((at.read(word) & bit) == 0) {
            at.or(word, bit);
        }
    }

    void mark(Steps at, int chunk, int slot) {
        set(at, CHUNK + chunk, 1L << slot);
        set(at, PAGE, 1L << chunk);
        at.write(ANY, 1);
    }

    /** Takes one mark if there is any. */
    void take(Steps at) {
        while (at.read(ANY) != 0) {
            if (takeFromPage(at)) {
                return;
            }
            at.write(ANY, 0);
            if (looksAgainAbove && at.read(PAGE) != 0) {
                at.write(ANY, 1);
            }
        }
    }

    private boolean takeFromPage(Steps at) {
        for (long marks = at.read(PAGE); marks != 0; marks &= marks - 1) {
            final int chunk = Long.numberOfTrailingZeros(marks);
            if (takeFromChunk(at, chunk)) {
                return true;
            }
            at.and(PAGE, ~(1L << chunk));
            if (looksAgainInPage && at.read(CHUNK + chunk) != 0) {
                set(at, PAGE, 1L << chunk);
            }
        }
        return false;
    }

    private static boolean takeFromChunk(Steps at, int chunk) {
        for (long marks = at.read(CHUNK + chunk); marks != 0; marks = at.read(CHUNK + chunk)) {
            final long lowest = Long.lowestOneBit(marks);
            if ((at.and(CHUNK + chunk, ~lowest) & lowest) != 0) {
                return true;
            }
        }
        return false;
    }

    Scenario scenario(String name) {
        return new Scenario(name, WORDS)
                .finallyHolds("a marked chunk has its bit in the page", words -> {
                    boolean all = true;
                    for (int chunk = 0; chunk < CHUNKS; chunk++) {
                        all &= words[CHUNK + chunk] == 0 || (words[PAGE] & (1L << chunk)) != 0;
                    }
                    return all;
                })
                .finallyHolds("a marked page is announced in ANY", words -> words[PAGE] == 0 || words[ANY] != 0);
    }
}
