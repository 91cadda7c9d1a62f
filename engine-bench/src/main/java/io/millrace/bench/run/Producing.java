package io.millrace.bench.run;

import java.util.function.Supplier;

/** Sends a number of messages. */
final class Producing implements Task {
    private final Supplier<MessageSender> opener;
    private final long messages;
    private long refusals;

    Producing(Supplier<MessageSender> opener, long messages) {
        this.opener = opener;
        this.messages = messages;
    }

    @Override
    public void run(Meter meter) throws InterruptedException {
        try (MessageSender sender = opener.get()) {
            meter.start();
            send(sender, meter);
            meter.stop();
        }
    }

    private void send(MessageSender sender, Meter meter) {
        Idle idle = new Idle();
        for (long i = 0; i < messages; i++) {
            long stampNs = Samples.stamp(i);
            while (!sender.trySend(stampNs)) {
                refusals++;
                if (meter.isCancelled()) {
                    return;
                }
                idle.pause();
            }
            idle.reset();
            if (meter.isCancelled()) {
                return;
            }
        }
    }

    /** How often there was no room; to be read after the round. */
    long refusals() {
        return refusals;
    }
}
