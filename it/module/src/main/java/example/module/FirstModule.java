package example.module;

import io.millrace.Engine;
import io.millrace.api.queue.Delivery;
import io.millrace.api.queue.MessageQueue;

/** The README's first example. */
public final class FirstModule {
    private FirstModule() {}

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
