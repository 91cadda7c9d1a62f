package io.millrace.bench.scale;

import io.millrace.Engine;
import io.millrace.api.Message;
import io.millrace.api.queue.Delivery;
import io.millrace.api.queue.MessageQueue;
import io.millrace.bench.child.ChildMain;

/**
 * Opens an engine, and says when the first message has been sent, received and acknowledged. It is a program of its own,
 * for {@link Scale} to start.
 */
final class FirstMessage {
    static final String DONE = "done";

    private FirstMessage() {}

    public static void main(String[] args) {
        ChildMain.run((orders, answers) -> {
            try (Engine engine = Engine.inMemory()) {
                through(engine, Message.bytes(new byte[Integer.parseInt(args[0])]));
                answers.println(DONE);
            }
        });
    }

    /** Sends, receives and acknowledges a message. */
    static void through(Engine engine, Message message) {
        MessageQueue queue = engine.queue("first");
        var unused = queue.send(message);
        for (Delivery delivery : queue.receive(1)) {
            if (delivery.ack() && delivery.bytes().length == message.bytes().length) {
                return;
            }
        }
        throw new IllegalStateException("the first message did not arrive");
    }
}
