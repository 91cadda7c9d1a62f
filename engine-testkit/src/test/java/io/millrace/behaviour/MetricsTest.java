package io.millrace.behaviour;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.EngineConfig;
import io.millrace.api.EngineMeter;
import io.millrace.api.EngineMetrics;
import io.millrace.api.queue.MessageQueue;
import io.millrace.api.queue.ReceiveOptions;
import io.millrace.api.queue.RedrivePolicy;
import io.millrace.api.raw.Claim;
import io.millrace.api.raw.RawSender;
import io.millrace.testkit.LeakCheck;
import io.millrace.testkit.TestEngine;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Figures of engines and queues, as a metrics library sees them. */
@ExtendWith(LeakCheck.class)
@Timeout(60)
class MetricsTest {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(millrace\\.[a-z_.]+)` \\| (\\w+) \\| (\\w+) \\|");

    private static final String GUARANTEES = Pages.GUARANTEES; // read before the leak check looks

    private final List<EngineMeter> shown = new CopyOnWriteArrayList<>();
    private final TestEngine engine =
            TestEngine.inMemory(EngineConfig.defaults().withMetrics(meter -> {
                shown.add(meter);
                return () -> assertThat(shown.remove(meter)).isTrue();
            }));
    private final MessageQueue queue = engine.queue("orders");

    @AfterEach
    void close() {
        engine.close();
    }

    private EngineMeter meter(String name, Map<String, String> tags) {
        return shown.stream()
                .filter(meter ->
                        meter.name().equals("millrace." + name) && meter.tags().equals(tags))
                .findFirst()
                .orElseThrow();
    }

    private long of(String figure) {
        return meter("queue." + figure, Map.of("queue", "orders")).value();
    }

    private long inState(String state) {
        return meter("queue.messages", Map.of("queue", "orders", "state", state))
                .value();
    }

    @Nested
    class Values {
        @Test
        void shouldAgreeWithTheStatsOfTheQueue() {
            engine.queue("dead");
            queue.admin()
                    .update(c -> c.withRedrive(new RedrivePolicy("dead", 1)).withRetention(ofMinutes(10)));
            for (int i = 0; i < 10; i++) {
                queue.send("m" + i);
            }
            queue.receive(3).get(0).ack();
            engine.clock().advance(ofSeconds(31));
            assertThat(queue.receive(1)).as("two have moved, the next comes").hasSize(1);
            var waiting =
                    engine.queue("other").receiveAsync(ReceiveOptions.upTo(1).withWait(ofMinutes(1)));

            var stats = queue.admin().stats();
            assertThat(stats.deadLettered()).isEqualTo(2);
            assertThat(inState("visible")).isEqualTo(stats.visible()).isEqualTo(6);
            assertThat(inState("in_flight")).isEqualTo(stats.inFlight()).isEqualTo(1);
            assertThat(inState("delayed")).isZero();
            assertThat(of("sent")).isEqualTo(10);
            assertThat(of("received")).isEqualTo(stats.received()).isEqualTo(4);
            assertThat(of("acked")).isEqualTo(1);
            assertThat(of("dead_lettered")).isEqualTo(2);
            assertThat(of("oldest_age")).isEqualTo(31_000);
            assertThat(meter("queue.waiting_receivers", Map.of("queue", "other"))
                            .value())
                    .isEqualTo(1);

            waiting.cancel(false);
            engine.clock().advance(ofMinutes(10));
            assertThat(of("expired")).isEqualTo(7);
            queue.send("late");
            queue.admin().purge();
            assertThat(of("purged")).isEqualTo(1);
        }

        @Test
        void shouldAgreeWithTheStatsOfTheEngine() {
            queue.send("one");

            var stats = engine.stats();
            assertThat(meter("engine.queues", Map.of()).value()).isEqualTo(1);
            assertThat(meter("engine.off_heap.used", Map.of()).value()).isEqualTo(stats.offHeapBytes());
            assertThat(meter("engine.off_heap.limit", Map.of()).value()).isEqualTo(stats.offHeapLimit());
            assertThat(meter("engine.log.segments", Map.of()).value()).isEqualTo(stats.logSegments());
            assertThat(meter("engine.log.live", Map.of()).value()).isEqualTo(stats.logLiveBytes());
            assertThat(meter("engine.log.size", Map.of()).value()).isEqualTo(stats.logBytes());
            assertThat(meter("engine.blocks", Map.of()).value()).isEqualTo(stats.blocksInUse());
            assertThat(meter("engine.conductor.cycles", Map.of()).value()).isEqualTo(stats.conductorCycles());
        }

        @Test
        void shouldNeverLetACounterGoBack() {
            RawSender sender = queue.raw().sender();
            Claim claim = sender.newClaim();
            assertThat(sender.tryClaim(8, claim)).isZero();
            assertThat(of("sent")).isEqualTo(1);

            claim.abort();
            assertThat(queue.admin().stats().sent()).isZero();
            assertThat(of("sent")).isEqualTo(1);
            queue.send("one");
            assertThat(of("sent")).isEqualTo(1);
            queue.send("two");
            assertThat(of("sent")).isEqualTo(2);
            sender.close();
        }

        @Test
        void shouldBeReadableWhenTheQueueHasGoneAndTheEngineIsClosed() {
            queue.send("one");
            engine.queue("kept").send("one");
            List<EngineMeter> held = List.copyOf(shown);

            engine.catalog().delete("orders");
            assertThat(held).allSatisfy(meter -> assertThat(meter.value()).isNotNegative());
            engine.close();
            assertThat(held).allSatisfy(meter -> assertThat(meter.value()).isNotNegative());
        }
    }

    @Nested
    class ComingAndGoing {
        @Test
        void shouldTakeBackTheMetersOfADeletedQueueBeforeOthersTakeTheirNames() {
            queue.send("one");
            List<EngineMeter> old = List.copyOf(shown);

            engine.catalog().delete("orders");
            assertThat(shown).allSatisfy(meter -> assertThat(meter.tags()).isEmpty());
            engine.queue("orders");

            assertThat(shown).hasSameSizeAs(old);
            assertThat(of("sent")).isZero();
        }

        @Test
        void shouldTakeBackEverythingOnce() {
            engine.queue("other");

            engine.close();
            engine.close();

            assertThat(shown).isEmpty();
        }

        @Test
        void shouldGoOnWhenTheLibraryFails() {
            EngineMetrics failing = new EngineMetrics() {
                private int calls;

                @Override
                public Registration register(EngineMeter meter) {
                    return switch (calls++ % 3) {
                        case 0 -> throw new IllegalStateException("an error that the test wants");
                        case 1 ->
                            () -> {
                                throw new IllegalStateException("an error that the test wants");
                            };
                        default -> () -> {};
                    };
                }
            };
            try (TestEngine unlucky =
                    TestEngine.inMemory(EngineConfig.defaults().withMetrics(failing))) {
                unlucky.queue("orders").send("one");
                unlucky.catalog().delete("orders");
                assertThat(unlucky.queue("orders").receive(1)).isEmpty();
            }
        }
    }

    @Test
    void shouldStandInTheTableOfTheGuarantees() {
        Map<String, String> rows = new TreeMap<>();
        for (MatchResult row : ROW.matcher(GUARANTEES).results().toList()) {
            rows.put(row.group(1), row.group(2) + " " + row.group(3));
        }

        Map<String, String> meters = new TreeMap<>();
        for (EngineMeter meter : shown) {
            meters.put(meter.name(), meter.kind().name().toLowerCase(Locale.ROOT) + " " + meter.unit());
        }
        assertThat(rows).isNotEmpty().isEqualTo(meters);
    }
}
