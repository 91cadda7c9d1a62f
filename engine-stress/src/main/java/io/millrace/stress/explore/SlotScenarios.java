package io.millrace.stress.explore;

import io.millrace.core.slot.ControlWord;
import io.millrace.stress.explore.SlotModel.Target;
import io.millrace.stress.explore.SlotModel.Weakness;
import java.util.List;

/**
 * The races with three sides, as production runs them, and the same with one bug each, which the explorer has to find.
 * Stateless.
 */
public final class SlotScenarios {
    private static final int GENERATION_BITS = 16;
    private static final int CUT_GENERATION_BITS = 2;
    private static final int NEXT_CHUNK = 1;
    private static final int WRAP = 1 << CUT_GENERATION_BITS;

    private static final long READY = ControlWord.publish(0, 0);
    private static final long DUE_MS = 100;
    private static final long LATER_MS = 500;
    private static final long IN_FLIGHT = ControlWord.claim(READY, DUE_MS);

    private SlotScenarios() {}

    /** What must hold in every schedule. */
    public static List<Scenario> sound() {
        return List.of(
                publishAgainstPassOver(new SlotModel()),
                twoPublishersAgainstPassOver(new SlotModel()),
                abortAgainstPassOver(new SlotModel()),
                releaseAgainstCursor(new SlotModel()),
                ackAgainstExpiry(new SlotModel()),
                rawAckAgainstExpiry(new SlotModel()),
                twoAcksAgainstExpiry(new SlotModel()),
                extendAgainstExpiry(new SlotModel()),
                claimAgainstFiring(new SlotModel()),
                unclaimAgainstExpiry(new SlotModel()),
                lastReceive(new SlotModel(1, Target.TAKES)),
                lastReceive(new SlotModel(1, Target.IS_FULL)),
                lastReceive(new SlotModel(1, Target.IS_MISSING)),
                deadLetterAgainstExpiry(new SlotModel(1, Target.TAKES)),
                deadLetterAgainstExpiry(new SlotModel(2, Target.IS_FULL)),
                purgeAgainstAll(new SlotModel()),
                reuse(GENERATION_BITS),
                due(GENERATION_BITS, NEXT_CHUNK, DUE_MS, DueModel.Weakness.NONE),
                due(GENERATION_BITS, NEXT_CHUNK, LATER_MS, DueModel.Weakness.NONE),
                due(GENERATION_BITS, WRAP, DUE_MS, DueModel.Weakness.NONE),
                marks(new MarkModel(true, true)),
                marksOfTwoChunks(new MarkModel(true, true)));
    }

    /** The same with a bug in each. */
    public static List<Scenario> weakened() {
        return List.of(
                publishAgainstPassOver(new SlotModel(Weakness.PUBLISHER_NEVER_MARKS)),
                publishAgainstPassOver(new SlotModel(Weakness.SILENT_PASS_OVER)),
                releaseAgainstCursor(new SlotModel(Weakness.RELEASE_NEVER_MARKS)),
                ackAgainstExpiry(new SlotModel(Weakness.BLIND_EXPIRY)),
                extendAgainstExpiry(new SlotModel(Weakness.DEADLINE_NOT_READ_AGAIN)),
                claimAgainstFiring(new SlotModel(Weakness.CLEAR_AFTER_LOOK)),
                lastReceive(new SlotModel(1, Target.TAKES, Weakness.COPY_BEFORE_MOVE)),
                due(GENERATION_BITS, NEXT_CHUNK, DUE_MS, DueModel.Weakness.GENERATION_UNCHECKED),
                due(GENERATION_BITS, NEXT_CHUNK, DUE_MS, DueModel.Weakness.GENERATION_FIRST),
                due(GENERATION_BITS, NEXT_CHUNK, LATER_MS, DueModel.Weakness.DISARMED_LATE),
                due(GENERATION_BITS, NEXT_CHUNK, LATER_MS, DueModel.Weakness.ARMED_EARLY),
                due(GENERATION_BITS, NEXT_CHUNK, LATER_MS, DueModel.Weakness.NOT_ARMED_AGAIN),
                marks(new MarkModel(true, false)),
                marks(new MarkModel(false, true)));
    }

    /** Hazard H7 with the generation cut to two bits, so that it wraps after four reuses. */
    public static Scenario wrap() {
        return reuse(CUT_GENERATION_BITS);
    }

    /** The same for a deadline that comes when its block has served four chunks more. */
    public static Scenario wrapOfDue() {
        return due(CUT_GENERATION_BITS, WRAP, DUE_MS, DueModel.Weakness.NONE);
    }

    // ---- publish and receive --------------------------------------------------------------------------------------

