package io.millrace.stress.mutants;

import java.util.Locale;

/** A fast test of one guarantee, run alone in a JVM of its own. */
@SuppressWarnings("ImmutableEnumChecker") // the tests are references to static methods
public enum Detector implements Catcher {
    GATE_PUBLISHES_ERA(CoreDetectors::gatePublishesEra),
    GATE_FENCE(CoreDetectors::gateFence),
    CLOSE_WAITS(CoreDetectors::closeWaits),
    RETIRED_BLOCK_RESTS(CoreDetectors::retiredBlockRests),
    GONE_STAYS_GONE(CoreDetectors::goneStaysGone),
    MARKS_ARE_FOUND(CoreDetectors::marksAreFound),
    ARMED_WHILE_FIRING(CoreDetectors::armedWhileFiring),
    LIVING_RECORDS_STAY(CoreDetectors::livingRecordsStay),
    DEAD_SEGMENTS_COME_BACK(CoreDetectors::deadSegmentsComeBack),
    LENT_SEGMENT_RESTS(CoreDetectors::lentSegmentRests),
    ACTIVE_SEGMENT_IS_HELD(CoreDetectors::activeSegmentIsHeld),
    MOVED_RECORDS_ARE_READ(QueueDetectors::movedRecordsAreRead),
    PASSED_OVER_IS_FOUND(QueueDetectors::passedOverIsFound),
    PUBLISH_AGAINST_PASS_OVER(QueueDetectors::publishAgainstPassOver),
    RELEASED_IS_FOUND(QueueDetectors::releasedIsFound),
    EXTENDED_STAYS_HIDDEN(QueueDetectors::extendedStaysHidden),
    UNCLAIMED_WAS_NEVER_RECEIVED(QueueDetectors::unclaimedWasNeverReceived),
    COUNTS_BEYOND_TEN_BITS(QueueDetectors::countsBeyondTenBits),
    TOO_OLD_IS_NOT_DELIVERED(QueueDetectors::tooOldIsNotDelivered),
    STALE_FLIGHT_IS_KNOWN(QueueDetectors::staleFlightIsKnown),
    OTHER_GENERATION_IS_LEFT_ALONE(QueueDetectors::otherGenerationIsLeftAlone),
    POLL_FREES_CHUNKS(QueueDetectors::pollFreesChunks),
    ACK_FREES_RECORD(QueueDetectors::ackFreesRecord),
    ONE_ACK_WINS(QueueDetectors::oneAckWins),
    ACK_AGAINST_EXPIRY(QueueDetectors::ackAgainstExpiry),
    PURGE_ENDS_ALL(QueueDetectors::purgeEndsAll),
    DEAD_LETTER_LEAVES_SOURCE(QueueDetectors::deadLetterLeavesSource),
    FORGED_RECEIPT_IS_REFUSED(QueueDetectors::forgedReceiptIsRefused),
    CANCELLED_WAITER_GIVES_BACK(QueueDetectors::cancelledWaiterGivesBack),
    WAITER_IS_WOKEN(QueueDetectors::waiterIsWoken),
    IN_FLIGHT_LIMIT_HOLDS(QueueDetectors::inFlightLimitHolds),
    IMAGES_KEEP_PROMISES(DurableDetectors::imagesKeepPromises),
    EVERY_CALL_IS_SURVIVED(DurableDetectors::everyCallIsSurvived),
    SHOWN_AFTER_FORCE(DurableDetectors::shownAfterForce),
    NAMED_AFTER_FORCE(DurableDetectors::namedAfterForce),
    MARKED_AFTER_FORCE(DurableDetectors::markedAfterForce),
    REUSED_AFTER_TWO_ROUNDS(DurableDetectors::reusedAfterTwoRounds),
    END_IS_OF_ONE_GENERATION(DurableDetectors::endIsOfOneGeneration);

    /** A test that always takes the same way. */
    private interface Plain {
        void run() throws InterruptedException;
    }

    /** A test that tries for a bounded time, in milliseconds. */
    private interface Timed {
        void run(long budgetMs) throws InterruptedException;
    }

    private final Timed test;
    private final boolean timed;

    Detector(Plain test) {
        this.test = budgetMs -> test.run();
        this.timed = false;
    }

    Detector(Timed test) {
        this.test = test;
        this.timed = true;
    }

    /** Whether a longer time makes it try more. */
    public boolean isTimed() {
        return timed;
    }

    /** Passes, or throws an {@link AssertionError}. */
    public void run(long budgetMs) throws InterruptedException {
        test.run(budgetMs);
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
