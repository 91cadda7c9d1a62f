package io.millrace.stress.images;

import io.millrace.api.Durability;
import io.millrace.api.Message;
import io.millrace.api.MessageId;
import io.millrace.api.SendRefusedException;
import io.millrace.api.queue.Delivery;
import io.millrace.api.queue.MessageQueue;
import io.millrace.api.queue.ReceiptHandle;
import io.millrace.api.queue.ReceiveOptions;
import io.millrace.api.queue.SendResult;
import io.millrace.api.raw.Disposition;
import io.millrace.api.raw.RawReceiver;
import io.millrace.api.raw.RawSender;
import io.millrace.stress.Check;
import io.millrace.stress.Sent;
import io.millrace.testkit.ManualClock;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SplittableRandom;

/** Sends, receives and ends messages at random. Confined to one thread. */
final class Traffic {
    private static final int MOST_LIVING = 300;
    private static final int MOST_AT_ONCE = 8;
    private static final int DRAINED_AT_ONCE = 50;
    private static final int KEPT_IN = 20;
    private static final int LARGE_BYTES = 1_200_000;
    private static final int FLOODING_BYTES = 14_000;
    private static final int MOST_FLOODING = 40;
    private static final int LONGEST_DELAY_MS = 3_000;

    /** Numbers whose messages have no attributes, as those of the raw tier, follow each other at this distance. */
    private static final int PLAIN_EVERY = 3;

    private final Promises promises;
    private final ManualClock clock;
    private final SplittableRandom random;
    private final Map<String, Integer> tally;
    private final List<Held> held = new ArrayList<>();
    private int nextNumber = 1;

    /** A delivery that was not ended yet; its engine may have been closed since. */
    private record Held(String queue, int number, ReceiptHandle receipt) {}

    Traffic(Promises promises, ManualClock clock, SplittableRandom random, Map<String, Integer> tally) {
        this.promises = promises;
        this.clock = clock;
        this.random = random;
        this.tally = tally;
    }

    /** Does one thing, mostly with this queue. */
    void step(MessageQueue queue) {
        final boolean maySend = promises.living() < MOST_LIVING;
        switch (random.nextInt(maySend ? 15 : 9)) {
            case 0, 1 -> receive(queue);
            case 2, 3, 4 -> ack(queue);
            case 5 -> ackAll(queue);
            case 6 -> hide(queue);
            case 7 -> deadLetter(queue);
            case 8 -> poll(queue);
            case 9 -> sendRaw(queue);
            case 10, 11 -> sendAll(queue);
            default -> send(queue);
        }
    }

    private void count(String what) {
        tally.merge(what, 1, Integer::sum);
    }

    /** The queue was deleted: its receipts are worth nothing. */
    void forget(String queue) {
        held.removeIf(each -> each.queue.equals(queue));
    }

    // ---- sending --------------------------------------------------------------------------------------------------

    private int anyLength() {
        return switch (random.nextInt(20)) {
            case 0 -> 10_000 + random.nextInt(40_000);
            case 1, 2 -> 1_000 + random.nextInt(6_000);
            default -> random.nextInt(800);
        };
    }

    private PromisedMessage next(MessageQueue queue, long delayMs) {
        return next(queue, delayMs, anyLength());
    }

    private PromisedMessage next(MessageQueue queue, long delayMs, int leastLength) {
        final int number = nextNumber++;
        final int length = Sent.payload(number, leastLength).length;
        final long untilMs = delayMs == 0 ? 0 : clock.wallMs() + delayMs;
        return promises.sending(new PromisedMessage(number, length, queue.name(), untilMs));
    }

    private long anyDelayMs() {
        return random.nextInt(6) == 0 ? 1 + random.nextInt(LONGEST_DELAY_MS) : 0;
    }

    private static Message message(PromisedMessage promised, long delayMs) {
        final Message message = Sent.message(promised.number, promised.length);
        return delayMs == 0 ? message : message.withDelay(Duration.ofMillis(delayMs));
    }

    private void send(MessageQueue queue) {
        count("send");
        final long delayMs = anyDelayMs();
        final PromisedMessage promised = next(queue, delayMs);
        answered(promised, queue.trySend(message(promised, delayMs)));
    }

    /** Sends a message that needs a segment of its own; where there is no room for one, some is made. */
    void sendLarge(MessageQueue queue) {
        count("large");
        final PromisedMessage promised = next(queue, 0, LARGE_BYTES);
        answered(promised, queue.trySend(message(promised, 0)));
    }

