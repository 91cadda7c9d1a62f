package io.millrace.stress;

import io.millrace.Engine;
import io.millrace.api.queue.Delivery;
import io.millrace.api.queue.MessageQueue;
import io.millrace.api.queue.ReceiveOptions;
import io.millrace.api.raw.Claim;
import io.millrace.api.raw.Disposition;
import io.millrace.api.raw.RawReceiver;
import io.millrace.api.raw.RawSender;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** What a user's program does in both tiers; run in a JVM without flags. Stateless. */
public final class FlagFreeMain {
    /** What it prints when all went well. */
    static final String OK = "ok";

    private FlagFreeMain() {}

    public static void main(String[] args) throws Exception {
        try (Engine engine = Engine.inMemory()) {
            final MessageQueue queue = engine.queue("orders");
            heap(queue);
            raw(queue);
        }
        System.out.println(OK);
    }

    private static void heap(MessageQueue queue) throws Exception {
        queue.send("order 42");
        for (Delivery delivery : queue.receive(10)) {
            delivery.ack();
        }
        final var waiting = queue.receiveAsync(ReceiveOptions.upTo(1).withWait(Duration.ofSeconds(20)));
        queue.send("order 43");
        Check.that(waiting.get(10, TimeUnit.SECONDS).get(0).ack(), "a message was not acknowledged");
    }

    private static void raw(MessageQueue queue) {
        try (RawSender sender = queue.raw().sender();
                RawReceiver receiver = queue.raw().receiver()) {
            final Claim claim = sender.newClaim();
            sender.tryClaim(1, claim);
            claim.buffer().put(claim.offset(), (byte) 1);
            claim.commit();
            final int count = receiver.poll((delivery, payload, offset, length, endOfPoll) -> Disposition.ACK, 10);
            Check.that(count == 1, "a message was not received: count=" + count);
        }
    }
}
