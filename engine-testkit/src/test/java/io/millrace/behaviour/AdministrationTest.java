package io.millrace.behaviour;

import static java.time.Duration.ZERO;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.millrace.api.Attribute;
import io.millrace.api.Attributes;
import io.millrace.api.ConfigurationConflictException;
import io.millrace.api.EngineStats;
import io.millrace.api.Message;
import io.millrace.api.MessageId;
import io.millrace.api.Page;
import io.millrace.api.queue.Delivery;
import io.millrace.api.queue.MessageQueue;
import io.millrace.api.queue.MessageState;
import io.millrace.api.queue.PeekedMessage;
import io.millrace.api.queue.QueueConfig;
import io.millrace.api.queue.QueueStats;
import io.millrace.api.queue.ReceiveOptions;
import io.millrace.testkit.LeakCheck;
import io.millrace.testkit.ManualClock;
import io.millrace.testkit.TestEngine;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Opening, finding, configuring, tagging, looking into and emptying queues. */
@ExtendWith(LeakCheck.class)
class AdministrationTest {
    private final TestEngine engine = TestEngine.inMemory();
    private final ManualClock clock = engine.clock();

    @AfterEach
    void close() {
        engine.close();
    }

    /** Whoever waits for others inside the gate waits for himself. */
    @Test
    @Timeout(30)
    void shouldLetAChangeUseTheEngine() {
        MessageQueue queue = engine.queue("a");
        engine.queue("b");

        queue.admin().update(config -> {
            engine.catalog().delete("b");
            return config.withDelay(ofSeconds(1));
        });

        assertThat(engine.catalog().exists("b")).isFalse();
        assertThat(queue.admin().config().delay()).isEqualTo(ofSeconds(1));
    }

    @Nested
    class Opening {
        @Test
        void shouldCreateAQueueWithDefaultsOrAsIsSaid() {
            QueueConfig config = QueueConfig.defaults().withDelay(ofSeconds(1));

            assertThat(engine.queue("a").admin().config()).isEqualTo(QueueConfig.defaults());
            assertThat(engine.queue("b", config).admin().config()).isEqualTo(config);
            assertThat(engine.queue("c", c -> c.withDelay(ofSeconds(1))).admin().config())
                    .isEqualTo(config);
        }

        @Test
        void shouldOpenWhatIsThereAgain() {
            QueueConfig config = QueueConfig.defaults().withDelay(ofSeconds(1));
            engine.queue("a", config).send("one");

            for (MessageQueue again : List.of(
                    engine.queue("a"),
                    engine.queue("a", config),
                    engine.queue("a", c -> c),
                    engine.queue("a", c -> c.withDelay(ofSeconds(1))))) {
                assertThat(again.name()).isEqualTo("a");
                assertThat(again.admin().stats().delayed()).isEqualTo(1);
                assertThat(again.admin().config()).isEqualTo(config);
            }
        }

        @Test
        void shouldRefuseADifferenceAndSayWhatWouldChangeIt() {
            engine.queue("a");

            assertThatExceptionOfType(ConfigurationConflictException.class)
                    .isThrownBy(() -> engine.queue("a", c -> c.withVisibilityTimeout(ofSeconds(5))))
                    .satisfies(e -> {
                        assertThat(e.component()).isEqualTo("visibilityTimeout");
                        assertThat(e.existing()).isEqualTo("PT30S");
                        assertThat(e.requested()).isEqualTo("PT5S");
                        assertThat(e.remedy()).contains("admin().update(c -> c.withVisibilityTimeout(");
                    })
                    .withMessageContaining("queue=a");
        }

        @Test
        void shouldCompareTheWholeConfigurationWithWhatIsInForceNow() {
            MessageQueue queue = engine.queue("a");
            queue.admin().update(c -> c.withMaxBacklog(7));

            assertThatExceptionOfType(ConfigurationConflictException.class)
                    .isThrownBy(() -> engine.queue("a", QueueConfig.defaults()))
                    .satisfies(e -> assertThat(e.component()).isEqualTo("maxBacklog"));
            assertThat(engine.queue("a", c -> c)).isNotNull();
        }

        @Test
        void shouldTakeTheLongestName() {
            String name = "aA0_-".repeat(16);

            assertThat(engine.queue(name).name()).isEqualTo(name);
            assertThat(engine.queue("A")).isNotSameAs(engine.queue("a"));
        }
    }

    @Nested
    class Finding {
        private void create(String... names) {
            for (String name : names) {
                engine.queue(name);
            }
        }

