package io.millrace.bench.run;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Sends a number of messages. */
final class Producing implements Task {
    private final Supplier<MessageSender> opener;
    private final long messages;
    private final @Nullable Arrivals calls;
    private long refusals;

    /** @param calls told how long sending took, if nobody receives meanwhile */
    Producing(Supplier<MessageSender> opener, long messages, @Nullable Arrivals calls) {
        this.opener = opener;
        this.messages = messages;
        this.calls = calls;
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
        for (long i = 0; i < messages && !meter.isCancelled(); i++) {
            long stampNs = Samples.stamp(i);
            while (!sender.trySend(calls == null ? stampNs : Samples.NONE)) {
                if (!waitForRoom(idle, meter)) {
                    return;
                }
            }
            if (calls != null && stampNs != Samples.NONE) {
                calls.record(System.nanoTime() - stampNs);
            }
            idle.reset();
        }
        while (!sender.flush()) {
            if (!waitForRoom(idle, meter)) {
                return;
            }
        }
    }

    private boolean waitForRoom(Idle idle, Meter meter) {
        refusals++;
        idle.pause();
        return !meter.isCancelled();
    }

    /** How often there was no room; to be read after the round. */
    long refusals() {
        return refusals;
    }
}
