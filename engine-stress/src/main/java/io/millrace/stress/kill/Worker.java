package io.millrace.stress.kill;

import io.millrace.Engine;
import io.millrace.api.Message;
import io.millrace.api.SendRefusedException;
import io.millrace.api.queue.Delivery;
import io.millrace.api.queue.MessageQueue;
import io.millrace.api.queue.QueueStats;
import io.millrace.api.queue.ReceiveOptions;
import io.millrace.api.queue.SendResult;
import io.millrace.api.raw.Claim;
import io.millrace.api.raw.Codes;
import io.millrace.api.raw.Disposition;
import io.millrace.api.raw.RawDelivery;
import io.millrace.api.raw.RawReceiver;
import io.millrace.api.raw.RawSender;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** A thread that sends and receives in both tiers, at random. Confined to that thread. */
final class Worker implements Shift.Hand {
    private static final List<String> QUEUES =
            Plan.LASTING.stream().filter(name -> !name.equals(Plan.DEAD)).toList();
    private static final int BACKLOG = 600;
    private static final int HELD = 50;
    private static final int LONGEST_DELAY_MS = 3_000;
    private static final int LONG_HIDDEN_MS = 20_000;

    private final Diary diary;
    private final String who;
    private final int run;
    private final int thread;
    private final SplittableRandom random;
    private final Map<String, RawSender> senders = new HashMap<>();
    private final Map<String, RawReceiver> receivers = new HashMap<>();

    /** Deliveries to be ended later, by a receipt that may be of an earlier engine on the same directory. */
    private final Map<String, List<Told>> held = new HashMap<>();

    /** Those of the raw tier, by delivery number. */
    private final Map<String, Map<Long, String>> heldRaw = new HashMap<>();

    private int count;

    Worker(Diary diary, int run, int thread, SplittableRandom random) {
        this.diary = diary;
        this.who = "w" + thread;
        this.run = run;
        this.thread = thread;
        this.random = random;
    }

    @Override
    public String toString() {
        return who;
    }

    @Override
    public void rest() {
        senders.values().forEach(RawSender::close);
        senders.clear();
        receivers.values().forEach(RawReceiver::close);
        receivers.clear();
        heldRaw.clear();
    }

    @Override
    public void step(Engine engine) throws InterruptedException, ExecutionException {
        final boolean isDead = random.nextInt(12) == 0;
        final MessageQueue queue = engine.queue(isDead ? Plan.DEAD : QUEUES.get(random.nextInt(QUEUES.size())));
        final boolean maySend = !isDead && hasRoom(queue);
        switch (random.nextInt(maySend ? 12 : 6)) {
            case 0, 1 -> receiveRaw(queue);
            case 2 -> endHeld(queue);
            case 3 -> receiveLater(queue);
            case 4, 5 -> receive(queue);
            case 6, 7 -> sendRaw(queue);
            case 8 -> sendAll(queue);
            default -> send(queue);
        }
    }

    private static boolean hasRoom(MessageQueue queue) {
        final QueueStats stats = queue.admin().stats();
        return stats.visible() + stats.inFlight() + stats.delayed() < BACKLOG;
    }

    // ---- sending --------------------------------------------------------------------------------------------------

    private long nextNumber(int kind) {
        return Content.number(run, thread, count++, kind);
    }

    private int delayMs() {
        return random.nextInt(6) == 0 ? random.nextInt(LONGEST_DELAY_MS) : 0;
    }

    private Message message(long number, int delayMs) {
        final Message message = Content.message(number);
        return delayMs > 0 ? message.withDelay(Duration.ofMillis(delayMs)) : message;
    }

    private void send(MessageQueue queue) {
        final long number = nextNumber(random.nextInt(2));
        final int delayMs = delayMs();
        final Message message = message(number, delayMs);
        diary.say(who, "send " + queue.name() + " " + number + ":" + delayMs);
        if (random.nextBoolean()) {
            diary.say(who, "= " + Told.answer(queue.trySend(message)));
            return;
        }
        String answer;
        try {
            answer = queue.send(message).toString();
        } catch (SendRefusedException e) {
            answer = "!" + e.refusal().reason();
        }
        diary.say(who, "= " + answer);
    }

