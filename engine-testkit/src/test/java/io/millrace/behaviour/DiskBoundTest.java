package io.millrace.behaviour;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofSeconds;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Durability;
import io.millrace.api.EngineConfig;
import io.millrace.api.EngineStats;
import io.millrace.api.Message;
import io.millrace.api.queue.Delivery;
import io.millrace.api.queue.MessageQueue;
import io.millrace.api.queue.ReceiptHandle;
import io.millrace.api.queue.SendResult;
import io.millrace.api.raw.Disposition;
import io.millrace.api.raw.RawReceiver;
import io.millrace.model.DirectoryCopy;
import io.millrace.testkit.LeakCheck;
import io.millrace.testkit.ManualClock;
import io.millrace.testkit.TestEngine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What an engine takes of its disk stays within twice what lives, four segments more, and those that are lent: messages of all
 * sizes come and go, some of them stay behind, a few in every segment, and the engine is closed, or copied while it is open, and
 * opened again. {@code -Dseed=N} runs the life that a failure names.
 */
@ExtendWith(LeakCheck.class)
class DiskBoundTest {
    private static final long FULL_SEGMENT = 4L << 20;
    private static final long SPARE_SEGMENTS = 4;
    private static final int ROUNDS = 100;

    @TempDir
    Path temporary;

    @ParameterizedTest
    @EnumSource(
            value = Durability.class,
            names = {"PROCESS_CRASH", "POWER_LOSS"})
    void shouldHoldOverALongLife(Durability durability) {
        long seed = Long.getLong("seed", 1L);
        try (Life life = new Life(temporary, durability, seed)) {
            life.run();
        } catch (AssertionError e) {
            throw new AssertionError("to repeat: -Dseed=" + seed + " " + e.getMessage(), e);
        }
    }

    /** One engine after the other on the same messages. */
    private static final class Life implements AutoCloseable {
        private static final int BATCH = 500;
        private static final int BATCH_BYTES = 1 << 20;
        private static final int EXCHANGED_BYTES = 3 << 20;
        private static final int LONGEST = 3 << 20;

        /** What a message takes in the log beyond its payload, at most. */
        private static final long MESSAGE_BYTES = 88;

        /** The same for the record of a queue. */
        private static final long QUEUE_BYTES = 1_024;

        private static final long HEADER_PAGE = 4_096;

        /** Looks of the conductor, a second apart, until all is done that has to be: three rounds of the disk and the last look. */
        private static final int LOOKS = 4;

        private final Path parent;
        private final Durability durability;
        private final SplittableRandom random;
        private final ManualClock clock = new ManualClock();

        /** Messages that stay, by number. */
        private final Map<Long, ReceiptHandle> kept = new LinkedHashMap<>();

        /** Lengths of the payloads of all that live, by number. */
        private final Map<Long, Integer> living = new HashMap<>();

        private Path directory;
        private TestEngine engine;
        private MessageQueue queue;
        private long numbers;
        private int copies;
        private long mostLive;

        Life(Path parent, Durability durability, long seed) {
            this.parent = parent;
            this.durability = durability;
            this.random = new SplittableRandom(seed);
            this.directory = parent.resolve("data");
            this.engine = open();
            this.queue = queue();
        }

        private TestEngine open() {
            return TestEngine.open(
                    directory, durability, EngineConfig.defaults().withClock(clock));
        }

        private MessageQueue queue() {
            return engine.queue(
                    "orders",
                    c -> c.withVisibilityTimeout(ofHours(12))
                            .withMaxMessageBytes(LONGEST)
                            .withMaxInFlight(1_000_000));
        }

        @Override
        public void close() {
            engine.close();
        }

        void run() {
            for (int round = 0; round < ROUNDS; round++) {
                switch (random.nextInt(16)) {
                    case 0 -> restart();
                    case 1 -> restartAfterCrash();
                    case 2, 3 -> exchangeWhileOneIsLent();
                    case 4 -> ackKept(random.nextInt(1, 100));
                    case 5, 6, 7, 8 -> exchange(random.nextInt(30, 90));
                    default -> exchange(random.nextInt(5));
                }
                requireBound(0);
            }
            assertThat(mostLive).as("bytes that lived at most").isGreaterThan(SPARE_SEGMENTS * FULL_SEGMENT);
            requireKept();
        }

        // ---- what happens -----------------------------------------------------------------------------------------

        /** Sends a few megabytes and acknowledges them again, but for so many of a hundred. */
        private void exchange(int keptPercent) {
            List<Message> batch = new ArrayList<>();
            long batchBytes = 0;
            for (long bytes = 0; bytes < EXCHANGED_BYTES; ) {
                Message message = message(length());
                bytes += message.length() + MESSAGE_BYTES;
                batchBytes += message.length();
                batch.add(message);
                if (batch.size() == BATCH || batchBytes > BATCH_BYTES) {
                    send(batch);
                    batchBytes = 0;
                }
            }
            send(batch);
            receive(keptPercent);
        }

