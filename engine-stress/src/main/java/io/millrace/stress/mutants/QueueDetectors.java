package io.millrace.stress.mutants;

import io.millrace.api.EngineConfig;
import io.millrace.api.InvalidReceiptException;
import io.millrace.api.Message;
import io.millrace.api.queue.Delivery;
import io.millrace.api.queue.MessageQueue;
import io.millrace.api.queue.QueueConfig;
import io.millrace.api.queue.QueueStats;
import io.millrace.api.queue.ReceiptHandle;
import io.millrace.api.queue.ReceiveOptions;
import io.millrace.api.queue.RedrivePolicy;
import io.millrace.api.raw.Claim;
import io.millrace.api.raw.Disposition;
import io.millrace.api.raw.RawReceiver;
import io.millrace.api.raw.RawSender;
import io.millrace.core.slot.BlockLayout;
import io.millrace.queue.slots.ClaimedRun;
import io.millrace.queue.slots.EndedRun;
import io.millrace.queue.slots.Sending;
import io.millrace.queue.waiting.Waiter;
import io.millrace.queue.waiting.Waiters;
import io.millrace.stress.Check;
import io.millrace.stress.Duel;
import io.millrace.stress.Rig;
import io.millrace.testkit.TestEngine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Detectors for queues, by what users see where that is enough. Stateless. */
final class QueueDetectors {
    private static final String QUEUE = "q";
    private static final long HIDDEN_MS = 30_000;
    private static final long CRAMPED_BYTES = 16L << 20;
    private static final int MANY = 40_000;
    private static final int LEFT_EVERY = 100;
    private static final int POLLED = 20 * BlockLayout.SLOTS;

    private QueueDetectors() {}

    // ---- visibility -----------------------------------------------------------------------------------------------

    static void passedOverIsFound() {
        try (TestEngine engine = TestEngine.inMemory()) {
            final MessageQueue queue = engine.queue(QUEUE);
            try (RawSender sender = queue.raw().sender()) {
                final Claim claim = sender.newClaim();
                sender.tryClaim(1, claim);
                queue.send("second");
                Check.that(queue.receive(1).size() == 1, "a message behind an open claim was not received");
                claim.buffer().put(claim.offset(), (byte) 1);
                claim.commit();
                Check.that(queue.receive(1).size() == 1, "a message that the cursor had passed is lost");
            }
        }
    }

    static void extendedStaysHidden() {
        try (TestEngine engine = TestEngine.inMemory()) {
            final MessageQueue queue = engine.queue(QUEUE);
            queue.send("extended");
            queue.send("other");
            final List<Delivery> deliveries = queue.receive(2);
            deliveries.get(0).extend(Duration.ofMinutes(1));
            engine.clock().advance(Duration.ofSeconds(31));
            final List<Delivery> again = queue.receive(2);
            Check.that(again.size() == 1, "an extended flight ended at its old deadline");
            Check.that(again.get(0).text().equals("other"), "the wrong message became visible");
        }
    }

    static void releasedIsFound() {
        try (TestEngine engine = TestEngine.inMemory()) {
            final MessageQueue queue = engine.queue(QUEUE);
            queue.send("first");
            final Delivery delivery = queue.receive(1).get(0);
            delivery.retryAfter(Duration.ZERO);
            Check.that(queue.receive(1).size() == 1, "a message that was given back is lost");
        }
    }

    static void unclaimedWasNeverReceived() {
        try (TestEngine engine = TestEngine.inMemory()) {
            final MessageQueue queue = engine.queue(QUEUE);
            queue.send("first");
            try (RawReceiver receiver = queue.raw().receiver()) {
                receiver.poll((delivery, payload, offset, length, endOfPoll) -> Disposition.STOP, 1);
            }
            final int count = queue.receive(1).get(0).receiveCount();
            Check.that(count == 1, "a poll that was given back counts as a receive: receiveCount=" + count);
        }
    }

    static void countsBeyondTenBits() {
        try (TestEngine engine = TestEngine.inMemory()) {
            final MessageQueue queue = engine.queue(QUEUE);
            queue.send("again and again");
            for (int count = 1; count <= 3_000; count++) {
                final Delivery delivery = queue.receive(1).get(0);
                Check.that(delivery.receiveCount() == count, "receive count is wrong: receives=" + count);
                delivery.retryAfter(Duration.ZERO);
            }
        }
    }

