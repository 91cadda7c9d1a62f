package io.millrace.stress.mutants;

import io.millrace.stress.mutants.Mutant.Edit;
import java.util.List;

/** The planted bugs. Stateless. */
public final class Mutants {
    private static final String CORE = "engine-core/src/main/java/io/millrace/core/";
    private static final String QUEUE = "engine-queue/src/main/java/io/millrace/queue/";

    private Mutants() {}

    private static Mutant mutant(String name, String source, Catcher catcher, String before, String after) {
        return new Mutant(name, source, List.of(new Edit(before, after)), catcher);
    }

    private static StressTest stress(String name) {
        return new StressTest(name);
    }

    /** All of them. */
    public static List<Mutant> all() {
        return List.of(
                // ---- gate and memory ------------------------------------------------------------------------------
                mutant(
                        "enter publishes no era",
                        CORE + "concurrent/OperationGate.java",
                        Detector.GATE_PUBLISHES_ERA,
                        "shared.cas(word, IDLE, currentEra())",
                        "shared.cas(word, IDLE, NO_ERA)"),
                mutant(
                        "the fence after publishing an era is removed",
                        CORE + "concurrent/GateMember.java",
                        Detector.GATE_FENCE,
                        "words.volatileWrite(ERA, era);",
                        "words.release(ERA, era);"),
                mutant(
                        "close frees memory under an operation",
                        CORE + "EngineCore.java",
                        Detector.CLOSE_WAITS,
                        "while (!gate.isEmpty()) {",
                        "while (gate == null) {"),
                mutant(
                        "a retired block is used again at once",
                        CORE + "slot/BlockPool.java",
                        Detector.RETIRED_BLOCK_RESTS,
                        "if (region.longPlain(base + BlockLayout.ERA_OFFSET) < oldestEra) {",
                        "if (oldestEra > 0) {"),
                mutant(
                        "the records of a segment are counted dead when they are claimed",
                        CORE + "log/RecordLog.java",
                        Detector.LIVING_RECORDS_STAY,
                        "final long position = claimed(segment, (int) offset, length);",
                        "final long position = claimed(segment, (int) offset, length); segment.addDead(aligned);"),
                mutant(
                        "the bytes of a dead record are not counted",
                        CORE + "log/RecordLog.java",
                        Detector.DEAD_SEGMENTS_COME_BACK,
                        "if (segment.addDead(bytes)) {",
                        "if (bytes < 0) {"),
                mutant(
                        "a lent segment is used again",
                        CORE + "log/RecordLog.java",
                        Detector.LENT_SEGMENT_RESTS,
                        "segment.retiredEra < oldestEra && !gate.isLent(segment.index())",
                        "segment.retiredEra < oldestEra"),
                new Mutant(
                        "an active segment may be retired",
                        CORE + "log/RecordLog.java",
                        List.of(
                                new Edit("next.hold();", ""),
                                new Edit("if (full != null && full.endHold()) {", "if (full != null && needed < 0) {")),
                        Detector.ACTIVE_SEGMENT_IS_HELD),
                mutant(
                        "a poll reads records where they lay when it claimed them",
                        QUEUE + "raw/SlotRawReceiver.java",
                        Detector.MOVED_RECORDS_ARE_READ,
                        "run.position(index, slots.position(run.block(index), run.slot(index)));",
                        ""),
                mutant(
                        "a message that was moved is not marked as returned",
                        QUEUE + "slots/SlotUpkeep.java",
                        stress("SlotQueueStress.MoveAgainstDeadLetter"),
                        "queue.afterVisible(sequence); // whoever",
                        "// whoever"),
                // ---- directory and deadlines ----------------------------------------------------------------------
                mutant(
                        "ensure forgets that the root has gone",
                        CORE + "slot/Directory.java",
                        Detector.GONE_STAYS_GONE,
                        "if (chunk < lowestOf(root)) {",
                        "if (chunk < 0) {"),
                new Mutant(
                        "ensure takes an entry that has gone for unused",
                        CORE + "slot/Directory.java",
                        List.of(
                                new Edit("if (entry == UNUSED) {", "if (entry <= UNUSED) {"),
                                new Edit(
                                        "if (casEntry(block, place, UNUSED, made + 1L)) {",
                                        "if (casEntry(block, place, entry, made + 1L)) {")),
                        Detector.GONE_STAYS_GONE),
                mutant(
                        "ANY is cleared without a second look",
                        CORE + "slot/Directory.java",
                        Detector.MARKS_ARE_FOUND,
                        "if (again > 0 && hasMarks(blockOf(again), heightOf(again))) {",
                        "if (again > 0 && again < 0) {"),
                mutant(
                        "a page's mark is cleared without a second look",
                        CORE + "slot/Directory.java",
                        Detector.MARKS_ARE_FOUND,
                        "if (hasMarks(blockOf(entry), level - 1)) {",
                        "if (level < 0) {"),
                mutant(
                        "a block is disarmed after its slots were looked at",
                        CORE + "time/DeadlineTree.java",
                        Detector.ARMED_WHILE_FIRING,
                        "firing.onDue(firstBlock + i);",
                        "firing.onDue(firstBlock + i); region.getAndSetLong(index, NONE);"),
                // ---- slots ----------------------------------------------------------------------------------------
                mutant(
                        "a slot that was passed over is not marked",
                        QUEUE + "slots/SlotQueue.java",
                        Detector.PASSED_OVER_IS_FOUND,
                        "if (ControlWord.isPassedOver(before) && ControlWord.isIn(published, ControlWord.READY)) {",
                        "if (before < 0) {"),
                mutant(
                        "publishing is a read and a write instead of a swap",
                        QUEUE + "slots/SlotQueue.java",
                        Detector.PUBLISH_AGAINST_PASS_OVER,
                        "if (ControlWord.isPassedOver(before) && ControlWord.isIn(published, ControlWord.READY)) {",
                        "before = earlier; if (ControlWord.isPassedOver(before)"
                                + " && ControlWord.isIn(published, ControlWord.READY)) {",
                        "private void swapIn(Region region, Sending sending, long published) {",
                        "private void swapIn(Region region, Sending sending, long published) {"
                                + " long earlier = region.longVolatile(sending.slot + SlotLayout.CONTROL_OFFSET);"),
                mutant(
                        "a released slot below the cursor is not marked",
                        QUEUE + "slots/SlotQueue.java",
                        Detector.RELEASED_IS_FOUND,
                        "if (counters.cursor() > sequence) {",
                        "if (sequence < 0) {"),
                mutant(
                        "a message is ended by a store instead of an exchange",
                        QUEUE + "slots/SlotQueue.java",
                        Detector.ONE_ACK_WINS,
                        "afterEnd(block, region, slot, control, how);\n        return true;",
                        "return true;",
                        "boolean end(int block, Region region, int slot, long control, End how) {",
                        "boolean end(int block, Region region, int slot, long control, End how) {\n"
                                + "if (how == End.ACKED) { region.longVolatile(slot + SlotLayout.CONTROL_OFFSET,"
                                + " ControlWord.end(control)); afterEnd(block, region, slot, control, how);"
                                + " return true; }"),
                mutant(
                        "whoever releases a flight counts it out although he may lose it",
                        QUEUE + "slots/SlotQueue.java",
                        Detector.ACK_AGAINST_EXPIRY,
                        "long ready = ControlWord.release(control);",
                        "long ready = ControlWord.release(control); counters.leave(control);",
                        "counters.leave(control);\n        afterVisible(sequence);",
                        "afterVisible(sequence);"),
                mutant(
                        "the in-flight limit is checked and then counted",
                        QUEUE + "slots/SlotQueue.java",
                        Detector.IN_FLIGHT_LIMIT_HOLDS,
                        "if (admitted == 0 || counters.casInFlight(inFlight, inFlight + admitted)) {",
                        "counters.addInFlight(admitted); if (admitted >= 0) {"),
                mutant(
                        "retention is ignored on receive",
                        QUEUE + "slots/SlotQueue.java",
                        Detector.TOO_OLD_IS_NOT_DELIVERED,
                        "if (region.longPlain(slot + SlotLayout.ENQUEUED_MS_OFFSET) + current.retentionMs() <= nowMs) {",
                        "if (nowMs < 0) {"),
                mutant(
                        "a poll counts all its slots in the last chunk",
                        QUEUE + "slots/EndedRun.java",
                        Detector.POLL_FREES_CHUNKS,
                        "if (newBlock != block) {",
                        "if (newBlock < 0) {"),
                mutant(
                        "an acknowledged message keeps its record",
                        QUEUE + "slots/SlotQueue.java",
                        Detector.ACK_FREES_RECORD,
                        "noteEnd(position, how);\n        log.release(position);\n        directory",
                        "noteEnd(position, how);\n        directory"),
                mutant(
                        "a dead-lettered message stays where it was",
                        QUEUE + "slots/SlotQueue.java",
                        Detector.DEAD_LETTER_LEAVES_SOURCE,
                        "case MOVED -> endMoved(block, region, slot, control, End.DEAD_LETTERED);",
                        "case MOVED -> region.longVolatile(slot + SlotLayout.CONTROL_OFFSET, control);"),
                mutant(
                        "expiry ignores that the deadline has changed",
                        QUEUE + "slots/SlotUpkeep.java",
                        Detector.EXTENDED_STAYS_HIDDEN,
                        "} else if (!ControlWord.isDue(control, nowMs)) {",
                        "} else if (nowMs < 0) {"),
                mutant(
                        "purge forgets what is in flight",
                        QUEUE + "slots/SlotUpkeep.java",
                        Detector.PURGE_ENDS_ALL,
                        "while (ControlWord.isLive(control)) {",
                        "while (ControlWord.isLive(control) && !ControlWord.isIn(control, ControlWord.IN_FLIGHT)) {"),
                mutant(
                        "the receive count is not stored beyond ten bits",
                        QUEUE + "slots/ReceiveCount.java",
                        Detector.COUNTS_BEYOND_TEN_BITS,
                        "% STORE_EVERY == 0",
                        "% STORE_EVERY < 0"),
                mutant(
                        "a claim that is undone keeps its receive",
                        CORE + "slot/ControlWord.java",
                        Detector.UNCLAIMED_WAS_NEVER_RECEIVED,
                        "return of(READY, previousFlightBits(word), 0, word);",
                        "return of(READY, word & FLIGHT_MASK, 0, word);"),
                mutant(
                        "a flight is known without its generation",
                        CORE + "slot/ControlWord.java",
                        Detector.STALE_FLIGHT_IS_KNOWN,
                        "return (word & ~DEADLINE_MASK) == (other & ~DEADLINE_MASK) && isIn(word, IN_FLIGHT);",
                        "return ((word ^ other) & (STATE_MASK | FLIGHT_MASK)) == 0 && isIn(word, IN_FLIGHT);"),
                // ---- races on the real structures -----------------------------------------------------------------
                mutant(
                        "enter does not look again whether the gate was closed",
                        CORE + "concurrent/OperationGate.java",
                        stress("OperationGateStress.CloseAgainstEnter"),
                        "return closed ? turnAway(word) : word;",
                        "return word;"),
                mutant(
                        "the retired blocks are read and then cleared",
                        CORE + "slot/BlockPool.java",
                        stress("BlockPoolStress.RetireAgainstReclaim"),
                        "int block = (int) words.getAndSet(RETIRED, 0) - 1;",
                        "int block = (int) words.volatileRead(RETIRED) - 1; words.volatileWrite(RETIRED, 0);"),
                mutant(
                        "dead bytes are read and then written",
                        CORE + "log/Segment.java",
                        stress("RecordLogStress.SealAgainstRelease"),
                        "return words.getAndAdd(DEAD, bytes) + bytes == 0;",
                        "long sum = words.volatileRead(DEAD) + bytes; words.volatileWrite(DEAD, sum); return sum == 0;"),
                mutant(
                        "whoever clears a mark takes it whether or not it was set",
                        CORE + "slot/Directory.java",
                        stress("DirectoryStress.TwoTakers"),
                        "if ((region.getAndAndLong(index, ~lowest) & lowest) != 0) {",
                        "if (region.getAndAndLong(index, ~lowest) != ~marks) {"),
                mutant(
                        "an entry is linked by a store",
                        CORE + "slot/Directory.java",
                        stress("DirectoryStress.TwoEnsure"),
                        "return pool.region(page).casLong(entryIndex(page, place), expected, next);",
                        "pool.region(page).longVolatile(entryIndex(page, place), next); return true;"),
                mutant(
                        "a minimum is taken again without a reset before",
                        CORE + "time/DeadlineTree.java",
                        stress("DeadlineTreeStress.ArmAgainstRecompute"),
                        "CELLS.setVolatile(page.minima, place, NONE);\n" + "        long least = NONE;",
                        "long least = NONE;",
                        "lower(page.minima, place, least);\n" + "        return fired;",
                        "CELLS.setVolatile(page.minima, place, least);\n" + "        return fired;"),
                mutant(
                        "close looks who is inside before it turns newcomers away",
                        CORE + "EngineCore.java",
                        stress("EngineCoreStress.CloseAgainstSend"),
                        "gate.close();\n" + "        conductor.stop();",
                        """
                        boolean empty = gate.isEmpty();
                                gate.close();
                                conductor.stop();
                                if (empty && released.compareAndSet(false, true)) {
                                    pool.release();
                                    log.release();
                                }"""),
                mutant(
                        "a claim is a store",
                        QUEUE + "slots/SlotQueue.java",
                        stress("SlotQueueStress.ClaimByMarkAgainstCursor"),
                        "long witness = region.compareAndExchangeLong(\n"
                                + "                    slot + SlotLayout.CONTROL_OFFSET, control, claimed);",
                        "region.longVolatile(slot + SlotLayout.CONTROL_OFFSET, claimed);\n"
                                + "            long witness = control;"),
                mutant(
                        "whoever releases looks at the cursor first",
                        QUEUE + "slots/SlotQueue.java",
                        stress("SlotQueueStress.ReleaseAgainstCursor"),
                        "long ready = ControlWord.release(control);",
                        "long ready = ControlWord.release(control); long cursor = counters.cursor();",
                        "counters.leave(control);\n" + "        afterVisible(sequence);",
                        "counters.leave(control);\n"
                                + "        if (cursor > sequence) { directory.markReturned(sequence); }"),
                mutant(
                        "an extension is a store",
                        QUEUE + "slots/SlotQueue.java",
                        stress("SlotQueueStress.ExtendAgainstExpiry"),
                        """
                        if (!region.casLong(slot + SlotLayout.CONTROL_OFFSET, control, extended)) { // hb: slot-claim (volatile)
                                    return false;
                                }""",
                        "region.longVolatile(slot + SlotLayout.CONTROL_OFFSET, extended);"),
                mutant(
                        "a dead letter is taken away by a store",
                        QUEUE + "slots/SlotQueue.java",
                        stress("SlotQueueStress.AckAgainstDeadLetter"),
                        """
                        if (!region.casLong(slot + SlotLayout.CONTROL_OFFSET, control, ControlWord.move(control))) { // hb: slot-claim
                                    return true; // somebody else has it
                                }""",
                        "region.longVolatile(slot + SlotLayout.CONTROL_OFFSET, ControlWord.move(control));"),
                mutant(
                        "a look takes the slots of another generation for its own",
                        QUEUE + "slots/SlotUpkeep.java",
                        Detector.OTHER_GENERATION_IS_LEFT_ALONE,
                        "if (ControlWord.generation(control) != generation) {",
                        "if (nowMs < 0) {"),
                mutant(
                        "a deletion does not wait for sends in progress",
                        QUEUE + "QueueRegistry.java",
                        stress("QueueRegistryStress.DeleteAgainstSend"),
                        "queue.waiters().close(queue.closed());\n" + "        awaitOperationsBefore();",
                        "queue.waiters().close(queue.closed());"),
                mutant(
                        "whoever serves does not look whether others asked meanwhile",
                        QUEUE + "waiting/Waiters.java",
                        stress("WaitersStress.TwoPublishers"),
                        "seen = pending.addAndGet(-seen);",
                        "pending.set(0);\n" + "                seen = 0;"),
                // ---- waiters and receipts -------------------------------------------------------------------------
                mutant(
                        "a receive that parks does not look again",
                        QUEUE + "waiting/Waiters.java",
                        Detector.WAITER_IS_WOKEN,
                        "serve();\n        return waiter;",
                        "return waiter;"),
                mutant(
                        "what a cancelled receive would have got is dropped",
                        QUEUE + "waiting/Waiters.java",
                        Detector.CANCELLED_WAITER_GIVES_BACK,
                        "claimer.giveBack(each.deliveries());",
                        "each.deliveries().size();"),
                mutant(
                        "receipts are not authenticated",
                        QUEUE + "Receipts.java",
                        Detector.FORGED_RECEIPT_IS_REFUSED,
                        "return MessageDigest.isEqual(expected, bytes);",
                        "return expected.length == bytes.length;"),
                // ---- what is on the disk --------------------------------------------------------------------------
                mutant(
                        "an acknowledgement does not wait for the disk",
                        QUEUE + "HeapQueue.java",
                        Detector.IMAGES_KEEP_PROMISES,
                        "if (slots.settings().acksWait()) {",
                        "if (slots == null) {"),
                mutant(
                        "what was stored in segments that are full is not forced",
                        CORE + "log/LogForce.java",
                        Detector.IMAGES_KEEP_PROMISES,
                        "segment.takeTouch()",
                        "segment.takeTouch() && segment.capacity() < 0"),
                mutant(
                        "a message is shown before it is forced",
                        QUEUE + "slots/SlotQueue.java",
                        Detector.SHOWN_AFTER_FORCE,
                        "if (!core.isForced()) {",
                        "if (log != null) {"),
                mutant(
                        "a message that was moved is shown before it is forced",
                        QUEUE + "MessageMover.java",
                        Detector.SHOWN_AFTER_FORCE,
                        "core.afterForce(() -> {",
                        "((java.util.function.Consumer<Runnable>) Runnable::run).accept(() -> {"),
                mutant(
                        "a segment is used again before anything was forced",
                        CORE + "log/RecordLog.java",
                        Detector.REUSED_AFTER_TWO_ROUNDS,
                        "commits.isCompleted(segment.retiredTicket + 1)",
                        "segment.retiredTicket >= 0"),
                mutant(
                        "a segment is used again after one round",
                        CORE + "log/RecordLog.java",
                        Detector.REUSED_AFTER_TWO_ROUNDS,
                        "commits.isCompleted(segment.retiredTicket + 1)",
                        "commits.isCompleted(segment.retiredTicket)"),
                mutant(
                        "a mark is stored before what it speaks for is forced",
                        CORE + "log/LogForce.java",
                        Detector.MARKED_AFTER_FORCE,
                        "if (end > from) {",
                        "if (committed > from) { SegmentLayout.mark(segment.region(), segment.salt(), committed); }\n"
                                + "if (end > from) {"),
                mutant(
                        "the word that tells an end is the same in every generation",
                        CORE + "log/Fate.java",
                        Detector.END_IS_OF_ONE_GENERATION,
                        "return (mix(salt, offset, how.code) << Byte.SIZE)",
                        "return (mix(0, offset, how.code) << Byte.SIZE)"),
                mutant(
                        "a record is moved while others may claim its message",
                        QUEUE + "slots/SlotUpkeep.java",
                        stress("SlotQueueStress.MoveAgainstClaim"),
                        """
                        if (region.casLong(
                                            slot + SlotLayout.CONTROL_OFFSET, control, ControlWord.move(control))) { // hb: slot-claim
                        """,
                        "if (region.longVolatile(slot + SlotLayout.CONTROL_OFFSET) == control) {\n"),
                mutant(
                        "a restart goes on behind the messages that it finds",
                        QUEUE + "QueueRecovery.java",
                        Detector.IMAGES_KEEP_PROMISES,
                        "Math.max(state.ceiling(), behind)",
                        "behind"),
                mutant(
                        "a manifest names files whose names are not on the disk",
                        CORE + "directory/EngineDirectory.java",
                        Detector.NAMED_AFTER_FORCE,
                        "requireUsable();\n            forceNames();",
                        "requireUsable();"),
                mutant(
                        "a manifest gets its name before its content is forced",
                        CORE + "file/SegmentFile.java",
                        Detector.IMAGES_KEEP_PROMISES,
                        "writeNew(directory, replacement, content, content.length, force, hook);",
                        "writeNew(directory, replacement, content, content.length, false, hook);"),
                mutant(
                        "the state of a queue ends before the next one is forced",
                        QUEUE + "state/QueueLedger.java",
                        Detector.EVERY_CALL_IS_SURVIVED,
                        "core.afterForce(() -> {",
                        "((java.util.function.Consumer<Runnable>) Runnable::run).accept(() -> {"),
                mutant(
                        "a message that was moved ends before its copy is forced",
                        QUEUE + "MessageMover.java",
                        Detector.EVERY_CALL_IS_SURVIVED,
                        "core.afterForce(() -> {",
                        "from.slots().release(position, io.millrace.core.log.Fate.End.MOVED);"
                                + " core.afterForce(() -> {",
                        "from.slots().release(position, Fate.End.MOVED);",
                        ""),
                mutant(
                        "what recovery has closed is stated before it is forced",
                        CORE + "log/MappedSegments.java",
                        Detector.IMAGES_KEEP_PROMISES,
                        "void recovered(Segment segment) {\n        if (isForced()) {",
                        "void recovered(Segment segment) {\n        if (segment == null) {"));
    }

    private static Mutant mutant(
            String name, String source, Catcher catcher, String before, String after, String before2, String after2) {
        return new Mutant(name, source, List.of(new Edit(before, after), new Edit(before2, after2)), catcher);
    }
}
