package io.millrace.api.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.millrace.api.Durability;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class QueueConfigTest {
    private static final QueueConfig DEFAULTS = QueueConfig.defaults();

    /** For each component, in order, a change of it alone. */
    private static final Map<String, UnaryOperator<QueueConfig>> CHANGES = new LinkedHashMap<>();

    static {
        CHANGES.put("visibilityTimeout", c -> c.withVisibilityTimeout(Duration.ofSeconds(1)));
        CHANGES.put("visibilityCap", c -> c.withVisibilityCap(Duration.ofDays(1)));
        CHANGES.put("delay", c -> c.withDelay(Duration.ofSeconds(1)));
        CHANGES.put("retention", c -> c.withRetention(Duration.ofDays(1)));
        CHANGES.put("receiveWait", c -> c.withReceiveWait(Duration.ofSeconds(1)));
        CHANGES.put("maxMessageBytes", c -> c.withMaxMessageBytes(1_024));
        CHANGES.put("maxBacklog", c -> c.withMaxBacklog(10));
        CHANGES.put("maxInFlight", c -> c.withMaxInFlight(5));
        CHANGES.put("sendTimeout", c -> c.withSendTimeout(Duration.ZERO));
        CHANGES.put("redrive", c -> c.withRedrive(new RedrivePolicy("dead", 3)));
        CHANGES.put("redriveAllow", c -> c.withRedriveAllow(RedriveAllow.only(Set.of("orders"))));
        CHANGES.put("ackDurability", c -> c.withAckDurability(Durability.PROCESS_CRASH));
    }

    @Test
    void shouldHaveTheDocumentedDefaults() {
        assertThat(DEFAULTS.visibilityTimeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(DEFAULTS.visibilityCap()).isEqualTo(Duration.ofHours(12));
        assertThat(DEFAULTS.delay()).isZero();
        assertThat(DEFAULTS.retention()).isEqualTo(Duration.ofDays(4));
        assertThat(DEFAULTS.receiveWait()).isZero();
        assertThat(DEFAULTS.maxMessageBytes()).isEqualTo(1_048_576);
        assertThat(DEFAULTS.maxBacklog()).isEqualTo(Long.MAX_VALUE);
        assertThat(DEFAULTS.maxInFlight()).isEqualTo(Long.MAX_VALUE);
        assertThat(DEFAULTS.sendTimeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(DEFAULTS.redrive()).isEmpty();
        assertThat(DEFAULTS.redriveAllow()).isEqualTo(RedriveAllow.all());
        assertThat(DEFAULTS.ackDurability()).isEqualTo(Durability.POWER_LOSS);
    }

    @Test
    void shouldKnowAChangeOfEveryComponent() {
        assertThat(QueueConfig.class.getRecordComponents())
                .extracting(RecordComponent::getName)
                .containsExactlyElementsOf(CHANGES.keySet());
    }

    @Test
    void shouldChangeOneComponentAndFindIt() {
        for (RecordComponent component : QueueConfig.class.getRecordComponents()) {
            QueueConfig changed = changed(component.getName());
            Object existing = valueOf(component, DEFAULTS);
            Object requested = valueOf(component, changed);

            assertThat(DEFAULTS.firstDifference(changed))
                    .contains(new ConfigDifference(component.getName(), existing, requested));
            assertThat(differing(changed)).isEqualTo(1);
        }
    }

    private static QueueConfig changed(String component) {
        return CHANGES.getOrDefault(component, UnaryOperator.identity()).apply(DEFAULTS);
    }

    private static long differing(QueueConfig changed) {
        return Arrays.stream(QueueConfig.class.getRecordComponents())
                .filter(component -> !valueOf(component, DEFAULTS).equals(valueOf(component, changed)))
                .count();
    }

    private static Object valueOf(RecordComponent component, QueueConfig config) {
        try {
            return component.getAccessor().invoke(config);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    @Test
    void shouldFindTheFirstOfSeveralDifferences() {
        QueueConfig changed = DEFAULTS.withMaxBacklog(1).withDelay(Duration.ofSeconds(1));

        assertThat(DEFAULTS.firstDifference(changed))
                .map(ConfigDifference::component)
                .contains("delay");
    }

    @Test
    void shouldFindNoDifferenceBetweenEqualConfigurations() {
        assertThat(DEFAULTS.firstDifference(DEFAULTS.withDelay(Duration.ZERO))).isEmpty();
    }

    @Test
    void shouldTakeTheDeadLetterQueueAwayAgain() {
        assertThat(DEFAULTS.withRedrive(new RedrivePolicy("dead", 3)).withoutRedrive())
                .isEqualTo(DEFAULTS);
    }

    @Test
    void shouldAcceptTheEndsOfEveryRange() {
        Duration days90 = Duration.ofDays(90);
        QueueConfig largest = DEFAULTS.withVisibilityCap(days90)
                .withVisibilityTimeout(days90)
                .withDelay(days90)
                .withRetention(Duration.ofDays(3_650))
                .withReceiveWait(Duration.ofHours(1))
                .withMaxMessageBytes(64 << 20)
                .withSendTimeout(Duration.ofHours(1));
        QueueConfig smallest = DEFAULTS.withVisibilityTimeout(Duration.ZERO)
                .withVisibilityCap(Duration.ofMillis(1))
                .withRetention(Duration.ofMillis(1))
                .withMaxMessageBytes(1)
                .withMaxBacklog(1)
                .withMaxInFlight(1);

        assertThat(largest.visibilityTimeout()).isEqualTo(days90);
        assertThat(smallest.maxMessageBytes()).isEqualTo(1);
    }

    @Test
    void shouldRoundDurationsUpToMilliseconds() {
        assertThat(DEFAULTS.withVisibilityTimeout(Duration.ofNanos(1)).visibilityTimeout())
                .isEqualTo(Duration.ofMillis(1));
    }

    @Test
    void shouldRefuseWhatIsOutOfRange() {
        refuses(
                "visibilityTimeout must not be negative: visibilityTimeout=PT-1S",
                c -> c.withVisibilityTimeout(Duration.ofSeconds(-1)));
        refuses(
                "visibilityTimeout must be at most PT12H: visibilityTimeout=PT13H",
                c -> c.withVisibilityTimeout(Duration.ofHours(13)));
        refuses("visibilityCap must be positive: visibilityCap=PT0S", c -> c.withVisibilityCap(Duration.ZERO));
        refuses(
                "visibilityCap must be at most PT2160H: visibilityCap=PT2160H0.001S",
                c -> c.withVisibilityCap(Duration.ofDays(90).plusMillis(1)));
        refuses("delay must not be negative: delay=PT-1S", c -> c.withDelay(Duration.ofSeconds(-1)));
        refuses("retention must be positive: retention=PT0S", c -> c.withRetention(Duration.ZERO));
        refuses("retention must be at most PT87600H: retention=PT87624H", c -> c.withRetention(Duration.ofDays(3_651)));
        refuses("receiveWait must be at most PT1H: receiveWait=PT2H", c -> c.withReceiveWait(Duration.ofHours(2)));
        refuses("maxMessageBytes must be between 1 and 67108864: maxMessageBytes=0", c -> c.withMaxMessageBytes(0));
        refuses("maxBacklog must be at least 1: maxBacklog=0", c -> c.withMaxBacklog(0));
        refuses("maxInFlight must be at least 1: maxInFlight=-1", c -> c.withMaxInFlight(-1));
        refuses("sendTimeout must be at most PT1H: sendTimeout=PT2H", c -> c.withSendTimeout(Duration.ofHours(2)));
    }

    private static void refuses(String message, UnaryOperator<QueueConfig> change) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> change.apply(DEFAULTS))
                .withMessage(message);
    }
}
