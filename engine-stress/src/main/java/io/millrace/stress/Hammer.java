package io.millrace.stress;

import io.millrace.Engine;
import io.millrace.api.EngineClock;
import io.millrace.api.EngineConfig;
import io.millrace.api.Message;
import io.millrace.api.queue.Delivery;
import io.millrace.api.queue.MessageQueue;
import io.millrace.api.queue.QueueStats;
import io.millrace.api.queue.ReceiveOptions;
import io.millrace.api.raw.Claim;
import io.millrace.api.raw.Disposition;
import io.millrace.api.raw.RawDelivery;
import io.millrace.api.raw.RawHandler;
import io.millrace.api.raw.RawReceiver;
import io.millrace.api.raw.RawSender;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One round: senders and receivers in both tiers do at random whatever the API lets them do, abort, give back, hold, cancel,
 * until every message has been acknowledged. Messages are numbered, so that a round can say which are missing, torn or invented.
 * Used once.
 */
// The decisions follow from the seed; which thread comes first does not.
final class Hammer {
    /** Messages of a round. */
    static final int MESSAGES = 200_000;

    /** After this time a round counts as hung, in milliseconds. */
    static final long LONGEST_ROUND_MS = 60_000;

    private static final int SENDERS = 2;
    private static final int RECEIVERS = 3;
    private static final int MAX_BACKLOG = 20_000;
    private static final long OFF_HEAP_BYTES = 64L << 20;
    private static final long NS_PER_MS = 1_000_000L;
    private static final int SHOWN = 10;
    private static final int LONGEST_PAYLOAD = 108;

    // A cramped round: messages that stay a while amid many that end at once, in so little memory that the cleaner
    // never rests.
    private static final long CRAMPED_OFF_HEAP_BYTES = 12L << 20;
    private static final int LONGEST_CRAMPED_PAYLOAD = 400;
    private static final int LONGEST_CRAMPED_DELAY_MS = 1_000;
    private static final int LARGE = 2_000;

    /** What became of a round; no problem means that it holds. */
    record Report(int acked, long received, List<String> problems) {
        @Override
        public String toString() {
            return "acked=" + acked + " received=" + received + " problems=" + problems.size();
        }
    }

    private final long seed;
    private final boolean forgetful;
    private final boolean cramped;
    private final Duration hidden;
    private final AtomicInteger nextNumber = new AtomicInteger();
    private final AtomicInteger distinctAcked = new AtomicInteger();
    private final AtomicIntegerArray acks = new AtomicIntegerArray(MESSAGES);
    private final AtomicLong received = new AtomicLong();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    Hammer(long seed) {
        this.seed = seed;
        final SplittableRandom random = new SplittableRandom(seed);
        this.forgetful = random.nextInt(3) == 0;
        this.cramped = random.nextInt(10) == 0;
        this.hidden = forgetful
                ? Duration.ofMillis(5)
                : Duration.ofMinutes(10); // too long for a lost flight to come back in time
    }

    private boolean isOver() {
        return distinctAcked.get() == MESSAGES || failure.get() != null;
    }

    Report run() throws InterruptedException {
        final long offHeapBytes = cramped ? CRAMPED_OFF_HEAP_BYTES : OFF_HEAP_BYTES;
        try (Engine engine = Engine.inMemory(EngineConfig.defaults().withOffHeapLimit(offHeapBytes))) {
            final MessageQueue queue = engine.queue(
                    "hammer", config -> config.withVisibilityTimeout(hidden).withMaxBacklog(MAX_BACKLOG));
            final List<Thread> threads = new ArrayList<>();
            final SplittableRandom seeds = new SplittableRandom(seed);
            for (int i = 0; i < SENDERS; i++) {
                threads.add(thread("sender-" + i, new Sender(queue, seeds.split())::run));
            }
            for (int i = 0; i < RECEIVERS; i++) {
                threads.add(thread("receiver-" + i, new Receiver(queue, seeds.split())::run));
            }
            threads.forEach(Thread::start);
            final List<String> problems = new ArrayList<>(await(threads));
            checkEnd(queue, problems);
            return new Report(distinctAcked.get(), received.get(), problems);
        }
    }