    /** Sends a message that spreads over some pages. */
    void sendLong(MessageQueue queue) {
        final PromisedMessage promised = next(queue, 0, FLOODING_BYTES);
        answered(promised, queue.trySend(message(promised, 0)));
    }

    /** Sends messages until there is no room, or enough of them. */
    void flood(MessageQueue queue) {
        count("flood");
        PromisedMessage promised;
        int sent = 0;
        do {
            promised = next(queue, 0, FLOODING_BYTES);
            answered(promised, queue.trySend(message(promised, 0)));
        } while (!promised.hasEnded && ++sent < MOST_FLOODING);
    }

    private void answered(PromisedMessage promised, SendResult result) {
        if (result instanceof SendResult.Accepted accepted) {
            promises.sent(promised, accepted.id().toString());
        } else {
            refused(promised);
        }
    }

    private void refused(PromisedMessage promised) {
        count("refused");
        promised.end(true);
    }

    private void sendAll(MessageQueue queue) {
        count("sendAll");
        final List<PromisedMessage> promised = new ArrayList<>();
        final List<Message> batch = new ArrayList<>();
        for (int i = random.nextInt(MOST_AT_ONCE); i >= 0; i--) {
            final long delayMs = anyDelayMs();
            promised.add(next(queue, delayMs));
            batch.add(message(promised.get(batch.size()), delayMs));
        }
        final List<SendResult> results = queue.sendAll(batch);
        for (int i = 0; i < results.size(); i++) {
            answered(promised.get(i), results.get(i));
        }
    }

    private void sendRaw(MessageQueue queue) {
        count("offer");
        nextNumber += (PLAIN_EVERY - nextNumber % PLAIN_EVERY) % PLAIN_EVERY;
        final long delayMs = anyDelayMs();
        final PromisedMessage promised = next(queue, delayMs);
        final ByteBuffer payload = ByteBuffer.wrap(Sent.payload(promised.number, promised.length));
        try (RawSender sender = queue.raw().sender()) {
            if (sender.offer(payload, 0, payload.capacity(), delayMs) >= 0) {
                promises.sent(promised, "");
            } else {
                refused(promised);
            }
        }
    }

    // ---- receiving ------------------------------------------------------------------------------------------------

    private void receive(MessageQueue queue) {
        count("receive");
        final int hiddenMs = random.nextInt(3) == 0 ? 20_000 : 1 + random.nextInt(400);
        receive(queue, 1 + random.nextInt(10), hiddenMs).forEach(delivery -> held.add(held(queue, delivery)));
    }

    /** Receives what is visible and keeps it. */
    void receiveAll(MessageQueue queue) {
        receive(queue, DRAINED_AT_ONCE, 1_000).forEach(delivery -> held.add(held(queue, delivery)));
    }

    private Held held(MessageQueue queue, Delivery delivery) {
        return new Held(queue.name(), numberOf(delivery), delivery.receipt());
    }

    private static int numberOf(Delivery delivery) {
        return numberOf(delivery.bytes(), delivery.id());
    }

    private static int numberOf(byte[] payload, MessageId id) {
        final OptionalInt number = Sent.numberOf(payload);
        Check.that(number.isPresent(), "a message was delivered that is not as it was sent: " + id);
        return number.orElseThrow();
    }

    /** From now on each message may have been received once more, or moved if that would be too often. */
    private List<PromisedMessage> receiving(MessageQueue queue) {
        final List<PromisedMessage> there = promises.living(queue.name());
        final int maxReceives = Plan.maxReceives(queue.name());
        for (PromisedMessage message : there) {
            if (maxReceives > 0 && message.mostReceives >= maxReceives) {
                message.places.add(Plan.DEAD);
            }
            message.mostReceives++;
        }
        return there;
    }

    private PromisedMessage delivered(MessageQueue queue, int number, MessageId id, int receives) {
        promises.delivered(number, queue.name(), id.toString(), receives);
        final PromisedMessage message = promises.message(number);
        message.mostReceives++; // as that of those which may have been received, until it is over
        return message;
    }

    private static void received(List<PromisedMessage> there) {
        there.forEach(message -> message.mostReceives--);
    }

    private List<Delivery> receive(MessageQueue queue, int max, int hiddenMs) {
        final List<PromisedMessage> there = receiving(queue);
        final List<Delivery> deliveries =
                queue.receive(ReceiveOptions.upTo(max).withVisibilityTimeout(Duration.ofMillis(hiddenMs)));
        deliveries.forEach(each -> delivered(queue, numberOf(each), each.id(), each.receiveCount()));
        received(there);
        return deliveries;
    }

