package io.millrace.model;

import io.millrace.api.Durability;
import io.millrace.api.EngineConfig;
import io.millrace.api.ReceiveRefusedException;
import io.millrace.api.SendRefusedException;
import io.millrace.api.queue.Delivery;
import io.millrace.api.queue.MessageQueue;
import io.millrace.api.queue.PeekedMessage;
import io.millrace.api.queue.QueueConfig;
import io.millrace.api.queue.ReceiptHandle;
import io.millrace.api.queue.ReceiveOptions;
import io.millrace.api.queue.RedriveRequest;
import io.millrace.api.queue.RedriveTask;
import io.millrace.api.queue.SendResult;
import io.millrace.api.raw.Claim;
import io.millrace.api.raw.Disposition;
import io.millrace.api.raw.RawDelivery;
import io.millrace.api.raw.RawReceiver;
import io.millrace.api.raw.RawSender;
import io.millrace.testkit.TestEngine;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The engine behind the words of a history. Confined to one thread. */
final class EngineSide implements Side, AutoCloseable {
    /** A queue with what was opened on it. */
    private record Opened(MessageQueue queue, RawSender sender, RawReceiver receiver, int incarnation) {
        static Opened of(MessageQueue queue, int incarnation) {
            return new Opened(queue, queue.raw().sender(), queue.raw().receiver(), incarnation);
        }
    }

    private final Optional<Path> directory;
    private final Durability durability;
    private final List<TestEngine> engines = new ArrayList<>();
    private TestEngine engine;
    private int created;
    private final Map<String, Opened> queues = new HashMap<>();
    private final List<Opened> everOpened = new ArrayList<>();
    private final Map<Integer, Claim> claims = new HashMap<>();
    private final Map<Ref, List<Delivery>> deliveries = new HashMap<>();
    private final Map<Ref, Long> deliveryNumbers = new HashMap<>();
    private final Map<Ref, RawReceiver> receivers = new HashMap<>();
    private List<Object> lastReceived = List.of();

    /** An engine in memory. */
    EngineSide() {
        directory = Optional.empty();
        durability = Durability.MEMORY;
        engine = TestEngine.inMemory();
        engines.add(engine);
    }

    /** An engine on a new directory below {@code parent}. */
    EngineSide(Path parent, Durability durability) {
        directory = Optional.of(parent);
        this.durability = durability;
        engine = TestEngine.open(directoryOf(0), durability);
        engines.add(engine);
    }

    private Path directoryOf(int run) {
        return directory.orElseThrow().resolve("run-" + run);
    }

    /** Lets time pass, answers the command at that instant, and does what it made due, as a conductor would at once. */
    Answer apply(Command command) {
        engine.clock().advance(command instanceof Command.Pass pass ? pass.howLong() : Duration.ZERO);
        lastReceived = List.of();
        Answer answer = command.on(this);
        engine.clock().advance(Duration.ZERO);
        return answer;
    }

    long nowMs() {
        return engine.clock().wallMs();
    }

    /** Says how later commands name the messages that were received last. */
    void name(List<Ref> refs) {
        for (int i = 0; i < refs.size() && i < lastReceived.size(); i++) {
            Ref ref = refs.get(i);
            if (lastReceived.get(i) instanceof Delivery delivery) {
                deliveries.computeIfAbsent(ref, unused -> new ArrayList<>()).add(delivery);
            } else {
                deliveryNumbers.put(ref, (Long) lastReceived.get(i));
                receivers.put(ref, opened(ref.queue()).receiver());
            }
        }
    }

    @Override
    public void close() {
        engines.forEach(TestEngine::close);
        everOpened.forEach(opened -> {
            opened.sender().close();
            opened.receiver().close();
        });
    }

    /** After {@link #close()}. */
    long offHeapBytes() {
        return engines.stream()
                .mapToLong(opened -> opened.stats().offHeapBytes())
                .sum();
    }

    // ---- restart --------------------------------------------------------------------------------------------------

    /**
     * What another process would find in the page cache if this one ended now is what the files hold now; so a copy of them is
     * opened, and the engine that wrote them is not asked any more.
     */
    @Override
    public Answer restart() {
        TestEngine before = engine;
        DirectoryCopy.copy(directoryOf(engines.size() - 1), directoryOf(engines.size()));
        EngineConfig config = EngineConfig.defaults().withClock(before.clock());
        engine = TestEngine.open(directoryOf(engines.size()), durability, config);
        engines.add(engine);
        before.close();
        claims.clear();
        queues.replaceAll((name, opened) -> {
            Opened again = Opened.of(engine.queue(name), opened.incarnation());
            everOpened.add(again);
            return again;
        });
        receivers.replaceAll(
                (ref, receiver) -> isAlive(ref) ? opened(ref.queue()).receiver() : receiver);
        return Answer.done();
    }

    private boolean isAlive(Ref ref) {
        Opened opened = queues.get(ref.queue());
        return opened != null && opened.incarnation() == ref.incarnation();
    }

