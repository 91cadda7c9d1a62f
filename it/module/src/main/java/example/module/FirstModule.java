package example.module;

import io.millrace.Engine;
import io.millrace.api.queue.Delivery;
import io.millrace.api.queue.MessageQueue;
import io.millrace.api.queue.QueueConsumer;
import io.millrace.api.raw.Disposition;
import io.millrace.api.raw.RawReceiver;
import io.millrace.api.raw.RawSender;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** The README's first example, and a little of every other part, which must be reachable from the engine's modules too. */
public final class FirstModule {
    private FirstModule() {}

    public static void main(String[] args) throws InterruptedException {
        try (Engine engine = Engine.inMemory()) {
            MessageQueue orders = engine.queue("orders");
            orders.send("order 42");

            for (Delivery delivery : orders.receive(10)) {
                System.out.println(delivery.text());
                delivery.ack();
            }
            listen(orders);
            pollRaw(orders);
            administer(engine, orders);
        }
    }

    private static void listen(MessageQueue orders) throws InterruptedException {
        CountDownLatch handled = new CountDownLatch(1);
        try (QueueConsumer consumer = orders.consume(batch -> handled.countDown())) {
            orders.send("order 43");
            handled.await();
            consumer.drain(Duration.ofSeconds(10));
        }
    }

    private static void pollRaw(MessageQueue orders) {
        try (RawSender sender = orders.raw().sender();
                RawReceiver receiver = orders.raw().receiver()) {
            sender.offer(ByteBuffer.allocate(8), 0, 8);
            receiver.poll((delivery, payload, offset, length, endOfPoll) -> Disposition.ACK, 10);
        }
    }

    private static void administer(Engine engine, MessageQueue orders) {
        orders.admin().update(c -> c.withDelay(Duration.ofSeconds(1)));
        orders.admin().tag(Map.of("team", "shop"));
        if (orders.admin().stats().acked() != 3) {
            throw new IllegalStateException(
                    "not all were acknowledged: " + orders.admin().stats());
        }
        engine.catalog().delete("orders");
    }
}
