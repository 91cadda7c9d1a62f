package io.millrace.bare;

import io.millrace.Engine;
import io.millrace.api.Message;
import io.millrace.api.queue.Delivery;
import io.millrace.api.queue.MessageQueue;
import io.millrace.api.raw.Claim;
import io.millrace.api.raw.Disposition;
import io.millrace.api.raw.RawReceiver;
import io.millrace.api.raw.RawSender;
import java.nio.file.FileSystems;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** A program that uses the memory engine in every way and says so in one line. */
final class EveryTier {
    private EveryTier() {}

    public static void main(String[] args) throws InterruptedException {
        try (Engine engine = Engine.inMemory()) {
            MessageQueue orders = engine.queue("orders");
            heap(orders);
            delayed(orders);
            listener(orders);
            raw(orders);
            engine.catalog().delete("orders");
            System.out.println("done with "
                    + FileSystems.getDefault().provider().getClass().getSimpleName());
        }
    }

    private static void heap(MessageQueue orders) {
        for (int i = 0; i < 10_000; i++) {
            orders.send("order " + i);
        }
        for (int acked = 0; acked < 10_000; ) {
            for (Delivery delivery : orders.receive(10)) {
                require(delivery.ack());
                acked++;
            }
        }
    }

    private static void delayed(MessageQueue orders) {
        orders.send(Message.text("later").withDelay(Duration.ofMillis(20)));
        require(orders.receive(1, Duration.ofMinutes(1)).get(0).ack());
    }

    private static void listener(MessageQueue orders) throws InterruptedException {
        CountDownLatch handled = new CountDownLatch(1);
        try (var consumer = orders.consume(batch -> handled.countDown())) {
            orders.send("for the listener");
            handled.await();
            require(consumer.drain(Duration.ofMinutes(1)));
        }
    }

    private static void raw(MessageQueue orders) {
        try (RawSender sender = orders.raw().sender();
                RawReceiver receiver = orders.raw().receiver()) {
            Claim claim = sender.newClaim();
            require(sender.tryClaim(8, claim) >= 0);
            claim.buffer().putLong(claim.offset(), 42L);
            require(claim.commit() >= 0);
            require(receiver.poll((delivery, payload, offset, length, last) -> Disposition.ACK, 8) == 1);
        }
    }

    private static void require(boolean isSo) {
        if (!isSo) {
            throw new IllegalStateException("the engine does not do what it says");
        }
    }
}