    /** Receives in the raw tier; the handler says at once what becomes of each. */
    private void poll(MessageQueue queue) {
        count("poll");
        final List<PromisedMessage> acked = new ArrayList<>();
        final List<PromisedMessage> there = receiving(queue);
        try (RawReceiver receiver = queue.raw().receiver()) {
            receiver.poll(
                    (delivery, payload, offset, length, endOfPoll) -> {
                        final byte[] bytes = new byte[length];
                        payload.get(offset, bytes);
                        final int number = numberOf(bytes, delivery.id());
                        return dispose(queue, delivered(queue, number, delivery.id(), delivery.receiveCount()), acked);
                    },
                    1 + random.nextInt(MOST_AT_ONCE));
        }
        received(there);
        acked.forEach(message -> acked(queue, message, true));
    }

    private Disposition dispose(MessageQueue queue, PromisedMessage message, List<PromisedMessage> acked) {
        return switch (random.nextInt(6)) {
            case 0 -> Disposition.RETRY;
            case 1 -> Disposition.HOLD;
            case 2 -> {
                if (Plan.hasDeadLetters(queue.name())) {
                    message.places.add(Plan.DEAD);
                    yield Disposition.DEAD_LETTER;
                }
                yield Disposition.RETRY;
            }
            default -> {
                message.mayBeAbsent = true;
                acked.add(message);
                yield Disposition.ACK;
            }
        };
    }

    /** Receives and acknowledges most of what is there. */
    void drain(MessageQueue queue) {
        List<Delivery> deliveries;
        int rounds = 0;
        do {
            deliveries = receive(queue, DRAINED_AT_ONCE, 1_000);
            for (Delivery delivery : deliveries) {
                if (random.nextInt(KEPT_IN) > 0) {
                    ack(queue, held(queue, delivery));
                }
            }
        } while (!deliveries.isEmpty() && ++rounds < KEPT_IN);
    }

    // ---- ending ---------------------------------------------------------------------------------------------------

    /** A delivery of a queue that has not ended, if there is one. */
    private List<Held> takeHeld(MessageQueue queue, int most) {
        held.removeIf(each -> promises.message(each.number).hasEnded);
        final List<Held> taken = new ArrayList<>();
        for (int i = held.size() - 1; i >= 0 && taken.size() < most; i--) {
            if (held.get(i).queue.equals(queue.name()) && random.nextBoolean()) {
                taken.add(held.remove(i));
            }
        }
        return taken;
    }

    void ack(MessageQueue queue) {
        takeHeld(queue, 1).forEach(each -> ack(queue, each));
    }

    private void ack(MessageQueue queue, Held delivery) {
        count("ack");
        final PromisedMessage message = promises.message(delivery.number);
        message.mayBeAbsent = true;
        acked(queue, message, queue.ack(delivery.receipt));
    }

    private void acked(MessageQueue queue, PromisedMessage message, boolean isDone) {
        if (isDone) {
            message.end(promises.queue(queue.name()).config().ackDurability() == Durability.POWER_LOSS);
        } else if (!message.hasEnded) {
            message.mayBeAbsent = false;
        }
    }

    private void ackAll(MessageQueue queue) {
        final List<Held> taken = takeHeld(queue, MOST_AT_ONCE);
        if (taken.isEmpty()) {
            return;
        }
        count("ackAll");
        taken.forEach(each -> promises.message(each.number).mayBeAbsent = true);
        final List<Boolean> answers =
                queue.ackAll(taken.stream().map(Held::receipt).toList());
        for (int i = 0; i < answers.size(); i++) {
            acked(queue, promises.message(taken.get(i).number), answers.get(i));
        }
    }

    private void hide(MessageQueue queue) {
        for (Held each : takeHeld(queue, 1)) {
            count("hide");
            queue.retryAfter(each.receipt, Duration.ofMillis(random.nextInt(3) == 0 ? 0 : random.nextInt(2_000)));
        }
    }

    void deadLetter(MessageQueue queue) {
        if (!Plan.hasDeadLetters(queue.name())) {
            return;
        }
        for (Held each : takeHeld(queue, 1)) {
            count("dead-letter");
            final PromisedMessage message = promises.message(each.number);
            final boolean wasThere = !message.places.add(Plan.DEAD);
            boolean isMoved = false;
            try {
                isMoved = queue.deadLetter(each.receipt, "no");
            } catch (SendRefusedException e) {
                count("no space");
            }
            if (isMoved) {
                message.isIn(Plan.DEAD);
            } else if (!wasThere) {
                message.places.remove(Plan.DEAD);
            }
        }
    }
}
