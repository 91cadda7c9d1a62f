package io.millrace.queue.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.millrace.api.Durability;
import io.millrace.api.queue.QueueConfig;
import io.millrace.api.queue.RedriveAllow;
import io.millrace.api.queue.RedrivePolicy;
import io.millrace.api.queue.RedriveRequest;
import io.millrace.api.queue.RedriveStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueueStateCodecTest {
    private static final int STATES = 300;
    private static final String NAME_CHARACTERS = "abcxyzABCXYZ019-_";
    private static final String[] TEXTS = {"", "a", "Bestände", "\u0000\uD83D\uDE80 x", "long ".repeat(50)};

    // ---- random states --------------------------------------------------------------------------------------------

    private static QueueState random(SplittableRandom random) {
        return new QueueState(
                random.nextBoolean() ? "" : name(random),
                name(random),
                config(random),
                tags(random),
                64 * random.nextLong(1L << 50),
                random.nextLong(1L << 40),
                tasks(random));
    }

    private static String name(SplittableRandom random) {
        StringBuilder name = new StringBuilder();
        for (int i = random.nextInt(1, 81); i > 0; i--) {
            name.append(NAME_CHARACTERS.charAt(random.nextInt(NAME_CHARACTERS.length())));
        }
        return name.toString();
    }

    private static String text(SplittableRandom random) {
        return TEXTS[random.nextInt(TEXTS.length)];
    }

    private static Duration upTo(SplittableRandom random, Duration most) {
        return Duration.ofMillis(random.nextLong(1, most.toMillis() + 1));
    }

    private static QueueConfig config(SplittableRandom random) {
        Duration cap = upTo(random, Duration.ofDays(90));
        return new QueueConfig(
                upTo(random, cap),
                cap,
                upTo(random, Duration.ofDays(90)),
                upTo(random, Duration.ofDays(3_650)),
                upTo(random, Duration.ofHours(1)),
                random.nextInt(1, 64 << 20),
                random.nextLong(1, Long.MAX_VALUE),
                random.nextLong(1, Long.MAX_VALUE),
                upTo(random, Duration.ofHours(1)),
                random.nextBoolean()
                        ? Optional.empty()
                        : Optional.of(new RedrivePolicy(name(random), random.nextInt(1, 1_000))),
                allow(random),
                random.nextBoolean() ? Durability.PROCESS_CRASH : Durability.POWER_LOSS);
    }

    private static RedriveAllow allow(SplittableRandom random) {
        if (random.nextInt(3) == 0) {
            return RedriveAllow.all();
        }
        Set<String> sources = new TreeSet<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            sources.add(name(random));
        }
        return RedriveAllow.only(sources);
    }

    private static Map<String, String> tags(SplittableRandom random) {
        Map<String, String> tags = new TreeMap<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            tags.put(i + text(random), text(random));
        }
        return tags;
    }

    private static List<TaskState> tasks(SplittableRandom random) {
        List<TaskState> tasks = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            RedriveStatus[] all = RedriveStatus.values();
            tasks.add(new TaskState(
                    text(random),
                    new RedriveRequest(
                            random.nextBoolean() ? Optional.empty() : Optional.of(name(random)),
                            random.nextBoolean() ? OptionalInt.empty() : OptionalInt.of(random.nextInt(1, 500))),
                    random.nextLong(1L << 40),
                    random.nextLong(1L << 40),
                    random.nextLong(1L << 47),
                    random.nextLong(1L << 40),
                    all[random.nextInt(all.length)],
                    text(random)));
        }
        return tasks;
    }

    // ---- tests ----------------------------------------------------------------------------------------------------

    @Test
    void shouldComeBackAsItWas() {
        for (int seed = 0; seed < STATES; seed++) {
            QueueState state = random(new SplittableRandom(seed));

            assertThat(QueueStateCodec.decode(QueueStateCodec.encode(state)))
                    .as("seed " + seed)
                    .isEqualTo(state);
        }
    }

    @Test
    void shouldHaveOneFormOnly() {
        for (int seed = 0; seed < STATES; seed++) {
            byte[] bytes = QueueStateCodec.encode(random(new SplittableRandom(seed)));

            assertThat(QueueStateCodec.encode(QueueStateCodec.decode(bytes)))
                    .as("seed " + seed)
                    .isEqualTo(bytes);
        }
    }

    @Test
    void shouldBeRefusedWhereverItBreaksOff() {
        for (int seed = 0; seed < 30; seed++) {
            byte[] bytes = QueueStateCodec.encode(random(new SplittableRandom(seed)));
            for (int length = 0; length < bytes.length; length++) {
                byte[] part = Arrays.copyOf(bytes, length);
                assertThatIllegalArgumentException()
                        .as("seed " + seed + " length " + length)
                        .isThrownBy(() -> QueueStateCodec.decode(part));
            }
        }
    }

    @Test
    void shouldBeRefusedWithBytesBehindIt() {
        byte[] bytes = QueueStateCodec.encode(QueueState.created("orders", QueueConfig.defaults()));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> QueueStateCodec.decode(Arrays.copyOf(bytes, bytes.length + 1)))
                .withMessageContaining("queue=orders");
    }

    @ParameterizedTest
    @ValueSource(bytes = {1, 2, 127, -1})
    void shouldRefuseAnotherLayout(byte layout) {
        byte[] bytes = QueueStateCodec.encode(QueueState.created("orders", QueueConfig.defaults()));
        bytes[0] = layout;

        assertThatIllegalArgumentException()
                .isThrownBy(() -> QueueStateCodec.decode(bytes))
                .withMessageContaining("layout=" + layout);
    }

    /** Lengths and counts are among these bytes: no memory is taken for what is not there. */
    @Test
    void shouldRefuseOrReadWhateverTheBytesAre() {
        for (int seed = 0; seed < 100; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] bytes = QueueStateCodec.encode(random(random));
            for (int i = 0; i < 200; i++) {
                byte[] damaged = bytes.clone();
                for (int n = random.nextInt(1, 4); n > 0; n--) {
                    damaged[random.nextInt(damaged.length)] = (byte) (random.nextBoolean() ? -1 : random.nextInt());
                }
                assertThatCode(() -> {
                            try {
                                QueueStateCodec.decode(damaged);
                            } catch (IllegalArgumentException e) {
                                // refused, as it may be
                            }
                        })
                        .as("seed " + seed + " " + Arrays.toString(damaged))
                        .doesNotThrowAnyException();
            }
        }
    }
}