        private void send(List<Message> batch) {
            if (!batch.isEmpty()) {
                assertThat(queue.sendAll(batch)).allMatch(SendResult::isAccepted);
            }
            batch.clear();
        }

        private void receive(int keptPercent) {
            List<Long> ended = new ArrayList<>();
            for (Delivery delivery : queue.receive(1_000_000)) {
                long number = number(delivery.bytes());
                kept.put(number, delivery.receipt());
                if (random.nextInt(1_000) >= keptPercent * 10 + 3) {
                    ended.add(number);
                }
            }
            ack(ended);
        }

        /** Acknowledges so many of a hundred of those that stayed so far, here and there. */
        private void ackKept(int percent) {
            ack(kept.keySet().stream()
                    .filter(number -> random.nextInt(100) < percent)
                    .toList());
        }

        private void ack(List<Long> ended) {
            if (!ended.isEmpty()) {
                assertThat(queue.ackAll(ended.stream().map(kept::remove).toList()))
                        .doesNotContain(false);
                ended.forEach(living::remove);
            }
        }

        /** Lets a handler look at a message while others come and go. */
        private void exchangeWhileOneIsLent() {
            Message lent = message(length());
            send(new ArrayList<>(List.of(lent)));
            try (RawReceiver receiver = queue.raw().receiver()) {
                int polled = receiver.poll(
                        (delivery, payload, offset, length, last) -> {
                            for (int i = random.nextInt(1, 4); i > 0; i--) {
                                exchange(10);
                                ackKept(10);
                                requireBound(Math.max(FULL_SEGMENT, length + HEADER_PAGE));
                            }
                            assertThat(payload.slice(offset, length).order(ByteOrder.BIG_ENDIAN))
                                    .isEqualTo(ByteBuffer.wrap(lent.bytes()));
                            return Disposition.ACK;
                        },
                        1);
                assertThat(polled).isEqualTo(1);
            }
            living.remove(number(lent.bytes()));
        }

        private void restart() {
            engine.close();
            engine = open();
            queue = queue();
        }

        /** What another process would find if this one ended now is what the files hold now. */
        private void restartAfterCrash() {
            Path before = directory;
            directory = parent.resolve("copy-" + ++copies);
            DirectoryCopy.copy(before, directory);
            restart();
            DirectoryCopy.delete(before);
        }

        private int length() {
            int draw = random.nextInt(1_000);
            int longest = draw < 700 ? 1_000 : draw < 950 ? 20_000 : draw < 998 ? 200_000 : LONGEST;
            return random.nextInt(Long.BYTES, longest);
        }

        private Message message(int length) {
            long number = numbers++;
            living.put(number, length);
            ByteBuffer payload = ByteBuffer.allocate(length);
            for (int at = 0; at + Long.BYTES <= length; at += Long.BYTES) {
                payload.putLong(at, number);
            }
            return Message.bytes(payload.array());
        }

        private static long number(byte[] payload) {
            return ByteBuffer.wrap(payload).getLong();
        }

        // ---- what must hold ---------------------------------------------------------------------------------------

        private void requireBound(long lentBytes) {
            for (int i = 0; i < LOOKS; i++) {
                clock.advance(ofSeconds(1));
            }
            EngineStats stats = engine.stats();
            long payloads =
                    living.values().stream().mapToLong(Integer::longValue).sum();
            long most = payloads + living.size() * MESSAGE_BYTES + QUEUE_BYTES;
            assertThat(stats.logLiveBytes())
                    .as("what the engine says that lives")
                    .isBetween(payloads, most);
            assertThat(segmentBytes())
                    .as(
                            "bytes of segments, of which the engine knows %d and %d live, lent %d",
                            stats.logBytes(), stats.logLiveBytes(), lentBytes)
                    .isLessThanOrEqualTo(2 * stats.logLiveBytes() + SPARE_SEGMENTS * FULL_SEGMENT + lentBytes);
            mostLive = Math.max(mostLive, stats.logLiveBytes());
        }

        private long segmentBytes() {
            try (Stream<Path> files = Files.list(directory)) {
                long bytes = 0;
                for (Path file : files.toList()) {
                    bytes += file.getFileName().toString().startsWith("segment-") ? Files.size(file) : 0;
                }
                return bytes;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void requireKept() {
            clock.advance(ofHours(12));
            List<Delivery> left = queue.receive(1_000_000);
            assertThat(left.stream().collect(toMap(d -> number(d.bytes()), d -> d.bytes().length)))
                    .isEqualTo(living);
        }
    }
}
