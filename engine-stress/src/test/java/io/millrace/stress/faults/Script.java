package io.millrace.stress.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.Engine;
import io.millrace.HookedEngine;
import io.millrace.api.Durability;
import io.millrace.api.EngineConfig;
import io.millrace.api.EngineException;
import io.millrace.api.EngineFailedException;
import io.millrace.api.Message;
import io.millrace.api.NoSpaceException;
import io.millrace.api.Refusal;
import io.millrace.api.SendRefusedException;
import io.millrace.api.queue.Delivery;
import io.millrace.api.queue.MessageQueue;
import io.millrace.api.queue.PeekedMessage;
import io.millrace.api.queue.QueueConfig;
import io.millrace.api.queue.RedrivePolicy;
import io.millrace.api.queue.SendResult;
import io.millrace.api.raw.Codes;
import io.millrace.api.raw.RawSender;
import io.millrace.testkit.ManualClock;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A little of everything on an engine whose system calls fail, which remembers what it was told. Whatever is thrown must be typed;
 * once the engine has failed it must stay so. Confined to one thread.
 */
final class Script {
    private static final int BIG_BYTES = 10_000;
    private static final int LARGE_BYTES = 1_200_000;
    private static final long OFF_HEAP_BYTES = 32L << 20;

    private final Path directory;
    private final Durability durability;
    private final ManualClock clock = new ManualClock();

    private final Set<Integer> sent = new TreeSet<>();
    private final Set<Integer> perhapsSent = new HashSet<>();
    private final Set<Integer> ended = new TreeSet<>();
    private final Set<Integer> perhapsEnded = new HashSet<>();
    private final Set<Integer> deadLettered = new HashSet<>();
    private final List<String> said = new ArrayList<>();
    private Optional<Duration> visibility = Optional.empty();
    private FailingCalls calls = new FailingCalls(0, false, "");
    private boolean isNew = true;
    private boolean hasDeadLetters;
    private boolean changing;
    private boolean failed;
    private int number;

    Script(Path directory, Durability durability) {
        this.directory = directory;
        this.durability = durability;
    }

    private static EngineConfig config(ManualClock clock) {
        return EngineConfig.defaults().withOffHeapLimit(OFF_HEAP_BYTES).withClock(clock);
    }

    /** What was thrown and refused. */
    List<String> said() {
        return said;
    }

    // ---- what is done ---------------------------------------------------------------------------------------------

    /** Opens an engine, uses and closes it. */
    void run(FailingCalls failing) {
        calls = failing;
        final Optional<Engine> opened =
                attempt("open", () -> HookedEngine.open(directory, durability, config(clock), calls));
        failed = false; // an open that fails leaves nothing that could have
        opened.ifPresent(this::playAndClose);
    }

    private void playAndClose(Engine engine) {
        try {
            play(engine);
        } catch (AssertionError | RuntimeException e) {
            closeAfter(engine, e);
            throw e;
        }
        attempt("close", () -> {
            engine.close();
            return true;
        });
    }

