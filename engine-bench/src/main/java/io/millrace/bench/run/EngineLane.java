package io.millrace.bench.run;

/** One way through the queue of an engine. Thread-safe. */
public final class EngineLane implements Lane {
    /** Messages that are sent at once when nobody measures how long it takes. */
    private static final int FILL_BATCH = 1_000;

    private final BenchEngine engine;
    private final Tier tier;
    private final Payload payload;
    private final int sendBatch;
    private final boolean isForced;

    /**
     * @param engine its owner closes it
     * @param load whose crew says how many messages are sent at once
     */
    public EngineLane(BenchEngine engine, Tier tier, QueueLoad load, Payload payload, Persistence persistence) {
        this.engine = engine;
        this.tier = tier;
        this.payload = payload;
        this.sendBatch = load.crew().sendBatch();
        this.isForced = persistence.isForced();
    }

    @Override
    public MessageSender sender() {
        return sendBatch > 1
                ? new HeapBatchSender(engine.queue(), payload, sendBatch)
                : tier.sender(engine.queue(), payload);
    }

    @Override
    public MessageSender filler() {
        return isForced ? new HeapBatchSender(engine.queue(), payload, FILL_BATCH) : sender();
    }

    @Override
    public MessageReceiver receiver(Arrivals arrivals) {
        return tier.receiver(engine.queue(), arrivals, isForced);
    }

    @Override
    public long forces() {
        return engine.forces();
    }
}
