package io.millrace.bench.run;

import java.util.function.Supplier;

/** Sends a message, then receives and acknowledges one, again and again, on one thread. */
final class Cycling implements Task {
    private final Supplier<MessageSender> senders;
    private final Supplier<MessageReceiver> receivers;
    private final Arrivals arrivals;
    private final long messages;
    private long refusals;

    Cycling(Supplier<MessageSender> senders, Supplier<MessageReceiver> receivers, Arrivals arrivals, long messages) {
        this.senders = senders;
        this.receivers = receivers;
        this.arrivals = arrivals;
        this.messages = messages;
    }

    @Override
    public void run(Meter meter) throws InterruptedException {
        try (MessageSender sender = senders.get();
                MessageReceiver receiver = receivers.get()) {
            meter.start();
            for (long i = 0; i < messages && !meter.isCancelled(); i++) {
                cycle(i, sender, receiver, meter);
            }
            meter.stop();
        }
    }

    /** Times the whole cycle: the message that is received may be an older one. */
    private void cycle(long number, MessageSender sender, MessageReceiver receiver, Meter meter) {
        long startedNs = Samples.stamp(number);
        while (!sender.trySend(Samples.NONE) && !meter.isCancelled()) {
            refusals++;
            Thread.onSpinWait();
        }
        while (receiver.receive(1) == 0 && !meter.isCancelled()) {
            Thread.onSpinWait();
        }
        if (startedNs != Samples.NONE) {
            arrivals.record(System.nanoTime() - startedNs);
        }
    }

    /** How often there was no room; to be read after the round. */
    long refusals() {
        return refusals;
    }
}