    private static Scenario twoSent(String name) {
        return SlotModel.scenario(name)
                .given(SlotModel.CONTROL + 1, READY)
                .given(SlotModel.PUBLISHED, 1)
                .given(SlotModel.TAIL, 2);
    }

    private static Scenario publishAgainstPassOver(SlotModel model) {
        return twoSent("publish / pass over / second receiver")
                .party("publisher", at -> model.publish(at, 0))
                .party("receiver", at -> model.receive(at, 1, LATER_MS))
                .party("second receiver", at -> model.receive(at, 1, LATER_MS));
    }

    private static Scenario twoPublishersAgainstPassOver(SlotModel model) {
        return SlotModel.scenario("publish / publish / receive both")
                .given(SlotModel.TAIL, 3)
                .party("publisher", at -> {
                    model.publish(at, 1);
                    model.publish(at, 2);
                })
                .party("second publisher", at -> model.publish(at, 0))
                .party("receiver", at -> model.receive(at, 2, LATER_MS));
    }

    private static Scenario abortAgainstPassOver(SlotModel model) {
        return twoSent("abort / pass over / second receiver")
                .party("sender", at -> model.abort(at, 0))
                .party("receiver", at -> model.receive(at, 1, LATER_MS))
                .party("second receiver", at -> model.receive(at, 1, LATER_MS));
    }

    private static Scenario releaseAgainstCursor(SlotModel model) {
        return SlotModel.scenario("release / cursor / second receiver")
                .given(SlotModel.CONTROL, ControlWord.publishDelayed(0, DUE_MS))
                .given(SlotModel.CONTROL + 1, READY)
                .given(SlotModel.PUBLISHED, 2)
                .given(SlotModel.TAIL, 2)
                .given(SlotModel.ARMED, DUE_MS)
                .party("expiry", at -> model.fire(at, DUE_MS))
                .party("receiver", at -> model.receive(at, 1, LATER_MS))
                .party("second receiver", at -> model.receive(at, 1, LATER_MS));
    }

    // ---- flights --------------------------------------------------------------------------------------------------

    private static Scenario oneInFlight(String name) {
        return SlotModel.scenario(name)
                .given(SlotModel.CONTROL, IN_FLIGHT)
                .given(SlotModel.PUBLISHED, 1)
                .given(SlotModel.DELIVERED, 1)
                .given(SlotModel.IN_FLIGHT, 1)
                .given(SlotModel.ARMED, DUE_MS)
                .given(SlotModel.TAIL, 1)
                .given(SlotModel.CURSOR, 1);
    }

    private static boolean deletedOnce(long[] words) {
        return SlotModel.deleted(words) == 1;
    }

    private static Scenario ackAgainstExpiry(SlotModel model) {
        return oneInFlight("ack / expiry / second receiver")
                .party("ack", at -> model.ack(at, 0))
                .party("expiry", at -> model.fire(at, DUE_MS))
                .party("second receiver", at -> model.receive(at, 1, LATER_MS))
                .finallyHolds("a receipt of a living message acknowledges it", SlotScenarios::deletedOnce);
    }

    private static Scenario rawAckAgainstExpiry(SlotModel model) {
        return oneInFlight("raw ack / expiry / second receiver")
                .party("ack", at -> model.ackFlight(at, 0, IN_FLIGHT))
                .party("expiry", at -> model.fire(at, DUE_MS))
                .party("second receiver", at -> model.receive(at, 1, LATER_MS))
                .finallyHolds("a receipt of a living message acknowledges it", SlotScenarios::deletedOnce);
    }

    private static Scenario twoAcksAgainstExpiry(SlotModel model) {
        return oneInFlight("expiry and receive / ack / ack of the second receiver")
                .party("ack", at -> model.ack(at, 0))
                .party("expiry", at -> model.fire(at, DUE_MS))
                .party("second receiver", at -> {
                    if (model.receive(at, 1, LATER_MS) == 1) {
                        model.ack(at, 0);
                    }
                })
                .finallyHolds("a receipt of a living message acknowledges it", SlotScenarios::deletedOnce);
    }

    private static Scenario extendAgainstExpiry(SlotModel model) {
        return oneInFlight("extend / expiry / second receiver")
                .party("extend", at -> model.extend(at, 0, DUE_MS - 1, LATER_MS))
                .party("expiry", at -> model.fire(at, DUE_MS))
                .party("second receiver", at -> model.receive(at, 1, DUE_MS + LATER_MS))
                .finallyHolds("an extended flight lasts until its new deadline", SlotScenarios::lastsIfExtended);
    }

