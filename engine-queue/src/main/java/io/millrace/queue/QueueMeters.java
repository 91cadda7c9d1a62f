package io.millrace.queue;

import io.millrace.api.queue.QueueStats;
import io.millrace.core.EngineCore;
import io.millrace.core.concurrent.OperationGate;
import io.millrace.core.metrics.MeterSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;

/** The figures of one queue as meters. Thread-safe; reading one allocates a little, and nothing else costs anything. */
final class QueueMeters {
    private static final String MESSAGES = "messages";

    private final HeapQueue queue;
    private final EngineCore core;
    private final MeterSet meters;

    QueueMeters(HeapQueue queue, EngineCore core) {
        this.queue = queue;
        this.core = core;
        this.meters = new MeterSet(core.metrics(), Map.of("queue", queue.name()));
    }

    /** Shows the meters. Called once, when the queue can be used. */
    void register() {
        if (meters.isWanted()) {
            registerStates();
            registerCounts();
        }
    }

    /** Takes them back. Idempotent. */
    void remove() {
        meters.remove();
    }

    private void registerStates() {
        registerState("visible", QueueStats::visible);
        registerState("in_flight", QueueStats::inFlight);
        registerState("delayed", QueueStats::delayed);
        meters.show(
                "millrace.queue.waiting_receivers",
                "receivers",
                "Receives that wait for a message, threads and futures",
                () -> queue.waiters().count());
        meters.show(
                "millrace.queue.oldest_age",
                "milliseconds",
                "Time since the message that has the first place in the queue was sent, 0 if there is none",
                this::oldestAgeMs);
    }

    private void registerState(String state, ToLongFunction<QueueStats> figure) {
        meters.show("millrace.queue.messages", "state", state, MESSAGES, "Messages by state", reading(figure));
    }

    private void registerCounts() {
        count("sent", "Messages that were sent, those moved here from another queue left out", QueueStats::sent);
        count("received", "Deliveries that were handed out", QueueStats::received);
        count("acked", "Messages that were acknowledged", QueueStats::acked);
        count("expired", "Messages that were removed because their retention was over", QueueStats::expired);
        count("dead_lettered", "Messages that were moved to the dead-letter queue", QueueStats::deadLettered);
        count("purged", "Messages that were removed by a purge", QueueStats::purged);
    }

    private void count(String what, String description, ToLongFunction<QueueStats> figure) {
        meters.count("millrace.queue." + what, MESSAGES, description, reading(figure));
    }

    /** The counters are on the heap, so they may be read without the gate, and after the queue has gone. */
    private LongSupplier reading(ToLongFunction<QueueStats> figure) {
        return () -> figure.applyAsLong(queue.upkeep().counted(0, OptionalLong.empty()));
    }

    private long oldestAgeMs() {
        final int word = core.gate().enter();
        if (word == OperationGate.CLOSED) {
            return 0;
        }
        try {
            return queue.slots().isClosed()
                    ? 0
                    : queue.upkeep().oldestAgeMs(core.time().nowMs()).orElse(0);
        } finally {
            core.exit(word);
        }
    }
}