    /** Whether the queue of a message lives, but the delivery at hand is of an engine that does not. */
    private boolean isOfEarlierRun(Ref ref) {
        return isAlive(ref) && engines.size() > 1;
    }

    private static Answer attempt(Supplier<Answer> operation) {
        try {
            return operation.get();
        } catch (SendRefusedException e) {
            return Answer.refused(e.refusal().reason());
        } catch (ReceiveRefusedException e) {
            return Answer.refused(e.refusal().reason());
        } catch (RuntimeException e) {
            return Answer.thrown(e.getClass());
        }
    }

    private Opened opened(String name) {
        return queues.get(name);
    }

    // ---- queues ---------------------------------------------------------------------------------------------------

    @Override
    public Answer create(String name, QueueConfig config) {
        return attempt(() -> {
            MessageQueue queue = engine.queue(name, config);
            queues.computeIfAbsent(name, unused -> {
                Opened opened = Opened.of(queue, created++);
                everOpened.add(opened);
                return opened;
            });
            return Answer.done();
        });
    }

    @Override
    public Answer delete(String name) {
        return attempt(() -> {
            engine.catalog().delete(name);
            queues.remove(name);
            return Answer.done();
        });
    }

    @Override
    public Answer update(String name, QueueConfig config) {
        return attempt(() -> {
            opened(name).queue().admin().update(unused -> config);
            return Answer.done();
        });
    }

    // ---- send -----------------------------------------------------------------------------------------------------

    @Override
    public Answer send(String name, List<Draft> drafts, boolean raw) {
        return attempt(() -> raw
                ? offer(opened(name).sender(), drafts)
                : sendAll(opened(name).queue(), drafts));
    }

    private static Answer sendAll(MessageQueue queue, List<Draft> drafts) {
        List<Object> results = new ArrayList<>();
        List<String> ids = new ArrayList<>();
        for (SendResult result :
                queue.sendAll(drafts.stream().map(Draft::toMessage).toList())) {
            if (result instanceof SendResult.Refused refused) {
                results.add(refused.why().reason());
            } else {
                results.add("accepted");
                ids.add(result.orElseThrow().toString());
            }
        }
        return Answer.of(results, ids);
    }

    private static Answer offer(RawSender sender, List<Draft> drafts) {
        List<Object> results = new ArrayList<>();
        for (Draft draft : drafts) {
            ByteBuffer source = StandardCharsets.UTF_8.encode("--" + draft.payload());
            int length = source.limit() - 2;
            results.add(
                    draft.delay().isPresent()
                            ? sender.offer(
                                    source, 2, length, draft.delay().get().toMillis())
                            : sender.offer(source, 2, length));
        }
        return Answer.of(results);
    }

    @Override
    public Answer open(int number, String name, Draft draft) {
        RawSender sender = opened(name).sender();
        Claim claim = sender.newClaim().attributes(draft.attributes());
        draft.delay().ifPresent(delay -> claim.delayMs(delay.toMillis()));
        byte[] payload = draft.payload().getBytes(StandardCharsets.UTF_8);
        long result = sender.tryClaim(payload.length, claim);
        if (result >= 0) {
            claim.buffer().put(claim.offset(), payload);
            claims.put(number, claim);
        }
        return Answer.of(result);
    }

    @Override
    public Answer commit(int number) {
        return Answer.of(claims.remove(number).commit());
    }

    @Override
    public Answer abort(int number) {
        claims.remove(number).abort();
        return Answer.done();
    }

    // ---- receive --------------------------------------------------------------------------------------------------

    @Override
    public Answer receive(String name, int max, Optional<Duration> visibilityTimeout) {
        MessageQueue queue = opened(name).queue();
        ReceiveOptions options = new ReceiveOptions(max, Optional.of(Duration.ZERO), visibilityTimeout);
        return attempt(() -> received(visibilityTimeout.isEmpty() ? queue.receive(max) : queue.receive(options)));
    }

    private Answer received(List<Delivery> received) {
        lastReceived = List.copyOf(received);
        List<Object> body = new ArrayList<>();
        List<String> ids = new ArrayList<>();
        for (Delivery delivery : received) {
            body.add(new Answer.Received(
                    delivery.text(),
                    delivery.attributes(),
                    delivery.receiveCount(),
                    delivery.sentAt(),
                    delivery.firstReceivedAt(),
                    delivery.deadLetterSource(),
                    delivery.deadLetterReason()));
            ids.add(delivery.id().toString());
        }
        return Answer.of(body, ids);
    }

    @Override
    public Answer poll(String name, int limit, List<Disposition> dispositions) {
        List<Answer.InHand> inHand = new ArrayList<>();
        List<String> ids = new ArrayList<>();
        List<Object> numbers = new ArrayList<>();
        Object body;
        try {
            int result = opened(name)
                    .receiver()
                    .poll(
                            (delivery, payload, offset, length, endOfPoll) -> {
                                inHand.add(inHand(delivery, text(payload, offset, length), endOfPoll));
                                ids.add(delivery.id().toString());
                                numbers.add(delivery.deliveryNumber());
                                return QueueModel.disposition(dispositions, inHand.size() - 1);
                            },
                            limit);
            body = new Answer.Polled(result, inHand);
        } catch (IllegalStateException e) {
            body = List.of("thrown IllegalStateException", inHand);
        }
        lastReceived = numbers;
        return Answer.of(body, ids);
    }

