package example;

import io.millrace.Engine;
import io.millrace.api.queue.Delivery;
import io.millrace.api.queue.MessageQueue;

/** The README's first example. */
public final class FirstQueue {
    private FirstQueue() {}

    public static void main(String[] args) {
        try (Engine engine = Engine.inMemory()) {
            MessageQueue orders = engine.queue("orders");
            orders.send("order 42");

            for (Delivery delivery : orders.receive(10)) {
                System.out.println(delivery.text());
                delivery.ack();
            }
        }
    }
}