        @Test
        void shouldListNamesInOrderPageByPage() {
            create("b1", "a", "b3", "b2", "c");

            Page<String> first = engine.catalog().list("b", 2);
            assertThat(first.items()).containsExactly("b1", "b2");
            Page<String> second =
                    engine.catalog().list("b", 2, first.nextToken().orElseThrow());
            assertThat(second.items()).containsExactly("b3");
            assertThat(second.nextToken()).isEmpty();
        }

        @Test
        void shouldGiveNoTokenWhenAPageIsExactlyFull() {
            create("b1", "b2");

            assertThat(engine.catalog().list("b", 2).nextToken()).isEmpty();
            assertThat(engine.catalog().list("", 100).items()).containsExactly("b1", "b2");
            assertThat(engine.catalog().list("zz", 1).items()).isEmpty();
        }

        @Test
        void shouldGoOnBehindAQueueThatWasDeletedMeanwhile() {
            create("a", "b", "c");
            Page<String> first = engine.catalog().list("", 2);
            engine.catalog().delete("b");

            assertThat(engine.catalog()
                            .list("", 2, first.nextToken().orElseThrow())
                            .items())
                    .containsExactly("c");
        }

        @Test
        void shouldKnowWhatExists() {
            create("a");

            assertThat(engine.catalog().exists("a")).isTrue();
            assertThat(engine.catalog().exists("A")).isFalse();
            engine.catalog().delete("a");
            assertThat(engine.catalog().exists("a")).isFalse();
        }
    }

    @Nested
    class Updating {
        private final MessageQueue queue = engine.queue("orders");

        @Test
        void shouldAnswerWithWhatIsInForce() {
            QueueConfig updated =
                    queue.admin().update(c -> c.withDelay(ofSeconds(1)).withMaxBacklog(5));

            assertThat(updated.delay()).isEqualTo(ofSeconds(1));
            assertThat(queue.admin().config()).isEqualTo(updated);
            assertThat(engine.queue("orders").admin().config()).isEqualTo(updated);
        }

        @Test
        void shouldLeaveEverythingAsItWasIfTheFunctionThrows() {
            assertThatIllegalArgumentException().isThrownBy(() -> queue.admin().update(c -> c.withMaxBacklog(0)));

            assertThat(queue.admin().config()).isEqualTo(QueueConfig.defaults());
        }

        @Test
        void shouldLoseNoUpdateOfThreadsThatUpdateTogether() throws Exception {
            queue.admin().update(c -> c.withMaxBacklog(1));
            List<Background<Boolean>> updating = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                updating.add(Background.run(() -> {
                    for (int k = 0; k < 250; k++) {
                        queue.admin().update(c -> c.withMaxBacklog(c.maxBacklog() + 1));
                    }
                    return true;
                }));
            }
            for (Background<Boolean> each : updating) {
                assertThat(each.result()).isTrue();
            }