    private void sendAll(MessageQueue queue) {
        final List<Message> batch = new ArrayList<>();
        final List<String> items = new ArrayList<>();
        for (int i = 1 + random.nextInt(20); i > 0; i--) {
            final long number = nextNumber(random.nextInt(2));
            final int delayMs = delayMs();
            batch.add(message(number, delayMs));
            items.add(number + ":" + delayMs);
        }
        diary.say(who, "send " + queue.name() + " " + Told.joined(items));
        final List<SendResult> results = queue.sendAll(batch);
        diary.say(who, "= " + Told.joined(results.stream().map(Told::answer).toList()));
    }

    private void sendRaw(MessageQueue queue) {
        final RawSender sender =
                senders.computeIfAbsent(queue.name(), name -> queue.raw().sender());
        final int delayMs = delayMs();
        if (random.nextBoolean()) {
            final long number = nextNumber(Content.OFFERED);
            final ByteBuffer payload = ByteBuffer.wrap(Content.payload(number));
            diary.say(who, "send " + queue.name() + " " + number + ":" + delayMs);
            diary.say(who, "= " + place(sender.offer(payload, 0, payload.capacity(), delayMs)));
        } else {
            claim(queue, sender, delayMs);
        }
    }

    private void claim(MessageQueue queue, RawSender sender, int delayMs) {
        final Claim claim = sender.newClaim();
        if (random.nextInt(8) == 0 && sender.tryClaim(1 + random.nextInt(500), claim) >= 0) {
            claim.abort();
        }
        final long number = nextNumber(Content.CLAIMED);
        final byte[] payload = Content.payload(number);
        claim.delayMs(delayMs).attributes(Content.attributes(number));
        diary.say(who, "send " + queue.name() + " " + number + ":" + delayMs);
        long code = sender.tryClaim(payload.length, claim);
        if (code >= 0) {
            claim.buffer().put(claim.offset(), payload);
            code = Math.min(code, claim.commit());
        }
        diary.say(who, "= " + place(code));
    }

    private static String place(long code) {
        return code >= 0 ? "#" + code : "!" + Codes.nameOf(code);
    }

    // ---- receiving ------------------------------------------------------------------------------------------------

    private int hiddenMs() {
        return switch (random.nextInt(8)) {
            case 0 -> 1 + random.nextInt(30);
            case 1, 2 -> 100 + random.nextInt(2_000);
            default -> LONG_HIDDEN_MS;
        };
    }

    private ReceiveOptions options(int hiddenMs) {
        return ReceiveOptions.upTo(1 + random.nextInt(20)).withVisibilityTimeout(Duration.ofMillis(hiddenMs));
    }

    private void receive(MessageQueue queue) {
        final int hiddenMs = hiddenMs();
        final ReceiveOptions options = options(hiddenMs);
        diary.say(who, "receive " + queue.name() + " " + hiddenMs);
        received(queue, queue.receive(options));
    }

    private void receiveLater(MessageQueue queue) throws InterruptedException, ExecutionException {
        final int hiddenMs = hiddenMs();
        final ReceiveOptions options = options(hiddenMs).withWait(Duration.ofMillis(1 + random.nextInt(4)));
        diary.say(who, "poll " + queue.name() + " " + hiddenMs);
        final CompletableFuture<List<Delivery>> future = queue.receiveAsync(options);
        if (random.nextInt(3) == 0 && future.cancel(false)) {
            diary.say(who, "=");
        } else {
            received(queue, future.get());
        }
    }

    private void received(MessageQueue queue, List<Delivery> deliveries) {
        final List<Told> told = Told.of(diary, who, deliveries);
        if (told.isEmpty()) {
            diary.say(who, "=");
            return;
        }
        diary.say(who, Told.got(told), "=");
        if (random.nextInt(2) == 0) {
            ack(queue, told);
        } else {
            told.forEach(each -> endOne(queue, each));
        }
    }

    private void ack(MessageQueue queue, List<Told> told) {
        diary.say(who, "ack " + queue.name() + " " + Told.named(told));
        final List<Boolean> answers = told.size() == 1
                ? List.of(queue.ack(told.get(0).receipt()))
                : queue.ackAll(told.stream().map(Told::receipt).toList());
        diary.say(who, "= " + Told.joined(answers));
    }

    private void endOne(MessageQueue queue, Told told) {
        switch (random.nextInt(10)) {
            case 0 -> hide(queue, told, random.nextInt(200));
            case 1 -> hide(queue, told, random.nextInt(LONG_HIDDEN_MS));
            case 2 -> deadLetter(queue, told);
            case 3 -> {} // forgotten
            case 4 -> hold(queue, told);
            default -> ack(queue, List.of(told));
        }
    }

