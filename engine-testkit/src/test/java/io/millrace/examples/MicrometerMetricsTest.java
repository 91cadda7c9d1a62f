package io.millrace.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.Engine;
import io.millrace.api.EngineConfig;
import io.millrace.api.Message;
import io.millrace.api.queue.MessageQueue;
import io.millrace.testkit.TestEngine;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An engine's figures in a Micrometer registry. */
@Timeout(60)
class MicrometerMetricsTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    private EngineConfig shownAs(String engine) {
        return EngineConfig.defaults().withMetrics(new MicrometerMetrics(registry, engine));
    }

    @AfterEach
    void closeRegistry() {
        registry.close();
    }

    private double gauge(String name, String... tags) {
        Gauge gauge = registry.get(name).tags(tags).gauge();
        return gauge.value();
    }

    private double counter(String name, String... tags) {
        FunctionCounter counter = registry.get(name).tags(tags).functionCounter();
        return counter.count();
    }

    @Test
    void shouldShowWhatAQueueHoldsAndHasDone() {
        try (TestEngine engine = TestEngine.inMemory(shownAs("shop"))) {
            MessageQueue orders = engine.queue("orders");
            for (int i = 0; i < 5; i++) {
                orders.send("order " + i);
            }
            orders.send(Message.text("later").withDelay(Duration.ofMinutes(5)));
            orders.receive(2).get(0).ack();
            engine.clock().advance(Duration.ofSeconds(7));
            System.gc(); // the registry refers to meters weakly

            String[] of = {"engine", "shop", "queue", "orders"};
            assertThat(gauge("millrace.queue.messages", "queue", "orders", "state", "visible"))
                    .isEqualTo(3);
            assertThat(gauge("millrace.queue.messages", "queue", "orders", "state", "in_flight"))
                    .isEqualTo(1);
            assertThat(gauge("millrace.queue.messages", "queue", "orders", "state", "delayed"))
                    .isEqualTo(1);
            assertThat(counter("millrace.queue.sent", of)).isEqualTo(6);
            assertThat(counter("millrace.queue.received", of)).isEqualTo(2);
            assertThat(counter("millrace.queue.acked", of)).isEqualTo(1);
            assertThat(gauge("millrace.queue.oldest_age", of)).isEqualTo(7_000);
            assertThat(gauge("millrace.engine.queues", "engine", "shop")).isEqualTo(1);
            assertThat(gauge("millrace.engine.off_heap.used", "engine", "shop"))
                    .isEqualTo((double) engine.stats().offHeapBytes());
        }
    }

    @Test
    void shouldShowUnitsAndDescriptions() {
        try (Engine engine = Engine.inMemory(shownAs("shop"))) {
            engine.queue("orders");

            assertThat(registry.getMeters()).hasSize(19).allSatisfy(meter -> {
                assertThat(meter.getId().getBaseUnit()).isNotBlank();
                assertThat(meter.getId().getDescription()).isNotBlank();
            });
        }
    }

    @Test
    void shouldForgetQueuesThatAreDeletedAndEnginesThatAreClosed() {
        Engine kept = Engine.inMemory(shownAs("kept"));
        Engine closed = Engine.inMemory(shownAs("closed"));
        kept.queue("orders");
        kept.queue("returns");
        closed.queue("orders");

        kept.catalog().delete("returns");
        closed.close();

        assertThat(registry.getMeters())
                .extracting(Meter::getId)
                .allSatisfy(id -> assertThat(id.getTag("engine")).isEqualTo("kept"))
                .extracting(id -> id.getTag("queue"))
                .contains("orders")
                .doesNotContain("returns");

        kept.close();
        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void shouldNotKeepAClosedEngineAlive() {
        WeakReference<Engine> engine = openUseAndClose();

        while (engine.get() != null) {
            System.gc();
            LockSupport.parkNanos(1_000_000L);
        }
        assertThat(engine.get()).isNull();
    }

    private WeakReference<Engine> openUseAndClose() {
        Engine engine = Engine.inMemory(shownAs("shop"));
        engine.queue("orders").send("one");
        assertThat(counter("millrace.queue.sent", "queue", "orders")).isEqualTo(1);
        engine.close();
        return new WeakReference<>(engine);
    }
}
