package io.millrace.bench.run;

/**
 * How many messages a second go through one queue, and what each costs: send, receive and acknowledge, with every byte
 * written and read.
 *
 * <p>An engine is opened, the backlog sent, and the load repeated: first to warm up, then to be measured. Messages that
 * come out are those that have waited longest, so the backlog stays as deep as it was. A rate far below that of the
 * prototype in {@code bench.alternatives}, or one that falls with the backlog, would change our mind about the design.
 */
public final class QueueBench {
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
    private final Persistence persistence;
    private final BenchEngine engine;
    private final Lane lane;
    private final LaneRounds laneRounds;

    private QueueBench(Tier tier, QueueLoad load, Persistence persistence, BenchEngine engine) {
        this.tier = tier;
        this.load = load;
        this.persistence = persistence;
        this.engine = engine;
        Payload payload = new Payload(load.payloadBytes());
        this.lane = new EngineLane(engine, tier, load, payload, persistence);
        this.laneRounds = new LaneRounds(lane, load, payload);
    }

    /**
     * Refuses a load that does not fit into this JVM.
     *
     * @throws IllegalArgumentException naming what is needed and what is there
     */
    public static void checkRoom(QueueLoad load, Persistence persistence) {
        OffHeapRoom.check(load, persistence);
    }

    /**
     * Runs all rounds on an engine of their own, which is closed when this method returns or throws.
     *
     * @throws InterruptedException if the calling thread is interrupted
     * @throws IllegalStateException if the engine did not do what it should
     */
    public static QueueFigures run(Tier tier, QueueLoad load, Persistence persistence, Rounds rounds, Listener listener)
            throws InterruptedException {
        try (BenchEngine engine = BenchEngine.open(load, persistence)) {
            return new QueueBench(tier, load, persistence, engine).run(rounds, listener);
        }
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
        return new QueueFigures(tier, load, persistence, rounds, laneRounds.measured());
    }

    private void fillBacklog() throws InterruptedException {
        try (MessageSender sender = lane.filler()) {
            for (long sent = 0; sent < load.backlog(); sent++) {
                if (!sender.trySend(Samples.NONE)) {
                    throw noRoom(sent);
                }
                if (sent % LOOK_EVERY == 0 && Thread.interrupted()) {
                    throw new InterruptedException("interrupted while sending the backlog");
                }
            }
            if (!sender.flush()) {
                throw noRoom(load.backlog());
            }
        }
    }

    private IllegalStateException noRoom(long sent) {
        return new IllegalStateException(
                "the engine has no room for the backlog: backlog=" + load.backlog() + " sent=" + sent);
    }

    /** A message too many or too few would mean that the rounds have measured something else. */
    private void checkBacklog() {
        long left = engine.left();
        if (left != load.backlog()) {
            throw new IllegalStateException(
                    "the queue does not hold the backlog: backlog=" + load.backlog() + " left=" + left);
        }
    }
}
