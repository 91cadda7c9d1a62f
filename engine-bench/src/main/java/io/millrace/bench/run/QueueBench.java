package io.millrace.bench.run;

import io.millrace.Engine;
import io.millrace.api.queue.MessageQueue;
import io.millrace.api.queue.QueueConfig;
import io.millrace.api.queue.QueueStats;

/**
 * How many messages a second go through one queue, and what each costs: send, receive and acknowledge, with every byte
 * written and read.
 *
 * <p>An engine is opened, the backlog sent, and the load repeated: first to warm up, then to be measured. Messages that
 * come out are those that have waited longest, so the backlog stays as deep as it was. A rate far below that of the
 * prototype in {@code bench.alternatives}, or one that falls with the backlog, would change our mind about the design.
 */
public final class QueueBench {
    private static final String QUEUE = "bench";
    private static final long LOOK_EVERY = 1024;

    /** Hears of every round. */
    @FunctionalInterface
    public interface Listener {
        /**
         * A round is over.
         *
         * @param number of the round, from 1; 0 or less while warming up
         * @param messagesPerSecond its rate
         */
        void onRound(int number, double messagesPerSecond);
    }

    private final Tier tier;
    private final QueueLoad load;
    private final MessageQueue queue;
    private final Lane lane;
    private final LaneRounds laneRounds;

    private QueueBench(Tier tier, QueueLoad load, MessageQueue queue) {
        this.tier = tier;
        this.load = load;
        this.queue = queue;
        Payload payload = new Payload(load.payloadBytes());
        this.lane = tier.lane(queue, payload);
        this.laneRounds = new LaneRounds(lane, load, payload);
    }

    /**
     * Refuses a load that does not fit into this JVM.
     *
     * @throws IllegalArgumentException naming what is needed and what is there
     */
    public static void checkRoom(QueueLoad load) {
        OffHeapRoom.check(load);
    }

    /**
     * Runs all rounds on an engine of their own, which is closed when this method returns or throws.
     *
     * @throws InterruptedException if the calling thread is interrupted
     * @throws IllegalStateException if the engine did not do what it should
     */
    public static QueueFigures run(Tier tier, QueueLoad load, Rounds rounds, Listener listener)
            throws InterruptedException {
        try (Engine engine = Engine.inMemory(OffHeapRoom.configFor(load))) {
            MessageQueue queue = engine.queue(QUEUE, c -> configFor(load, c));
            return new QueueBench(tier, load, queue).run(rounds, listener);
        }
    }

    private static QueueConfig configFor(QueueLoad load, QueueConfig defaults) {
        return defaults.withMaxBacklog(load.backlog() + load.window())
                .withMaxMessageBytes(Math.max(load.payloadBytes(), defaults.maxMessageBytes()));
    }

    private QueueFigures run(Rounds rounds, Listener listener) throws InterruptedException {
        fillBacklog();
        for (int i = 1 - rounds.warmups(); i <= 0; i++) {
            listener.onRound(i, laneRounds.warmUp());
        }
        for (int i = 1; i <= rounds.measured(); i++) {
            listener.onRound(i, laneRounds.measure());
        }
        checkBacklog();
        return new QueueFigures(tier, load, rounds, laneRounds.measured());
    }

    private void fillBacklog() throws InterruptedException {
        try (MessageSender sender = lane.sender()) {
            for (long sent = 0; sent < load.backlog(); sent++) {
                if (!sender.trySend(Samples.NONE)) {
                    throw new IllegalStateException(
                            "the engine has no room for the backlog: backlog=" + load.backlog() + " sent=" + sent);
                }
                if (sent % LOOK_EVERY == 0 && Thread.interrupted()) {
                    throw new InterruptedException("interrupted while sending the backlog");
                }
            }
        }
    }

    /** A message too many or too few would mean that the rounds have measured something else. */
    private void checkBacklog() {
        QueueStats stats = queue.admin().stats();
        long left = stats.visible() + stats.inFlight() + stats.delayed();
        if (left != load.backlog()) {
            throw new IllegalStateException(
                    "the queue does not hold the backlog: backlog=" + load.backlog() + " left=" + left);
        }
    }
}
