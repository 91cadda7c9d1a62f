package io.millrace.bench.run;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Receives and acknowledges a share of the messages of a round; all consumers together take exactly as many as that. */
final class Consuming implements Task {
    private final Supplier<MessageReceiver> opener;
    private final AtomicLong unclaimed;
    private final long share;
    private final int batch;
    private final @Nullable Arrivals calls;

    /**
     * @param unclaimed messages of the round that no consumer has taken upon itself yet
     * @param share how many of them a consumer takes upon itself at once
     * @param calls told how long receiving took, if nobody sends meanwhile
     */
    Consuming(Supplier<MessageReceiver> opener, AtomicLong unclaimed, long share, int batch, @Nullable Arrivals calls) {
        this.opener = opener;
        this.unclaimed = unclaimed;
        this.share = share;
        this.batch = batch;
        this.calls = calls;
    }

    @Override
    public void run(Meter meter) throws InterruptedException {
        try (MessageReceiver receiver = opener.get()) {
            meter.start();
            while (!meter.isCancelled()) {
                long before = unclaimed.getAndAdd(-share);
                if (before <= 0) {
                    break;
                }
                receive(receiver, Math.min(share, before), meter);
            }
            meter.stop();
        }
    }

    private void receive(MessageReceiver receiver, long messages, Meter meter) {
        Idle idle = new Idle();
        long left = messages;
        while (left > 0 && !meter.isCancelled()) {
            int received = receive(receiver, (int) Math.min(left, batch));
            if (received == 0) {
                idle.pause();
            } else {
                left -= received;
                idle.reset();
            }
        }
    }

    private int receive(MessageReceiver receiver, int max) {
        if (calls == null) {
            return receiver.receive(max);
        }
        long startedNs = System.nanoTime();
        int received = receiver.receive(max);
        if (received > 0) {
            calls.record(System.nanoTime() - startedNs);
        }
        return received;
    }
}