    private static Answer.InHand inHand(RawDelivery delivery, String text, boolean endOfPoll) {
        return new Answer.InHand(
                delivery.sequence(),
                text,
                delivery.attributes(),
                delivery.receiveCount(),
                delivery.sentAtMs(),
                endOfPoll);
    }

    private static String text(ByteBuffer payload, int offset, int length) {
        byte[] bytes = new byte[length];
        payload.get(offset, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    // ---- ends -----------------------------------------------------------------------------------------------------

    private Delivery latest(Ref ref) {
        List<Delivery> all = deliveries.get(ref);
        return all.get(all.size() - 1);
    }

    /** Of the first delivery, by way of its text. */
    private ReceiptHandle receipt(Ref ref) {
        return ReceiptHandle.parse(deliveries.get(ref).get(0).receipt().toString());
    }

    @Override
    public Answer ack(List<Ref> messages, Via via) {
        return attempt(() -> {
            if (via == Via.RECEIPT) {
                MessageQueue queue = opened(messages.get(0).queue()).queue();
                return Answer.of(
                        queue.ackAll(messages.stream().map(this::receipt).toList()));
            }
            List<Object> acked = new ArrayList<>();
            for (Ref ref : messages) {
                acked.add(
                        via == Via.DELIVERY
                                ? ackDelivery(ref)
                                : receivers.get(ref).ack(deliveryNumbers.get(ref)) == 0);
            }
            return Answer.of(acked);
        });
    }

    @Override
    public Answer hide(Ref ref, Duration howLong, boolean givingBack, Via via) {
        return attempt(() -> Answer.of(
                switch (via) {
                    case DELIVERY -> hideDelivery(ref, howLong, givingBack);
                    case RECEIPT -> hide(opened(ref.queue()).queue(), receipt(ref), howLong, givingBack);
                    case NUMBER -> hide(receivers.get(ref), deliveryNumbers.get(ref), howLong.toMillis(), givingBack);
                }));
    }

    private boolean ackDelivery(Ref ref) {
        return isOfEarlierRun(ref)
                ? opened(ref.queue()).queue().ack(latest(ref).receipt())
                : latest(ref).ack();
    }

    private boolean hideDelivery(Ref ref, Duration howLong, boolean givingBack) {
        if (isOfEarlierRun(ref)) {
            return hide(opened(ref.queue()).queue(), latest(ref).receipt(), howLong, givingBack);
        }
        return givingBack ? latest(ref).retryAfter(howLong) : latest(ref).extend(howLong);
    }

    private static boolean hide(MessageQueue queue, ReceiptHandle receipt, Duration howLong, boolean givingBack) {
        return givingBack ? queue.retryAfter(receipt, howLong) : queue.extend(receipt, howLong);
    }

    private static boolean hide(RawReceiver receiver, long number, long ms, boolean givingBack) {
        return (givingBack ? receiver.retryAfter(number, ms) : receiver.extend(number, ms)) == 0;
    }

    @Override
    public Answer deadLetter(Ref ref, String reason, Via via) {
        return attempt(() -> Answer.of(
                (via == Via.DELIVERY && !isOfEarlierRun(ref))
                        ? latest(ref).deadLetter(reason)
                        : opened(ref.queue()).queue().deadLetter(receipt(ref), reason)));
    }

    // ---- administration -------------------------------------------------------------------------------------------

    @Override
    public Answer purge(String name) {
        return Answer.of(opened(name).queue().admin().purge());
    }

    @Override
    public Answer peek(String name, int max) {
        List<Object> body = new ArrayList<>();
        List<String> ids = new ArrayList<>();
        for (PeekedMessage peeked : opened(name).queue().admin().peek(max)) {
            body.add(new Answer.Peeked(
                    peeked.text(), peeked.attributes(), peeked.receiveCount(), peeked.sentAt(), peeked.state()));
            ids.add(peeked.id().toString());
        }
        return Answer.of(body, ids);
    }

    @Override
    public Answer stats(String name) {
        return Answer.of(opened(name).queue().admin().stats());
    }

    @Override
    public Answer redrive(String name, Optional<String> destination) {
        RedriveRequest request = destination.map(RedriveRequest::to).orElse(RedriveRequest.toSources());
        return attempt(() -> {
            opened(name).queue().admin().redrive(request);
            return Answer.done();
        });
    }

    @Override
    public Answer redriveStatus(String name) {
        List<RedriveTask> tasks = opened(name).queue().admin().redriveTasks();
        if (tasks.isEmpty()) {
            return Answer.of("none");
        }
        RedriveTask task = tasks.get(0);
        return Answer.of(new Answer.Redriven(
                task.status(), task.moved(), task.toMove(), task.failure().isPresent()));
    }
}
