package io.millrace.bench.scale;

import io.millrace.Engine;
import io.millrace.api.EngineConfig;
import io.millrace.api.Message;
import io.millrace.api.queue.Delivery;
import io.millrace.api.queue.MessageQueue;
import io.millrace.api.queue.QueueStats;
import io.millrace.api.raw.Codes;
import io.millrace.api.raw.Disposition;
import io.millrace.api.raw.RawHandler;
import io.millrace.api.raw.RawReceiver;
import io.millrace.api.raw.RawSender;
import io.millrace.bench.run.Arrivals;
import io.millrace.bench.run.Payload;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/** One round of a part on an engine of its own: one thread, the raw tier where there is one queue. Used once. */
final class ScaleJob {
    /** Hears of every step. */
    @FunctionalInterface
    interface Listener {
        void onStep(ScaleStep step, StepCost cost);
    }

    private static final String QUEUE = "scale";
    private static final int BATCH = 64;
    private static final long NS_PER_MS = 1_000_000L;
    private static final long LOOK_EVERY_NS = NS_PER_MS / 5;
    private static final long LONGEST_WAIT_NS = 120_000 * NS_PER_MS;

    /** How long sending delayed messages may take before the first of them is due; doubled if that was not enough. */
    private static final long LEAST_DELAY_MS = 300;

    private static final long DELAY_NS_EACH = 1_500;
    private static final int TRIES = 5;

    private final ScaleLoad load;
    private final long count;
    private final Payload payload;
    private final Arrivals arrivals;
    private final ByteBuffer source;
    private final Listener listener;

    ScaleJob(ScaleLoad load, long count, Listener listener) {
        this.load = load;
        this.count = count;
        this.payload = new Payload(load.payloadBytes());
        this.arrivals = new Arrivals(payload);
        this.source = payload.newBuffer();
        this.listener = listener;
    }

    /**
     * Runs all steps.
     *
     * @throws IllegalStateException if the engine did not do what it should
     */
    void run() {
        switch (load.part()) {
            case QUEUES -> withEngine(this::queues);
            case DELAYED -> delayed();
            case IN_FLIGHT -> withEngine(this::inFlight);
            case WAITING -> withEngine(this::waiting);
            case FIRST_MESSAGE -> firstMessages();
            default -> throw new IllegalStateException("unknown part: " + load.part());
        }
        if (arrivals.damaged() > 0) {
            throw new IllegalStateException("messages were damaged: damaged=" + arrivals.damaged());
        }
    }

    private interface Steps {
        void run(Engine engine, StepMeter meter);
    }

    private Engine open() {
        return Engine.inMemory(EngineConfig.defaults().withOffHeapLimit(load.offHeapLimit()));
    }

    private void withEngine(Steps steps) {
        try (Engine engine = open()) {
            steps.run(engine, new StepMeter(engine, count));
        }
    }

    private static MessageQueue queueOf(Engine engine) {
        return engine.queue(QUEUE, c -> c.withVisibilityTimeout(Duration.ofHours(1)));
    }

    // ---- many queues

    private void queues(Engine engine, StepMeter meter) {
        MessageQueue[] queues = new MessageQueue[Math.toIntExact(count)];
        Message message = Message.bytes(payload.newArray());
        tell(ScaleStep.QUEUES_CREATE, meter.measure(done -> {
            queues[(int) done] = engine.queue("scale-" + done);
            return 1;
        }));
        tell(ScaleStep.QUEUES_SEND, meter.measure(done -> {
            var unused = queues[(int) done].send(message);
            return 1;
        }));
        tell(ScaleStep.QUEUES_DRAIN, meter.measure(done -> {
            for (Delivery delivery : queues[(int) done].receive(1)) {
                arrivals.arrived(delivery.bytes());
                return delivery.ack() ? 1 : 0;
            }
            throw new IllegalStateException("a queue has lost its message: queue=" + queues[(int) done].name());
        }));
        tell(ScaleStep.QUEUES_DELETE, meter.measure(done -> {
            String name = queues[(int) done].name();
            queues[(int) done] = queues[0];
            engine.catalog().delete(name);
            return 1;
        }));
    }

    private void tell(ScaleStep step, StepCost cost) {
        listener.onStep(step, cost);
    }

    // ---- many messages of one queue

    private void waiting(Engine engine, StepMeter meter) {
        MessageQueue queue = queueOf(engine);
        tell(ScaleStep.WAITING_SEND, send(queue, meter));
        tell(ScaleStep.WAITING_DRAIN, drain(queue, meter));
    }

    private StepCost send(MessageQueue queue, StepMeter meter) {
        try (RawSender sender = queue.raw().sender()) {
            return meter.measure(done -> sent(sender.offer(source, 0, payload.length())));
        }
    }

    private static long sent(long result) {
        if (result < 0) {
            throw new IllegalStateException("a message was refused: code=" + Codes.nameOf(result));
        }
        return 1;
    }