    private static boolean lastsIfExtended(long[] words) {
        final long control = words[SlotModel.CONTROL];
        return words[SlotModel.EXTENDED] == 0
                || (ControlWord.isIn(control, ControlWord.IN_FLIGHT) && ControlWord.deadlineMs(control, 0) == LATER_MS);
    }

    private static Scenario claimAgainstFiring(SlotModel model) {
        return SlotModel.scenario("claim / claim / firing")
                .given(SlotModel.CONTROL, READY)
                .given(SlotModel.CONTROL + 1, READY)
                .given(SlotModel.PUBLISHED, 2)
                .given(SlotModel.TAIL, 2)
                .given(SlotModel.ARMED, DUE_MS)
                .party("receiver", at -> model.receive(at, 1, LATER_MS))
                .party("second receiver", at -> model.receive(at, 1, LATER_MS + 1))
                .party("firing", at -> model.fire(at, DUE_MS));
    }

    private static Scenario unclaimAgainstExpiry(SlotModel model) {
        return oneInFlight("unclaim / expiry / second receiver")
                .party("unclaim", at -> model.unclaim(at, 0, IN_FLIGHT))
                .party("expiry", at -> model.fire(at, DUE_MS))
                .party("second receiver", at -> model.receive(at, 1, LATER_MS));
    }

    // ---- dead letters and purge -----------------------------------------------------------------------------------

    /** A message that has been received as often as it may: the next receive takes it away. */
    private static Scenario lastReceive(SlotModel model) {
        return SlotModel.scenario("last receive / second receiver / ack by an old receipt")
                .given(SlotModel.CONTROL, ControlWord.release(IN_FLIGHT))
                .given(SlotModel.MARKS, 1)
                .given(SlotModel.PUBLISHED, 1)
                .given(SlotModel.TAIL, 1)
                .given(SlotModel.CURSOR, 1)
                .party("receiver", at -> model.receive(at, 1, LATER_MS))
                .party("second receiver", at -> {
                    model.receive(at, 1, LATER_MS);
                    model.fire(at, SlotModel.RETRY_MS);
                })
                .party("ack", at -> model.ack(at, 0));
    }

    private static Scenario deadLetterAgainstExpiry(SlotModel model) {
        return oneInFlight("dead-letter on request / expiry and receive / ack")
                .party("dead letter", at -> model.moveFlight(at, 0, DUE_MS - 1))
                .party("expiry", at -> {
                    model.fire(at, DUE_MS);
                    model.receive(at, 1, LATER_MS);
                })
                .party("ack", at -> model.ack(at, 0));
    }

    private static Scenario purgeAgainstAll(SlotModel model) {
        return oneInFlight("purge / publish and expiry / receive")
                .given(SlotModel.CONTROL + 1, READY)
                .given(SlotModel.PUBLISHED, 2)
                .given(SlotModel.TAIL, 3)
                .party("purge", at -> {
                    model.ack(at, 0);
                    model.ack(at, 1);
                    model.ack(at, 2);
                })
                .party("publish and expiry", at -> {
                    model.publish(at, 2);
                    model.fire(at, DUE_MS);
                })
                .party("receiver", at -> model.receive(at, 1, LATER_MS));
    }

    // ---- reuse and marks ------------------------------------------------------------------------------------------

    private static Scenario reuse(int generationBits) {
        return new ReuseModel(generationBits, WRAP)
                .scenario("stale ack / stale look / reuse, generation of " + generationBits + " bits");
    }

    private static Scenario due(int generationBits, int generations, long hiddenUntilMs, DueModel.Weakness weakness) {
        return new DueModel(generationBits, generations, hiddenUntilMs, weakness)
                .scenario("firing / reuse " + generations + ", deadline " + hiddenUntilMs + ", generation of "
                        + generationBits + " bits" + (weakness == DueModel.Weakness.NONE ? "" : ", " + weakness));
    }

    private static Scenario marks(MarkModel model) {
        return model.scenario("mark / take / second taker")
                .given(MarkModel.CHUNK, 1)
                .given(MarkModel.PAGE, 1)
                .given(MarkModel.ANY, 1)
                .party("marker", at -> model.mark(at, 0, 1))
                .party("taker", model::take)
                .party("second taker", at -> {
                    model.take(at);
                    model.take(at);
                });
    }

    private static Scenario marksOfTwoChunks(MarkModel model) {
        return model.scenario("mark / mark in another chunk / take")
                .given(MarkModel.ANY, 1)
                .given(MarkModel.PAGE, 1)
                .party("marker", at -> model.mark(at, 0, 1))
                .party("second marker", at -> model.mark(at, 1, 1))
                .party("taker", at -> {
                    model.take(at);
                    model.take(at);
                });
    }
}