    private static void closeAfter(Engine engine, Throwable failure) {
        try {
            engine.close();
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    private void play(Engine engine) {
        final Optional<RedrivePolicy> policy =
                queue(engine, "dead", c -> c).map(dead -> new RedrivePolicy(dead.name(), 3));
        hasDeadLetters = policy.isPresent();
        final Optional<MessageQueue> orders = queue(
                engine,
                "orders",
                c -> isNew ? policy.map(c::withRedrive).orElse(c).withMaxMessageBytes(LARGE_BYTES) : c);
        isNew = false;
        orders.ifPresent(queue -> play(engine, queue));
    }

    private void play(Engine engine, MessageQueue orders) {
        for (int i = 0; i < 8; i++) {
            send(orders, 10);
        }
        receive(orders, 3).forEach(this::ack);
        receive(orders, 1).forEach(this::deadLetter);
        raw(orders);
        change(orders, Duration.ofMinutes(5));
        for (int i = 0; i < 14; i++) {
            send(orders, BIG_BYTES); // into other segments
        }
        pass();
        receive(orders, 10).forEach(this::ack);
        receive(orders, 10).forEach(this::ack);
        pass();
        send(orders, LARGE_BYTES - 100);
        sendAll(orders);
        queue(engine, "short", c -> c)
                .ifPresent(queue -> attempt("delete", () -> {
                    engine.catalog().delete(queue.name());
                    return true;
                }));
        receive(orders, 1).forEach(this::ack);
        change(orders, Duration.ofMinutes(6));
        pass();
        send(orders, 20);
    }

    private Optional<MessageQueue> queue(
            Engine engine, String name, java.util.function.UnaryOperator<QueueConfig> change) {
        return attempt("queue", () -> engine.queue(name, change));
    }

    private void pass() {
        attempt("pass", () -> {
            clock.advance(Duration.ofSeconds(2));
            return true;
        });
    }

    private void send(MessageQueue queue, int length) {
        final int own = ++number;
        perhapsSent.add(own);
        final Optional<SendResult> result = attempt("send", () -> queue.trySend(message(own, length)));
        result.ifPresent(answer -> answered(own, answer));
    }

    private void sendAll(MessageQueue queue) {
        final int first = number + 1;
        final List<Message> batch = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            perhapsSent.add(++number);
            batch.add(message(number, 50));
        }
        attempt("sendAll", () -> queue.sendAll(batch)).ifPresent(results -> {
            for (int i = 0; i < results.size(); i++) {
                answered(first + i, results.get(i));
            }
        });
    }

    private void answered(int own, SendResult answer) {
        if (answer instanceof SendResult.Refused refused) {
            assertThat(refused.why().reason()).isIn(Refusal.Reason.DISK_FULL, Refusal.Reason.OFF_HEAP_LIMIT);
            said.add("send: " + refused.why().reason());
            perhapsSent.remove(own);
        } else {
            acknowledged("send");
            sent.add(own);
        }
    }

    private void raw(MessageQueue queue) {
        final int own = ++number;
        perhapsSent.add(own);
        final byte[] payload = message(own, 30).bytes();
        attempt("offer", () -> {
                    try (RawSender sender = queue.raw().sender()) {
                        return sender.offer(ByteBuffer.allocateDirect(30).put(0, payload), 0, 30);
                    }
                })
                .ifPresent(code -> {
                    if (code >= 0) {
                        acknowledged("offer");
                        sent.add(own);
                    } else {
                        said.add("offer: " + Codes.nameOf(code));
                    }
                });
    }

    private List<Delivery> receive(MessageQueue queue, int max) {
        return attempt("receive", () -> queue.receive(max)).orElse(List.of());
    }

    private void ack(Delivery delivery) {
        final int own = numberOf(delivery.bytes());
        perhapsEnded.add(own);
        attempt("ack", delivery::ack).ifPresent(acked -> {
            if (acked) {
                acknowledged("ack");
                ended.add(own);
            } else {
                perhapsEnded.remove(own);
            }
        });
    }

    private void deadLetter(Delivery delivery) {
        if (!hasDeadLetters) {
            return;
        }
        attempt("deadLetter", () -> delivery.deadLetter("broken")).ifPresent(moved -> {
            if (moved) {
                acknowledged("deadLetter");
                deadLettered.add(numberOf(delivery.bytes()));
            }
        });
    }

    private void change(MessageQueue queue, Duration timeout) {
        changing = true;
        attempt("update", () -> queue.admin().update(c -> c.withVisibilityTimeout(timeout)))
                .ifPresent(changed -> {
                    acknowledged("update");
                    visibility = Optional.of(timeout);
                    changing = false;
                });
    }

    private static Message message(int number, int length) {
        final byte[] payload = new byte[Math.max(length, 10)];
        final byte[] name = (number + ";").getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(name, 0, payload, 0, name.length);
        return Message.bytes(payload);
    }

    private static int numberOf(byte[] payload) {
        final String start = new String(payload, 0, 10, StandardCharsets.US_ASCII);
        return Integer.parseInt(start.substring(0, start.indexOf(';')));
    }

    // ---- what may be answered -------------------------------------------------------------------------------------

    /** Empty if it threw something that it may throw. */
    private <T> Optional<T> attempt(String what, Supplier<@Nullable T> operation) {
        T answer = null;
        try {
            answer = operation.get();
        } catch (EngineFailedException e) {
            failed = true;
            said.add(what + ": failed");
            return Optional.empty();
        } catch (SendRefusedException | NoSpaceException e) {
            said.add(what + ": " + e.getClass().getSimpleName());
            return Optional.empty();
        } catch (EngineException e) {
            throw new AssertionError(what + " threw what does not tell what is wrong: " + e, e);
        } catch (RuntimeException | Error e) {
            throw new AssertionError(what + " threw what has no type: " + e, e);
        }
        assertThat(failed && !what.equals("close") && !what.equals("pass"))
                .as(what + " answered although the engine had failed")
                .isFalse();
        return Optional.ofNullable(answer);
    }

    private void acknowledged(String what) {
        assertThat(durability == Durability.POWER_LOSS && calls.hasForceFailed())
                .as(what + " was acknowledged after a failed force: " + calls.failed())
                .isFalse();
    }

    // ---- what must be found ---------------------------------------------------------------------------------------

    /** Opens the directory on a sound disk. */
    void verify() {
        try (Engine engine = Engine.open(directory, durability, config(clock))) {
            final Set<Integer> there = new TreeSet<>();
            final List<String> queues = engine.catalog().list("", 100).items();
            for (String queue : queues) {
                for (PeekedMessage message : engine.queue(queue).admin().peek(1_000)) {
                    final int own = numberOf(message.bytes());
                    assertThat(there.add(own)).as("once: " + own).isTrue();
                    assertThat(perhapsSent).contains(own);
                    assertThat(ended).as("had been acknowledged").doesNotContain(own);
                    if (deadLettered.contains(own)) {
                        assertThat(queue).as("queue of " + own).isEqualTo("dead");
                    }
                }
            }
            final Set<Integer> missing = new TreeSet<>(sent);
            missing.removeAll(perhapsEnded);
            missing.removeAll(there);
            assertThat(missing).as("were accepted, and are missing").isEmpty();
            if (!changing && visibility.isPresent()) {
                assertThat(engine.queue("orders").admin().config().visibilityTimeout())
                        .isEqualTo(visibility.get());
            }
            engine.queue("after").send("it goes on");
            assertThat(engine.queue("after").receive(1)).hasSize(1).allMatch(Delivery::ack);
        }
    }

    Map<String, Integer> counts() {
        return Map.of("sent", sent.size(), "ended", ended.size(), "calls", calls.count());
    }
}