    /** The conductor does not run here, so only the receive itself can refuse what is too old. */
    static void tooOldIsNotDelivered() {
        try (Rig rig = new Rig(Rig.SMALL_BYTES)) {
            final Rig.Lane lane = rig.lane(QueueConfig.defaults().withRetention(Duration.ofMinutes(2)));
            lane.send();
            final int count = lane.claim(1, rig.nowMs() + 120_000, HIDDEN_MS).count;
            Check.that(count == 0, "a message was delivered after its retention");
        }
    }

    /** A flight is remembered until its block serves other messages, at the same place and instant. */
    static void staleFlightIsKnown() {
        try (Rig rig = new Rig(Rig.SMALL_BYTES)) {
            final Rig.Lane lane = rig.lane(QueueConfig.defaults());
            lane.send();
            final Rig.Taken stale = lane.claim(1, rig.nowMs(), HIDDEN_MS);
            lane.ack(stale.sequence);
            endChunk(lane, rig, BlockLayout.SLOTS - 1);
            for (int chunk = 0; chunk < 10_000; chunk++) {
                lane.send();
                final Rig.Taken first = lane.claim(1, rig.nowMs(), HIDDEN_MS);
                if (first.block == stale.block) {
                    final boolean same = lane.slots().isFlight(stale.block, stale.slot, stale.control);
                    Check.that(!same, "a flight of a reused slot was taken for an old one");
                    return;
                }
                lane.ack(first.sequence);
                endChunk(lane, rig, BlockLayout.SLOTS - 1);
            }
            throw new AssertionError("no block was used again");
        }
    }

    /** The header of a block is of the next generation already when a look that was meant for the last one comes to a slot. */
    static void otherGenerationIsLeftAlone() {
        try (Rig rig = new Rig(Rig.SMALL_BYTES)) {
            final Rig.Lane lane = rig.lane(QueueConfig.defaults());
            lane.send();
            final Rig.Taken taken = lane.claim(1, rig.nowMs(), HIDDEN_MS);
            final int generation = BlockLayout.base(taken.block) + BlockLayout.GENERATION_OFFSET;
            rig.pool().region(taken.block).getAndAddLong(generation, 1);
            lane.expire(taken.block, rig.nowMs() + HIDDEN_MS);
            final int count = lane.claim(1, rig.nowMs() + HIDDEN_MS, HIDDEN_MS).count;
            Check.that(count == 0, "a look released a flight of another generation");
        }
    }

    private static void endChunk(Rig.Lane lane, Rig rig, int messages) {
        for (int i = 0; i < messages; i++) {
            lane.send();
            lane.ack(lane.claim(1, rig.nowMs(), HIDDEN_MS).sequence);
        }
    }

    // ---- ends -----------------------------------------------------------------------------------------------------

    static void ackFreesRecord() {
        try (TestEngine engine = TestEngine.inMemory()) {
            final MessageQueue queue = engine.queue(QUEUE);
            queue.send("first");
            queue.receive(1).get(0).ack();
            final long liveBytes = engine.stats().logLiveBytes();
            Check.that(liveBytes == 0, "the record of an acknowledged message is kept: liveBytes=" + liveBytes);
        }
    }

    /** The messages of a poll lie in several chunks and segments, which are counted together as far as they can be. */
    static void pollFreesChunks() {
        try (Rig rig = new Rig(Rig.SMALL_BYTES)) {
            final Rig.Lane lane = rig.lane(QueueConfig.defaults());
            for (int i = 0; i < POLLED; i++) {
                lane.send();
            }
            final Disposition[] answers = new Disposition[POLLED];
            Arrays.fill(answers, Disposition.ACK);
            final ClaimedRun run = new ClaimedRun();
            final int word = rig.core().enter();
            try {
                lane.slots().claim(POLLED, rig.nowMs(), HIDDEN_MS, run);
                lane.slots()
                        .ackAll(run, answers, POLLED, new EndedRun(rig.core().log(), lane.slots()));
            } finally {
                rig.core().exit(word);
            }
            final long liveBytes = rig.core().log().usage().liveBytes();
            final long blocks = rig.pool().blocksInUse();
            Check.that(liveBytes == 0 && blocks <= 1, "a poll left liveBytes=" + liveBytes + " blocks=" + blocks);
        }
    }