            assertThat(queue.admin().config().maxBacklog()).isEqualTo(1_001);
        }
    }

    @Nested
    class Tagging {
        private final MessageQueue queue = engine.queue("orders");

        @Test
        void shouldAddReplaceAndRemove() {
            queue.admin().tag(Map.of("owner", "a", "stage", ""));
            queue.admin().tag(Map.of("owner", "b", "Owner", "c"));
            queue.admin().untag(List.of("stage", "unknown"));

            assertThat(queue.admin().tags()).containsExactlyInAnyOrderEntriesOf(Map.of("owner", "b", "Owner", "c"));
        }

        @Test
        void shouldAddAllOrNothing() {
            queue.admin().tag(Map.of("a", "b"));
            Map<String, String> tooMany = new HashMap<>();
            for (int i = 0; i < 50; i++) {
                tooMany.put("tag" + i, "v");
            }

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> queue.admin().tag(tooMany))
                    .withMessageContaining("queue=orders");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> queue.admin().tag(Map.of("fine", "v", "x".repeat(129), "v")));
            assertThat(queue.admin().tags()).isEqualTo(Map.of("a", "b"));
        }

        @Test
        void shouldTakeTheLongestAndTheMost() {
            Map<String, String> most = new HashMap<>();
            for (int i = 0; i < 50; i++) {
                most.put(i + "k".repeat(126), "v".repeat(256));
            }
            queue.admin().tag(most);

            assertThat(queue.admin().tags()).isEqualTo(most);
        }
    }

    @Nested
    class Peeking {
        private final MessageQueue queue = engine.queue("orders");

        @Test
        void shouldShowMessagesInEveryStateWithoutChangingThem() {
            Attributes attributes = Attributes.of("n", Attribute.number(1));
            MessageId id = queue.send(Message.text("in flight").withAttributes(attributes));
            assertThat(queue.receive(1)).hasSize(1);
            queue.send("visible");
            queue.send(Message.text("delayed").withDelay(ofSeconds(5)));
            QueueStats before = queue.admin().stats();

            List<PeekedMessage> peeked = queue.admin().peek(10);

            assertThat(peeked).extracting(PeekedMessage::text).containsExactly("in flight", "visible", "delayed");
            assertThat(peeked)
                    .extracting(PeekedMessage::state)
                    .containsExactly(MessageState.IN_FLIGHT, MessageState.VISIBLE, MessageState.DELAYED);
            assertThat(peeked).extracting(PeekedMessage::receiveCount).containsExactly(1, 0, 0);
            assertThat(peeked.get(0).id()).isEqualTo(id);
            assertThat(peeked.get(0).attributes()).isEqualTo(attributes);
            assertThat(peeked.get(0).sentAt()).isEqualTo(ManualClock.START);
            assertThat(queue.admin().stats()).isEqualTo(before);
        }

        @Test
        void shouldShowTheOldestOnlyIfAskedForFewer() {
            for (int i = 0; i < 200; i++) {
                queue.send("m" + i);
            }
            queue.receive(100).forEach(Delivery::ack);

            assertThat(queue.admin().peek(2)).extracting(PeekedMessage::text).containsExactly("m100", "m101");
        }
    }

    @Nested
    class Purging {
        private final MessageQueue queue = engine.queue("orders");

        @Test
        void shouldRemoveWhatIsThereWhateverItsStateAndNothingElse() {
            MessageQueue other = engine.queue("other");
            other.send("stays");
            queue.send("in flight");
            Delivery delivery = queue.receive(1).get(0);
            queue.send("visible");
            queue.send(Message.text("delayed").withDelay(ofSeconds(5)));

            assertThat(queue.admin().purge()).isEqualTo(3);

            queue.send("later");
            assertThat(delivery.ack()).isFalse();
            clock.advance(ofHours(1));
            assertThat(queue.receive(10)).extracting(Delivery::text).containsExactly("later");
            assertThat(other.receive(10)).hasSize(1);
            assertThat(queue.admin().stats().purged()).isEqualTo(3);
        }

        @Test
        void shouldFindNothingInAnEmptyQueue() {
            assertThat(queue.admin().purge()).isZero();
        }

        @Test
        void shouldGiveMemoryBack() {
            for (int i = 0; i < 1_000; i++) {
                queue.send(Message.bytes(new byte[1_000]));
            }

            assertThat(queue.admin().purge()).isEqualTo(1_000);

            assertThat(engine.stats().logLiveBytes()).isZero();
            assertThat(engine.stats().blocksInUse()).isLessThanOrEqualTo(2);
        }
    }

    @Nested
    class Counting {
        private final MessageQueue queue = engine.queue("orders");

        @Test
        void shouldBeZeroAtFirst() {
            assertThat(queue.admin().stats())
                    .isEqualTo(new QueueStats(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, OptionalLong.empty()));
        }

        @Test
        void shouldSayWhatIsThereAndWhatWasDone() {
            for (int i = 0; i < 6; i++) {
                queue.send("m" + i);
            }
            queue.send(Message.text("delayed").withDelay(ofSeconds(100)));
            clock.advance(ofSeconds(1));
            List<Delivery> received = queue.receive(4);
            received.get(0).ack();
            received.get(1).retryAfter(ZERO);
            assertThat(queue.receiveAsync(ReceiveOptions.upTo(10).withWait(ofSeconds(5))))
                    .isCompletedWithValueMatching(deliveries -> deliveries.size() == 3);
            var waiting = queue.receiveAsync(ReceiveOptions.upTo(1).withWait(ofSeconds(5)));

            QueueStats stats = queue.admin().stats();

            assertThat(stats).isEqualTo(new QueueStats(0, 5, 1, 7, 7, 1, 0, 0, 0, 1, OptionalLong.of(1_000)));
            assertThat(waiting.cancel(false)).isTrue();
        }

        @Test
        void shouldSayWhatTheEngineHolds() {
            queue.send(Message.bytes(new byte[100_000]));
            EngineStats stats = engine.stats();

            assertThat(stats.queues()).isEqualTo(1);
            assertThat(stats.logLiveBytes()).isBetween(100_000L, 101_000L);
            assertThat(stats.logBytes()).isGreaterThanOrEqualTo(stats.logLiveBytes());
            assertThat(stats.offHeapBytes()).isBetween(stats.logBytes(), stats.offHeapLimit());
            assertThat(stats.blocksInUse()).isEqualTo(1);
            assertThat(stats.logSegments()).isPositive();
        }
    }
}