    private interface Work {
        void run() throws Exception;
    }

    private Thread thread(String name, Work work) {
        final Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (Exception | Error e) {
                        failure.compareAndSet(null, e);
                    }
                },
                name);
        thread.setDaemon(true);
        return thread;
    }

    private static List<String> await(List<Thread> threads) throws InterruptedException {
        final List<String> hung = new ArrayList<>();
        final long untilNs = EngineClock.system().monotonicNs() + LONGEST_ROUND_MS * NS_PER_MS;
        for (Thread thread : threads) {
            thread.join(Math.max(1, (untilNs - EngineClock.system().monotonicNs()) / NS_PER_MS));
            if (thread.isAlive()) {
                hung.add("hung: " + thread.getName() + " at "
                        + List.of(thread.getStackTrace()).stream().limit(SHOWN).toList());
            }
        }
        return hung;
    }

    private void checkEnd(MessageQueue queue, List<String> problems) {
        final Throwable thrown = failure.get();
        if (thrown != null) {
            problems.add(
                    0,
                    "thrown: " + thrown + " at "
                            + List.of(thrown.getStackTrace()).stream()
                                    .limit(SHOWN)
                                    .toList());
        }
        final int missing = MESSAGES - distinctAcked.get();
        if (missing > 0) {
            problems.add("missing: " + missing + " messages, the first are " + firstMissing() + ", sent up to "
                    + nextNumber.get() + ", waiting="
                    + queue.admin().peek(SHOWN).size());
        }
        final QueueStats stats = queue.admin().stats();
        final long living = stats.visible() + stats.inFlight() + stats.delayed();
        if (problems.isEmpty() && (living != 0 || stats.sent() != MESSAGES || stats.acked() != MESSAGES)) {
            problems.add("counters do not add up to " + MESSAGES + ": " + stats);
        }
    }

    /** Buffers of the raw tier have the processor's order, arrays have not: numbers stand in one order everywhere. */
    private static int bigEndian(ByteBuffer buffer, int value) {
        return buffer.order() == ByteOrder.BIG_ENDIAN ? value : Integer.reverseBytes(value);
    }

    private List<Integer> firstMissing() {
        final List<Integer> missing = new ArrayList<>();
        for (int number = 0; number < MESSAGES && missing.size() < SHOWN; number++) {
            if (acks.get(number) == 0) {
                missing.add(number);
            }
        }
        return missing;
    }

    // ---- senders --------------------------------------------------------------------------------------------------

    private final class Sender {
        private final MessageQueue queue;
        private final SplittableRandom random;
        private final ByteBuffer buffer = ByteBuffer.allocateDirect(LARGE);

        Sender(MessageQueue queue, SplittableRandom random) {
            this.queue = queue;
            this.random = random;
        }

        @SuppressWarnings("ThreadPriorityCheck") // the receivers have to make room
        void run() {
            try (RawSender sender = queue.raw().sender()) {
                final Claim claim = sender.newClaim();
                for (int number = nextNumber.getAndIncrement();
                        number < MESSAGES;
                        number = nextNumber.getAndIncrement()) {
                    while (!isOver() && !send(sender, claim, number)) {
                        Thread.yield();
                    }
                }
            }
        }

        private int length() {
            final int longest = cramped ? LONGEST_CRAMPED_PAYLOAD : LONGEST_PAYLOAD;
            return random.nextInt(500) == 0 ? LARGE : 2 * Integer.BYTES + random.nextInt(longest);
        }

        private int delayMs() {
            if (cramped) {
                return random.nextInt(30) == 0 ? random.nextInt(LONGEST_CRAMPED_DELAY_MS) : 0;
            }
            return random.nextInt(20) == 0 ? random.nextInt(5) : 0;
        }

        private boolean send(RawSender sender, Claim claim, int number) {
            return switch (random.nextInt(4)) {
                case 0 -> offer(sender, number);
                case 1 -> claim(sender, claim, number);
                default -> trySend(number);
            };
        }

        /** The number at both ends, so that a torn payload shows. */
        private void write(ByteBuffer target, int offset, int length, int number) {
            final int ordered = bigEndian(target, number);
            target.putInt(offset, ordered).putInt(offset + length - Integer.BYTES, ordered);
        }

        private boolean offer(RawSender sender, int number) {
            final int length = length();
            write(buffer, 0, length, number);
            return sender.offer(buffer, 0, length, delayMs()) >= 0;
        }

        private boolean claim(RawSender sender, Claim claim, int number) {
            if (random.nextInt(5) == 0 && sender.tryClaim(length(), claim) >= 0) {
                claim.abort();
            }
            final int length = length();
            if (sender.tryClaim(length, claim) < 0) {
                return false;
            }
            write(claim.buffer(), claim.offset(), length, number);
            claim.commit();
            return true;
        }

        private boolean trySend(int number) {
            final byte[] bytes = new byte[length()];
            write(ByteBuffer.wrap(bytes), 0, bytes.length, number);
            final Message message = Message.bytes(bytes);
            final int delayMs = delayMs();
            return queue.trySend(delayMs > 0 ? message.withDelay(Duration.ofMillis(delayMs)) : message)
                    .isAccepted();
        }
    }

    // ---- receivers ------------------------------------------------------------------------------------------------

    /** What a receiver does with a message. */
    private enum Fate {
        ACK,
        RETRY,
        FORGET,
        STOP
    }

    private final class Receiver {
        private final MessageQueue queue;
        private final SplittableRandom random;

        Receiver(MessageQueue queue, SplittableRandom random) {
            this.queue = queue;
            this.random = random;
        }

        void run() throws InterruptedException, ExecutionException {
            try (RawReceiver receiver = queue.raw().receiver()) {
                while (!isOver()) {
                    switch (random.nextInt(4)) {
                        case 0 -> receiver.poll(handler(), 1 + random.nextInt(100));
                        case 1 -> receiveLater();
                        default -> queue.receive(1 + random.nextInt(30)).forEach(this::take);
                    }
                }
            }
        }

        private void receiveLater() throws InterruptedException, ExecutionException {
            final ReceiveOptions options =
                    ReceiveOptions.upTo(1 + random.nextInt(20)).withWait(Duration.ofMillis(1 + random.nextInt(3)));
            final CompletableFuture<List<Delivery>> future = queue.receiveAsync(options);
            if (random.nextInt(3) != 0 || !future.cancel(false)) {
                future.get().forEach(this::take);
            }
        }

        private Fate fate() {
            return switch (random.nextInt(20)) {
                case 0 -> Fate.RETRY;
                case 1 -> forgetful ? Fate.FORGET : Fate.ACK;
                case 2 -> Fate.STOP;
                default -> Fate.ACK;
            };
        }

        private int check(int first, int last) {
            if (first != last || first < 0 || first >= MESSAGES) {
                throw new IllegalStateException("torn or invented message: first=" + first + " last=" + last);
            }
            received.incrementAndGet();
            return first;
        }

        private void acked(int number) {
            if (acks.incrementAndGet(number) == 1) {
                distinctAcked.incrementAndGet();
            } else if (!forgetful) {
                throw new IllegalStateException("acknowledged twice: number=" + number);
            }
        }

        private void take(Delivery delivery) {
            final ByteBuffer bytes = ByteBuffer.wrap(delivery.bytes());
            final int number = check(bytes.getInt(0), bytes.getInt(bytes.capacity() - Integer.BYTES));
            switch (fate()) {
                case RETRY -> delivery.retryAfter(Duration.ofMillis(random.nextInt(cramped ? 500 : 3)));
                case FORGET -> {}
                default -> {
                    if (delivery.ack()) {
                        acked(number);
                    }
                }
            }
        }

        private RawHandler handler() {
            return (RawDelivery delivery, ByteBuffer payload, int offset, int length, boolean endOfPoll) -> {
                final int number = check(
                        bigEndian(payload, payload.getInt(offset)),
                        bigEndian(payload, payload.getInt(offset + length - Integer.BYTES)));
                return switch (fate()) {
                    case RETRY -> Disposition.RETRY;
                    case FORGET -> Disposition.HOLD;
                    case STOP -> Disposition.STOP;
                    case ACK -> {
                        acked(number);
                        yield Disposition.ACK;
                    }
                };
            };
        }
    }
}
