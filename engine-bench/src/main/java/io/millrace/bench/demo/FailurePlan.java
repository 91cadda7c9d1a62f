package io.millrace.bench.demo;

import java.util.concurrent.ConcurrentHashMap;

/**
 * Decides which pieces fail, how and how often: from a seed and the piece alone, so that it does not depend on which
 * consumer gets what and when. Thread-safe.
 *
 * <p>Of the very first file the name is poisoned, the first line stumbles and the second is rejected, so that each way
 * of failing happens however small the input.
 */
final class FailurePlan {
    /** What is wrong with a piece. */
    private enum Trouble {
        NONE,
        /** Fails once or twice, then succeeds. */
        STUMBLES,
        /** Fails until it was received too often; succeeds after it was redriven. */
        POISONED,
        /** Is moved to the dead-letter queue by its first consumer; succeeds after it was redriven. */
        REJECTED
    }

    /** What a consumer does with a delivery. */
    enum Action {
        ACCEPT,
        /** Says that it failed, and leaves the rest to the listener. */
        FAIL,
        /** Gives it back with a delay of its own. */
        GIVE_BACK,
        DEAD_LETTER
    }

    private static final int PER_MILLE = 1_000;
    private static final int POISONED = 10;
    private static final int REJECTED = POISONED + 5;
    private static final int STUMBLING = REJECTED + 45;

    private final long seed;
    private final int maxReceives;
    private final ConcurrentHashMap<Long, Integer> attempts = new ConcurrentHashMap<>();

    /** @param maxReceives receives after which the queue moves a message to the dead-letter queue */
    FailurePlan(long seed, int maxReceives) {
        this.seed = seed;
        this.maxReceives = maxReceives;
    }

    /** Whether the piece goes to the dead-letter queue on purpose. */
    boolean isDeadLettered(Piece piece) {
        Trouble trouble = troubleOf(piece);
        return trouble == Trouble.POISONED || trouble == Trouble.REJECTED;
    }

    /** What to do with a delivery of this piece; counts it as an attempt. */
    Action next(Piece piece) {
        Trouble trouble = troubleOf(piece);
        if (trouble == Trouble.NONE) {
            return Action.ACCEPT;
        }
        int attempt = attempts.merge(piece.key(), 1, Integer::sum);
        return switch (trouble) {
            case STUMBLES -> attempt <= 1 + bit(piece) ? Action.FAIL : Action.ACCEPT;
            case POISONED -> attempt > maxReceives ? Action.ACCEPT : poisoned(piece, attempt);
            case REJECTED -> attempt == 1 ? Action.DEAD_LETTER : Action.ACCEPT;
            case NONE -> Action.ACCEPT;
        };
    }

    /** Every other one is given back the first time, the rest fails. */
    private Action poisoned(Piece piece, int attempt) {
        return attempt == 1 && bit(piece) == 1 ? Action.GIVE_BACK : Action.FAIL;
    }

    /** Whether a consumer has had this piece before, if it is one that fails on purpose. */
    boolean hasBeenTried(Piece piece) {
        return attempts.containsKey(piece.key());
    }

    private Trouble troubleOf(Piece piece) {
        if (piece.file() == 0 && piece.isName()) {
            return Trouble.POISONED;
        }
        if (piece.file() == 0 && piece.line() <= 1) {
            return piece.line() == 0 ? Trouble.STUMBLES : Trouble.REJECTED;
        }
        long draw = Long.remainderUnsigned(hash(piece), PER_MILLE);
        if (draw >= STUMBLING) {
            return Trouble.NONE;
        }
        return draw >= REJECTED ? Trouble.STUMBLES : draw >= POISONED ? Trouble.REJECTED : Trouble.POISONED;
    }

    private int bit(Piece piece) {
        return (int) (hash(piece) >>> (Long.SIZE - 1));
    }

    /** Spreads seed and key over 64 bits: a step of the golden ratio, then two rounds of shifting and multiplying. */
    private long hash(Piece piece) {
        long mixed = seed + piece.key() * 0x9E3779B97F4A7C15L;
        mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }
}
