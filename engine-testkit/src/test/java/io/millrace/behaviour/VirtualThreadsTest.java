package io.millrace.behaviour;

import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.Engine;
import io.millrace.api.queue.Delivery;
import io.millrace.api.queue.MessageQueue;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A hundred thousand virtual threads in one queue: nothing is lost, no carrier is pinned, nothing is kept of them. */
@Timeout(240)
class VirtualThreadsTest {
    private static final int THREADS = 100_000;
    private static final int KEPT_BYTES_PER_THREAD = 16;
    private static final int MOST_ROUNDS = 6;
    private static final String PINNED = "jdk.VirtualThreadPinned";

    private final Engine engine = Engine.inMemory();
    private final MessageQueue queue = engine.queue("orders");
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

    @BeforeEach
    void requireVirtualThreads() {
        VirtualThreads.require();
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private Thread start(Runnable work) {
        return VirtualThreads.start(() -> {
            try {
                work.run();
            } catch (RuntimeException | Error e) {
                failures.add(e);
            }
        });
    }

    private static void join(List<Thread> threads) throws InterruptedException {
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private void receiveOne(Set<String> texts) {
        List<Delivery> deliveries = queue.receive(1, ofMinutes(3));
        assertThat(deliveries).hasSize(1);
        assertThat(texts.add(deliveries.get(0).text())).isTrue();
        assertThat(deliveries.get(0).ack()).isTrue();
    }

    /** Each thread sends one message, waits for one and acknowledges it. */
    private List<Thread> startCycles(int count, Set<String> texts) {
        List<Thread> threads = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            String text = "m" + i;
            threads.add(start(() -> {
                queue.send(text);
                receiveOne(texts);
            }));
        }
        return threads;
    }

    private void assertAtRest(long messages) {
        assertThat(failures).isEmpty();
        var stats = queue.admin().stats();
        assertThat(stats.acked()).isEqualTo(messages);
        assertThat(stats.visible() + stats.inFlight() + stats.delayed()).isZero();
        assertThat(stats.waitingReceivers()).isZero();
    }

    @Test
    void shouldLetAHundredThousandSendReceiveAndAcknowledge() throws Exception {
        Set<String> texts = ConcurrentHashMap.newKeySet();

        join(startCycles(THREADS, texts));

        assertThat(texts).hasSize(THREADS);
        assertAtRest(THREADS);
    }

    @Test
    void shouldServeAHundredThousandThatWaitAtTheSameTime() throws Exception {
        Set<String> texts = ConcurrentHashMap.newKeySet();
        List<Thread> threads = new ArrayList<>(THREADS);
        for (int i = 0; i < THREADS; i++) {
            threads.add(start(() -> receiveOne(texts)));
        }
        Background.await("all wait", () -> queue.admin().stats().waitingReceivers() == THREADS);
        AtomicInteger sent = new AtomicInteger();
        for (int i = 0; i < 100; i++) {
            threads.add(start(() -> {
                for (int message = sent.getAndIncrement(); message < THREADS; message = sent.getAndIncrement()) {
                    queue.send("m" + message);
                }
            }));
        }

        join(threads);

        assertThat(texts).hasSize(THREADS);
        assertAtRest(THREADS);
    }

    @Test
    void shouldPinNoCarrier(@TempDir Path directory) throws Exception {
        Set<String> texts = ConcurrentHashMap.newKeySet();
        List<RecordedEvent> pinned = pinnedDuring(directory, () -> join(startCycles(THREADS, texts)));

        assertThat(texts).hasSize(THREADS);
        assertThat(pinned)
                .filteredOn(event -> String.valueOf(event.getStackTrace()).contains("io.millrace."))
                .isEmpty();
    }

    @Test
    void shouldSeeACarrierThatIsPinned(@TempDir Path directory) throws Exception {
        List<RecordedEvent> pinned = pinnedDuring(
                directory, () -> start(() -> assertThat(Pinning.DONE).isTrue()).join());

        assertThat(failures).isEmpty();
        assertThat(pinned)
                .anySatisfy(event -> assertThat(String.valueOf(event.getStackTrace()))
                        .contains("io.millrace.behaviour.VirtualThreadsTest$Pinning"));
    }

    /** A class initializer runs below a native frame, which no virtual thread can be unmounted with. */
    private static final class Pinning {
        static final boolean DONE = parked();

        private static boolean parked() {
            LockSupport.parkNanos(1_000_000L);
            return true;
        }
    }

    @FunctionalInterface
    private interface Work {
        void run() throws Exception;
    }

    private static List<RecordedEvent> pinnedDuring(Path directory, Work work) throws Exception {
        Path file = directory.resolve("pinned.jfr");
        try (Recording recording = new Recording()) {
            recording.enable(PINNED).withoutThreshold().withStackTrace();
            recording.start();
            work.run();
            recording.stop();
            recording.dump(file);
        }
        assertThat(Files.size(file)).isPositive();
        return pinnedIn(file);
    }

    private static List<RecordedEvent> pinnedIn(Path file) throws IOException {
        return RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().equals(PINNED))
                .toList();
    }

    /** The JVM's own tables grow now and then; what is kept per thread grows in every round. */
    @Test
    void shouldKeepNothingOfThreadsThatHaveEnded() throws Exception {
        long most = (long) THREADS * KEPT_BYTES_PER_THREAD;
        long kept = growthOfOneRound();
        for (int round = 1; round < MOST_ROUNDS && kept >= most; round++) {
            kept = growthOfOneRound();
        }

        assertThat(failures).isEmpty();
        assertThat(kept).isLessThan(most);
        engine.close(); // waits for every word of the gate
        assertThat(engine.stats().offHeapBytes()).isZero();
    }

    private long growthOfOneRound() throws Exception {
        long before = usedHeap();
        List<WeakReference<Thread>> threads = runAndForget();
        Background.await("threads are collected", () -> {
            System.gc();
            return threads.stream().allMatch(thread -> thread.get() == null);
        });
        return usedHeap() - before;
    }

    /** One in a hundred of the threads, so that the references themselves do not count. */
    private List<WeakReference<Thread>> runAndForget() throws InterruptedException {
        List<Thread> threads = startCycles(THREADS, ConcurrentHashMap.newKeySet());
        join(threads);
        List<WeakReference<Thread>> forgotten = new ArrayList<>();
        for (int i = 0; i < THREADS; i += 100) {
            forgotten.add(new WeakReference<>(threads.get(i)));
        }
        return forgotten;
    }

    private static long usedHeap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
