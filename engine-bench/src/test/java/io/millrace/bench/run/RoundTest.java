package io.millrace.bench.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RoundTest {
    private static final Task ENDLESS = meter -> {
        meter.start();
        while (!meter.isCancelled()) {
            Thread.onSpinWait();
        }
        meter.stop();
    };

    @Test
    void shouldMeasureTimeAndAllocations() throws InterruptedException {
        Object[] kept = new Object[1];

        Round round = Round.run(List.of(meter -> {
            meter.start();
            kept[0] = new byte[1 << 20];
            meter.stop();
        }));

        assertThat(kept).doesNotContainNull();
        assertThat(round.elapsedNs()).isPositive();
        assertThat(round.allocatedBytes()).isGreaterThanOrEqualTo(1 << 20);
    }

    @Test
    void shouldEndAllTasksWhenOneFails() {
        Task failing = meter -> {
            meter.start();
            throw new IllegalArgumentException("broken");
        };

        assertThatIllegalStateException()
                .isThrownBy(() -> Round.run(List.of(ENDLESS, failing)))
                .withMessageContaining("broken");
    }

    @Test
    void shouldEndAllTasksWhenOneFailsBeforeItIsReady() {
        Task failing = meter -> {
            throw new IllegalArgumentException("not even opened");
        };

        assertThatIllegalStateException()
                .isThrownBy(() -> Round.run(List.of(ENDLESS, failing)))
                .withMessageContaining("not even opened");
    }
}