    private void hide(MessageQueue queue, Told told, int ms) {
        diary.say(who, "hide " + queue.name() + " " + ms + " " + told);
        final boolean answer = random.nextBoolean()
                ? queue.retryAfter(told.receipt(), Duration.ofMillis(ms))
                : queue.extend(told.receipt(), Duration.ofMillis(ms));
        diary.say(who, "= " + answer);
    }

    private void deadLetter(MessageQueue queue, Told told) {
        if (Plan.deadLetters(queue.name()).isEmpty()) {
            return;
        }
        diary.say(who, "dead-letter " + queue.name() + " " + told);
        String answer;
        try {
            answer = Boolean.toString(queue.deadLetter(told.receipt(), "as the harness likes"));
        } catch (SendRefusedException e) {
            answer = "!" + e.refusal().reason();
        }
        diary.say(who, "= " + answer);
    }

    private void hold(MessageQueue queue, Told told) {
        final List<Told> here = held.computeIfAbsent(queue.name(), name -> new ArrayList<>());
        if (here.size() < HELD) {
            here.add(told);
        }
    }

    private void endHeld(MessageQueue queue) {
        final List<Told> here = held.getOrDefault(queue.name(), List.of());
        if (!here.isEmpty()) {
            ack(queue, List.copyOf(here));
            here.clear();
        }
        final RawReceiver receiver = receiver(queue);
        heldRaw.getOrDefault(queue.name(), Map.of()).forEach((number, named) -> endRaw(queue, receiver, number, named));
        heldRaw.remove(queue.name());
    }

    // ---- the raw tier ---------------------------------------------------------------------------------------------

    private RawReceiver receiver(MessageQueue queue) {
        return receivers.computeIfAbsent(queue.name(), name -> queue.raw().receiver());
    }

    private void endRaw(MessageQueue queue, RawReceiver receiver, long deliveryNumber, String named) {
        if (random.nextBoolean()) {
            diary.say(who, "ack " + queue.name() + " " + named);
            diary.say(who, "= " + (receiver.ack(deliveryNumber) >= 0));
        } else {
            final int ms = random.nextInt(2_000);
            diary.say(who, "hide " + queue.name() + " " + ms + " " + named);
            final long code = random.nextBoolean()
                    ? receiver.retryAfter(deliveryNumber, ms)
                    : receiver.extend(deliveryNumber, ms);
            diary.say(who, "= " + (code >= 0));
        }
    }

    private void receiveRaw(MessageQueue queue) {
        diary.say(who, "poll " + queue.name() + " " + Plan.HIDDEN_MS);
        receiver(queue)
                .poll(
                        (delivery, payload, offset, length, endOfPoll) ->
                                take(queue.name(), delivery, payload, offset, length),
                        1 + random.nextInt(30));
        diary.say(who, "=");
    }

    private Disposition take(String queue, RawDelivery delivery, ByteBuffer payload, int offset, int length) {
        final Disposition disposition = disposition(queue);
        if (disposition == Disposition.STOP) {
            return disposition; // as if it had never been received
        }
        final OptionalLong number = Content.numberOf(payload, offset, length, delivery.attributes());
        if (number.isEmpty()) {
            diary.say(who, "broken delivery " + delivery.id() + " " + delivery.attributes());
            return Disposition.HOLD;
        }
        final String named = number.getAsLong() + ":" + delivery.id();
        final String got = "got " + named + ":" + delivery.receiveCount() + ":" + delivery.sequence();
        switch (disposition) {
            case ACK -> diary.say(who, got, "will ack " + named);
            case RETRY -> diary.say(who, got, "will retry " + named);
            case DEAD_LETTER -> diary.say(who, got, "will dead-letter " + named);
            default -> {
                diary.say(who, got);
                heldRaw.computeIfAbsent(queue, name -> new HashMap<>()).put(delivery.deliveryNumber(), named);
            }
        }
        return disposition;
    }

    private Disposition disposition(String queue) {
        return switch (random.nextInt(12)) {
            case 0 -> Disposition.RETRY;
            case 1 -> Disposition.STOP;
            case 2 -> Disposition.HOLD;
            case 3 -> Plan.deadLetters(queue).isPresent() ? Disposition.DEAD_LETTER : Disposition.ACK;
            default -> Disposition.ACK;
        };
    }
}
