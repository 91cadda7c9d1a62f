package io.millrace.bench.run;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** Receives and acknowledges a share of the messages of a round; all consumers together take exactly as many as that. */
final class Consuming implements Task {
    private final Supplier<MessageReceiver> opener;
    private final AtomicLong unclaimed;
    private final long share;
    private final int batch;

    /**
     * @param unclaimed messages of the round that no consumer has taken upon itself yet
     * @param share how many of them a consumer takes upon itself at once
     */
    Consuming(Supplier<MessageReceiver> opener, AtomicLong unclaimed, long share, int batch) {
        this.opener = opener;
        this.unclaimed = unclaimed;
        this.share = share;
        this.batch = batch;
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
            int received = receiver.receive((int) Math.min(left, batch));
            if (received == 0) {
                idle.pause();
            } else {
                left -= received;
                idle.reset();
            }
        }
    }
}
