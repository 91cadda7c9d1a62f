package io.millrace.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.millrace.api.ConfigurationConflictException;
import io.millrace.api.EngineConfig;
import io.millrace.api.queue.MessageQueue;
import io.millrace.api.queue.QueueConfig;
import io.millrace.core.EngineCore;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class QueueRegistryTest {
    private static final Duration DAY = Duration.ofDays(1);

    private final EngineCore core = new EngineCore(EngineConfig.defaults());
    private final QueueRegistry queues = new QueueRegistry(core);
    private final QueueConfig otherDefaults =
            QueueConfig.defaults().withRetention(Duration.ofDays(14)).withDelay(Duration.ofSeconds(3));

    @AfterEach
    void close() {
        queues.close();
        core.close();
    }

    @Nested
    class WithDefaultsOfADoor {
        @Test
        void shouldCreateFromThem() {
            MessageQueue queue = queues.open("orders", otherDefaults, c -> c.withRetention(DAY));

            assertThat(queue.admin().config()).isEqualTo(otherDefaults.withRetention(DAY));
        }

        @Test
        void shouldCompareOnlyWhatIsGiven() {
            MessageQueue existing = queues.open("orders", QueueConfig.defaults().withRetention(DAY));

            assertThat(queues.open("orders", otherDefaults, c -> c)).isSameAs(existing);
            assertThat(queues.open("orders", otherDefaults, c -> c.withRetention(DAY)))
                    .isSameAs(existing);
            assertThat(existing.admin().config())
                    .isEqualTo(QueueConfig.defaults().withRetention(DAY));
        }

        @Test
        void shouldRefuseWhatIsGivenAndDiffers() {
            MessageQueue existing = queues.open("orders");

            assertThatExceptionOfType(ConfigurationConflictException.class)
                    .isThrownBy(() -> queues.open("orders", otherDefaults, c -> c.withDelay(Duration.ofSeconds(9))))
                    .withMessageContainingAll("orders", "delay", "PT9S", "withDelay");
            assertThat(existing.admin().config()).isEqualTo(QueueConfig.defaults());
        }
    }
}