    private StepCost drain(MessageQueue queue, StepMeter meter) {
        try (RawReceiver receiver = queue.raw().receiver()) {
            RawHandler handler = (delivery, bytes, offset, length, endOfPoll) -> {
                arrivals.arrived(bytes, offset, length);
                return Disposition.ACK;
            };
            return meter.measure(done -> polled(receiver.poll(handler, BATCH)));
        }
    }

    private static long polled(int result) {
        if (result < 0) {
            throw new IllegalStateException("a poll was refused: code=" + Codes.nameOf(result));
        }
        return result;
    }

    private void inFlight(Engine engine, StepMeter meter) {
        MessageQueue queue = queueOf(engine);
        long[] numbers = new long[Math.toIntExact(count)];
        tell(ScaleStep.IN_FLIGHT_SEND, send(queue, meter));
        try (RawReceiver receiver = queue.raw().receiver()) {
            int[] held = new int[1];
            RawHandler handler = (delivery, bytes, offset, length, endOfPoll) -> {
                arrivals.arrived(bytes, offset, length);
                numbers[held[0]++] = delivery.deliveryNumber();
                return Disposition.HOLD;
            };
            tell(ScaleStep.IN_FLIGHT_RECEIVE, meter.measure(done -> polled(receiver.poll(handler, BATCH))));
            tell(ScaleStep.IN_FLIGHT_ACK, meter.measure(done -> sent(receiver.ack(numbers[(int) done]))));
        }
    }

    // ---- many delayed messages

    /** All messages are due at the same instant, which has to come after the last of them was sent. */
    private void delayed() {
        long roomMs = LEAST_DELAY_MS + count * DELAY_NS_EACH / NS_PER_MS;
        for (int i = 0; i < TRIES; i++, roomMs *= 2) {
            if (delayed(roomMs)) {
                return;
            }
        }
        throw new IllegalStateException("sending took longer than the delay: count=" + count + " delayMs=" + roomMs);
    }

    private boolean delayed(long roomMs) {
        try (Engine engine = open()) {
            StepMeter meter = new StepMeter(engine, count);
            MessageQueue queue = queueOf(engine);
            long dueNs = System.nanoTime() + roomMs * NS_PER_MS;
            StepCost sending = sendDelayed(queue, meter, dueNs);
            if (System.nanoTime() >= dueNs || queue.admin().stats().delayed() != count) {
                return false;
            }
            StepCost becomingDue = awaitDue(queue, meter, dueNs);
            tell(ScaleStep.DELAYED_SEND, sending);
            tell(ScaleStep.DELAYED_DUE, becomingDue);
            tell(ScaleStep.DELAYED_DRAIN, drain(queue, meter));
            return true;
        }
    }

    private StepCost sendDelayed(MessageQueue queue, StepMeter meter, long dueNs) {
        try (RawSender sender = queue.raw().sender()) {
            return meter.measure(done -> {
                long delayMs = Math.max(0, (dueNs - System.nanoTime()) / NS_PER_MS);
                return sent(sender.offer(source, 0, payload.length(), delayMs));
            });
        }
    }

    /** Watches the count of visible messages grow; the times are those from the instant on until they were seen. */
    private StepCost awaitDue(MessageQueue queue, StepMeter meter, long dueNs) {
        Histogram times = StepMeter.newHistogram();
        long allocatedBefore = StepMeter.allocatedBytes();
        long visible = 0;
        long elapsedNs = 0;
        while (visible < count) {
            LockSupport.parkNanos(LOOK_EVERY_NS);
            QueueStats stats = queue.admin().stats();
            elapsedNs = Math.max(1, System.nanoTime() - dueNs);
            if (stats.visible() > visible) {
                times.recordValueWithCount(elapsedNs, stats.visible() - visible);
                visible = stats.visible();
            }
            if (elapsedNs > LONGEST_WAIT_NS) {
                throw new IllegalStateException("messages do not become due: visible=" + visible + " count=" + count);
            }
        }
        return meter.cost((double) elapsedNs / count, times, StepMeter.allocatedBytes() - allocatedBefore);
    }

    // ---- the first message

    private void firstMessages() {
        Histogram times = StepMeter.newHistogram();
        Message message = Message.bytes(payload.newArray());
        long allocatedBefore = StepMeter.allocatedBytes();
        long offHeapBytes = 0;
        for (long i = 0; i < count; i++) {
            long beginNs = System.nanoTime();
            try (Engine engine = open()) {
                FirstMessage.through(engine, message);
                times.recordValue(System.nanoTime() - beginNs);
                offHeapBytes = engine.stats().offHeapBytes();
            }
        }
        long allocated = StepMeter.allocatedBytes() - allocatedBefore;
        double medianNs = times.getValueAtPercentile(50);
        tell(
                ScaleStep.FIRST_MESSAGE_WARM,
                new StepCost(
                        medianNs,
                        medianNs / 1e3,
                        times.getValueAtPercentile(99) / 1e3,
                        (double) allocated / count,
                        offHeapBytes,
                        0));
    }
}