    /** Records of one poll move to other memory while its handler looks at the first, and their old memory is written over. */
    static void movedRecordsAreRead() {
        try (TestEngine engine = TestEngine.inMemory(EngineConfig.defaults().withOffHeapLimit(CRAMPED_BYTES))) {
            final MessageQueue queue = engine.queue(QUEUE);
            final List<Delivery> left = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                queue.send(String.valueOf(i % LEFT_EVERY == 0).repeat(50));
                final Delivery delivery = queue.receive(1).get(0);
                if (i % LEFT_EVERY == 0) {
                    left.add(delivery);
                } else {
                    delivery.ack();
                }
            }
            left.forEach(delivery -> delivery.retryAfter(Duration.ZERO));
            final int[] wrong = new int[1];
            try (RawReceiver receiver = queue.raw().receiver()) {
                final boolean[] moved = new boolean[1];
                receiver.poll(
                        (delivery, payload, offset, length, endOfPoll) -> {
                            if (!moved[0]) {
                                moved[0] = true;
                                engine.clock().advance(Duration.ofSeconds(2));
                                writeOver(engine.queue("other"));
                            }
                            wrong[0] += payload.get(offset) == 't' ? 0 : 1;
                            return Disposition.ACK;
                        },
                        left.size());
            }
            Check.that(wrong[0] == 0, "a handler was given other bytes: messages=" + wrong[0]);
        }
    }

    private static void writeOver(MessageQueue other) {
        for (int i = 0; i < MANY; i++) {
            other.send("x".repeat(200));
            other.receive(1).get(0).ack();
        }
    }

    static void purgeEndsAll() {
        try (TestEngine engine = TestEngine.inMemory()) {
            final MessageQueue queue = engine.queue(QUEUE);
            queue.send("in flight");
            queue.receive(1);
            queue.send(Message.text("delayed").withDelay(Duration.ofMinutes(1)));
            queue.send("visible");
            final long purged = queue.admin().purge();
            final QueueStats stats = queue.admin().stats();
            Check.that(purged == 3, "purge left messages: purged=" + purged);
            Check.that(stats.inFlight() + stats.delayed() + stats.visible() == 0, "purge left messages: " + stats);
        }
    }

    static void deadLetterLeavesSource() {
        try (TestEngine engine = TestEngine.inMemory()) {
            final MessageQueue dead = engine.queue("dead");
            final MessageQueue queue = engine.queue(QUEUE, config -> config.withRedrive(new RedrivePolicy("dead", 1)));
            queue.send("poison");
            queue.receive(1).get(0).retryAfter(Duration.ZERO);
            Check.that(queue.receive(1).isEmpty(), "a message was received more often than allowed");
            final QueueStats here = queue.admin().stats();
            final QueueStats there = dead.admin().stats();
            final long living = here.visible() + here.inFlight() + here.delayed() + there.visible();
            Check.that(living == 1, "a message is in both queues or in none: living=" + living);
        }
    }

    static void forgedReceiptIsRefused() {
        try (TestEngine engine = TestEngine.inMemory()) {
            final MessageQueue queue = engine.queue(QUEUE);
            queue.send("first");
            final byte[] bytes = queue.receive(1).get(0).receipt().bytes();
            bytes[bytes.length - 1] ^= 1;
            try {
                queue.ack(ReceiptHandle.of(bytes));
            } catch (InvalidReceiptException e) {
                return;
            }
            throw new AssertionError("a forged receipt was taken");
        }
    }

    // ---- waiters --------------------------------------------------------------------------------------------------

    /** A waiter whose receive is cancelled while a message is being claimed for it. */
    static void cancelledWaiterGivesBack() {
        try (TestEngine engine = TestEngine.inMemory();
                Rig rig = new Rig(Rig.SMALL_BYTES)) {
            final MessageQueue queue = engine.queue(QUEUE);
            queue.send("first");
            final List<Delivery> claimed = queue.receive(1);
            final List<Delivery> returned = new ArrayList<>();
            final Waiters waiters = new Waiters(rig.core().conductor(), new Waiters.Claimer() {
                @Override
                public List<Delivery> claim(Waiter waiter) {
                    waiter.future().cancel(false);
                    return claimed;
                }

                @Override
                public void giveBack(List<Delivery> deliveries) {
                    returned.addAll(deliveries);
                }
            });
            waiters.park(1, HIDDEN_MS, Long.MAX_VALUE);
            Check.that(returned.equals(claimed), "a message was claimed for a cancelled receive and kept");
        }
    }

    /** A receive that parks, against a send. */
    static void waiterIsWoken(long budgetMs) {
        try (TestEngine engine = TestEngine.inMemory()) {
            final MessageQueue queue = engine.queue(QUEUE);
            final ReceiveOptions options = ReceiveOptions.upTo(1).withWait(Duration.ofSeconds(20));
            Duel.fight(budgetMs, new Duel.Round() {
                private CompletableFuture<List<Delivery>> received = new CompletableFuture<>();

                @Override
                public void prepare() {}

                @Override
                public void first() {
                    received = queue.receiveAsync(options);
                }

                @Override
                public void second() {
                    queue.send("wake up");
                }

                @Override
                public void check() {
                    Check.that(received.isDone(), "a receive sleeps beside a message that is his");
                    received.join().get(0).ack();
                }
            });
        }
    }

    // ---- races ----------------------------------------------------------------------------------------------------

    static void publishAgainstPassOver(long budgetMs) {
        try (Rig rig = new Rig(Rig.SMALL_BYTES)) {
            final Rig.Lane lane = rig.lane(QueueConfig.defaults());
            Duel.fight(budgetMs, new Duel.Round() {
                private Sending first = new Sending();
                private Rig.Taken taken = new Rig.Taken();

                @Override
                public void prepare() {
                    first = lane.begin();
                    lane.send();
                }

                @Override
                public void first() {
                    taken = lane.claim(1, rig.nowMs(), HIDDEN_MS);
                }

                @Override
                public void second() {
                    lane.publish(first, 0);
                }

                @Override
                public void check() {
                    Check.that(taken.count == 1, "nothing was received beside a published message");
                    lane.ack(taken.sequence);
                    final Rig.Taken other = lane.claim(1, rig.nowMs(), HIDDEN_MS);
                    Check.that(other.count == 1, "a message that the cursor passed over is lost");
                    lane.ack(other.sequence);
                }
            });
        }
    }

    static void oneAckWins(long budgetMs) {
        try (Rig rig = new Rig(Rig.SMALL_BYTES)) {
            final Rig.Lane lane = rig.lane(QueueConfig.defaults());
            Duel.fight(budgetMs, new Duel.Round() {
                private long sequence;
                private boolean mine;
                private boolean others;

                @Override
                public void prepare() {
                    lane.send();
                    sequence = lane.claim(1, rig.nowMs(), HIDDEN_MS).sequence;
                }

                @Override
                public void first() {
                    mine = lane.ack(sequence);
                }

                @Override
                public void second() {
                    others = lane.ack(sequence);
                }

                @Override
                public void check() {
                    Check.that(mine != others, "a message was ended by two, or by none");
                }
            });
        }
    }

    static void inFlightLimitHolds(long budgetMs) {
        try (Rig rig = new Rig(Rig.SMALL_BYTES)) {
            final Rig.Lane lane = rig.lane(QueueConfig.defaults().withMaxInFlight(1));
            Duel.fight(budgetMs, new Duel.Round() {
                private Rig.Taken mine = new Rig.Taken();
                private Rig.Taken others = new Rig.Taken();

                @Override
                public void prepare() {
                    lane.send();
                    lane.send();
                }

                @Override
                public void first() {
                    mine = lane.claim(1, rig.nowMs(), HIDDEN_MS);
                }

                @Override
                public void second() {
                    others = lane.claim(1, rig.nowMs(), HIDDEN_MS);
                }

                @Override
                public void check() {
                    Check.that(mine.count + others.count == 1, "the in-flight limit was not kept");
                    lane.purge();
                }
            });
        }
    }

    /**
     * An expiry against an ack: one of the two takes the message out of the in-flight count, never both. Another message stays
     * in flight, since figures never go below zero.
     */
    static void ackAgainstExpiry(long budgetMs) {
        try (Rig rig = new Rig(Rig.SMALL_BYTES)) {
            final Rig.Lane lane = rig.lane(QueueConfig.defaults());
            lane.send();
            lane.claim(1, rig.nowMs(), 2 * HIDDEN_MS);
            Duel.fight(budgetMs, new Duel.Round() {
                private Rig.Taken taken = new Rig.Taken();

                @Override
                public void prepare() {
                    lane.send();
                    taken = lane.claim(1, rig.nowMs(), HIDDEN_MS);
                }

                @Override
                public void first() {
                    lane.ack(taken.sequence);
                }

                @Override
                public void second() {
                    lane.expire(taken.block, rig.nowMs() + HIDDEN_MS);
                }

                @Override
                public void check() {
                    Check.that(lane.isCountedRight(), "counters differ from a recount");
                    Check.that(
                            lane.claim(1, rig.nowMs(), HIDDEN_MS).count == 0,
                            "a message was delivered after it had been acknowledged");
                }
            });
        }
    }
}
