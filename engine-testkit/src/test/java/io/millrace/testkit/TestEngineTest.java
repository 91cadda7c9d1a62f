package io.millrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.millrace.Engine;
import io.millrace.api.EngineClock;
import io.millrace.api.EngineClosedException;
import io.millrace.api.EngineConfig;
import io.millrace.api.Message;
import io.millrace.api.queue.Delivery;
import io.millrace.api.queue.MessageQueue;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A real engine on a clock that stands. */
@ExtendWith(LeakCheck.class)
class TestEngineTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @Test
    void shouldStartNoThread() {
        try (TestEngine engine = TestEngine.inMemory()) {
            engine.queue("orders").send("one");

            assertThat(Thread.getAllStackTraces().keySet())
                    .noneMatch(thread -> thread.getName().startsWith("millrace-"));
        }
    }

    @Test
    void shouldLetTimePassWhenItsClockIsMoved() {
        try (TestEngine engine = TestEngine.inMemory()) {
            final MessageQueue orders = engine.queue("orders");
            orders.send(Message.text("later").withDelay(MINUTE));

            engine.clock().advance(MINUTE.minusMillis(1));
            assertThat(orders.receive(1)).isEmpty();

            engine.clock().advance(Duration.ofMillis(1));
            assertThat(orders.receive(1)).extracting(Delivery::text).containsExactly("later");
        }
    }

    @Test
    void shouldShareAManualClockWithOtherEngines() {
        final ManualClock clock = new ManualClock();
        final EngineConfig config = EngineConfig.defaults().withClock(clock);
        try (TestEngine first = TestEngine.inMemory(config);
                Engine second = Engine.inMemory(config)) {
            first.queue("a").send(Message.text("a").withDelay(MINUTE));
            second.queue("b").send(Message.text("b").withDelay(MINUTE));

            clock.advance(MINUTE);

            assertThat(first.clock()).isSameAs(clock);
            assertThat(first.queue("a").receive(1)).hasSize(1);
            assertThat(second.queue("b").receive(1)).hasSize(1);
        }
    }

    @Test
    void shouldKeepTheLimitsOfItsConfiguration() {
        try (TestEngine engine = TestEngine.inMemory(EngineConfig.defaults().withOffHeapLimit(2 << 20))) {
            assertThat(engine.stats().offHeapLimit()).isEqualTo(2 << 20);
            assertThat(engine.clock().now()).isEqualTo(ManualClock.START);
        }
    }

    @Test
    void shouldRefuseAClockThatMovesByItself() {
        final EngineClock foreign = new EngineClock() {
            @Override
            public long wallMs() {
                return 0;
            }

            @Override
            public long monotonicNs() {
                return 0;
            }
        };

        assertThatIllegalArgumentException()
                .isThrownBy(() -> TestEngine.inMemory(EngineConfig.defaults().withClock(foreign)))
                .withMessageStartingWith("clock must be a ManualClock: clock=");
    }

    @Test
    void shouldBeClosedAsAnyEngine() {
        final TestEngine engine = TestEngine.inMemory();
        final MessageQueue orders = engine.queue("orders");
        engine.close();
        engine.close();

        assertThatExceptionOfType(EngineClosedException.class).isThrownBy(() -> orders.send("late"));
        engine.clock().advance(MINUTE);
    }

    @Nested
    @Timeout(20)
    class WithOneThread {
        @Test
        void shouldAdvanceToTheMessageThatAReceiveWaitsFor() {
            try (TestEngine engine = TestEngine.inMemory()) {
                engine.clock().autoAdvance();
                final MessageQueue orders = engine.queue("orders");
                orders.send(Message.text("later").withDelay(MINUTE));

                final List<Delivery> received = orders.receive(1, MINUTE.multipliedBy(2));

                assertThat(received).extracting(Delivery::text).containsExactly("later");
                assertThat(engine.clock().now()).isEqualTo(ManualClock.START.plus(MINUTE));
            }
        }

        @Test
        void shouldAdvanceToTheEndOfAWaitThatIsInVain() {
            try (TestEngine engine = TestEngine.inMemory()) {
                engine.clock().autoAdvance();
                final MessageQueue orders = engine.queue("orders");
                orders.send(Message.text("too late").withDelay(MINUTE.multipliedBy(2)));

                assertThat(orders.receive(1, MINUTE)).isEmpty();
                assertThat(engine.clock().now()).isEqualTo(ManualClock.START.plus(MINUTE));
            }
        }

        @Test
        void shouldNotMoveTimeForAMessageThatIsThere() {
            try (TestEngine engine = TestEngine.inMemory()) {
                engine.clock().autoAdvance();
                final MessageQueue orders = engine.queue("orders");
                orders.send("now");

                assertThat(orders.receive(1, MINUTE)).hasSize(1);
                assertThat(engine.clock().now()).isEqualTo(ManualClock.START);
            }
        }
    }
}
