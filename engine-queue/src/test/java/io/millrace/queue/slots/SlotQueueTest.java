package io.millrace.queue.slots;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.millrace.api.EngineConfig;
import io.millrace.api.queue.QueueConfig;
import io.millrace.core.EngineCore;
import io.millrace.core.memory.Region;
import io.millrace.core.slot.BlockLayout;
import io.millrace.core.slot.ControlWord;
import io.millrace.core.slot.Directory;
import io.millrace.core.slot.SlotLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What others see of a message between two steps of a thread that stalls, which the test takes by hand. */
@Timeout(60)
class SlotQueueTest {
    private static final long PATIENCE_MS = 20_000;
    private static final long CAP_MS = Duration.ofMinutes(10).toMillis();

    private final EngineCore core = new EngineCore(EngineConfig.defaults());
    private final QueueConfig config = QueueConfig.defaults().withVisibilityCap(Duration.ofMillis(CAP_MS));
    private final SlotQueue queue =
            new SlotQueue(core, 1, QueueSettings.of(config), (r, s, n, c, now) -> DeadLetters.Move.NO_TARGET, () -> {});
    private final long startMs = core.time().nowMs();
    private final int word = core.enter();

    @AfterEach
    void close() {
        core.exit(word);
        core.close();
    }

    private void send() {
        Sending sending = new Sending();
        assertThat(queue.begin(sending, startMs, startMs, new byte[0], 1)).isZero();
        queue.publish(sending, 0);
    }

    private void receive(long nowMs, long hiddenMs) {
        int claimed = queue.claim(1, nowMs, hiddenMs, new ClaimSink() {
            @Override
            protected void onClaimed(int block, Region region, int slot, long sequence, long control) {}
        });
        assertThat(claimed).isEqualTo(1);
    }

    private int block() {
        int block = queue.directory().find(0);
        assertThat(block).isNotEqualTo(Directory.NONE);
        return block;
    }

    private Region region() {
        return core.pool().region(block());
    }

    private int slot() {
        return SlotLayout.slot(BlockLayout.base(block()), 0);
    }

    private long control() {
        return region().longAcquire(slot() + SlotLayout.CONTROL_OFFSET);
    }

    @Test
    void shouldMeasureTheCapFromTheFlightThatIsCurrent() {
        send();
        receive(startMs, 1_000);
        assertThat(queue.changeVisibility(0, startMs, 0)).isEqualTo(SlotQueue.Change.DONE);
        long laterMs = startMs + 2 * CAP_MS;
        long claimed = ControlWord.claim(control(), laterMs + 1_000);
        assertThat(region().casLong(slot() + SlotLayout.CONTROL_OFFSET, control(), claimed))
                .as("a claim that stalls after its CAS")
                .isTrue();

        assertThat(queue.changeVisibility(0, laterMs, CAP_MS / 2)).isEqualTo(SlotQueue.Change.DONE);
    }

    @Test
    void shouldStillEndAFlightAtItsCap() {
        send();
        receive(startMs, 5_000);

        assertThat(queue.changeVisibility(0, startMs + 1_000, CAP_MS - 1_000)).isEqualTo(SlotQueue.Change.DONE);
        assertThat(queue.changeVisibility(0, startMs + 1_001, CAP_MS - 1_000)).isEqualTo(SlotQueue.Change.BEYOND_CAP);
    }

    @Test
    void shouldLetTheOwnerOfAMessageRunWhileVirtualThreadsWaitForIt() throws Exception {
        if (Runtime.version().feature() < 21) {
            String reason = "NOT RUN: virtual threads come with JDK 21, this is "
                    + Runtime.version().feature();
            System.out.println(reason);
            abort(reason);
        }
        send();
        long ready = control();
        region().longVolatile(slot() + SlotLayout.CONTROL_OFFSET, ControlWord.move(ready));
        AtomicInteger started = new AtomicInteger();
        AtomicInteger acked = new AtomicInteger();
        int waiters = 2 * Runtime.getRuntime().availableProcessors();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < waiters; i++) {
            threads.add(startVirtual(() -> {
                started.incrementAndGet();
                acked.addAndGet(queue.ack(0) ? 1 : 0);
            }));
        }
        while (started.get() < waiters) {
            Thread.onSpinWait();
        }

        threads.add(startVirtual(() -> region().longVolatile(slot() + SlotLayout.CONTROL_OFFSET, ready)));

        for (Thread thread : threads) {
            thread.join(PATIENCE_MS);
            assertThat(thread.isAlive()).isFalse();
        }

        assertThat(acked).hasValue(1);
    }

    private static Thread startVirtual(Runnable work) throws ReflectiveOperationException {
        return (Thread)
                Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, work);
    }
}
