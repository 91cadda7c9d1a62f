package io.millrace.stress;

import io.millrace.Engine;
import io.millrace.api.EngineConfig;
import io.millrace.api.queue.Delivery;
import io.millrace.api.queue.MessageQueue;
import io.millrace.api.queue.ReceiveOptions;
import io.millrace.api.raw.Disposition;
import io.millrace.api.raw.RawReceiver;
import io.millrace.api.raw.RawSender;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Opens, uses and closes engines in this JVM, and compares what the process holds after that with what it held after the
 * first few. Stateless.
 */
public final class LeakMain {
    private static final int WARM_UP = 100;
    private static final int MESSAGES = 200;
    private static final long OFF_HEAP_BYTES = 8L << 20;
    private static final ByteBuffer PAYLOAD = ByteBuffer.allocateDirect(64);
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path MAPS = Path.of("/proc/self/maps");
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    /** Maps and threads come and go with the JVM's own compiler and collector threads; a leak would be one for each engine. */
    private static final int OF_THE_JVM = 60;

    private LeakMain() {}

    /** Resident memory grows with what the JVM compiles; engines that stay would be five times as much. */
    private static final long GROWTH_KIB = 64 * 1024;

    /** What the process holds. */
    private record Holding(long directBytes, long residentKib, long threads, long maps, long descriptors) {
        static Holding now() throws IOException {
            final long directBytes = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                    .filter(pool -> pool.getName().equals("direct"))
                    .mapToLong(BufferPoolMXBean::getMemoryUsed)
                    .sum();
            return new Holding(directBytes, resident(), engineThreads(), lines(MAPS), entries(DESCRIPTORS));
        }

        private static long resident() throws IOException {
            try (var lines = Files.lines(STATUS)) {
                return lines.filter(line -> line.startsWith("VmRSS:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                        .sum();
            }
        }

        private static long engineThreads() {
            return Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().startsWith("millrace-"))
                    .count();
        }

        private static long lines(Path file) throws IOException {
            try (var lines = Files.lines(file)) {
                return lines.count();
            }
        }

        private static long entries(Path directory) throws IOException {
            try (var entries = Files.list(directory)) {
                return entries.count();
            }
        }
    }

    public static void main(String[] args) throws Exception {
        final int engines = Integer.parseInt(args[0]);
        if (!Files.isReadable(MAPS)) {
            System.out.println("NOT RUN: no /proc");
            return;
        }
        for (int i = 0; i < WARM_UP; i++) {
            useOne();
        }
        Holding.now(); // reading files takes a buffer that the thread keeps
        final Holding before = Holding.now();
        for (int i = 0; i < engines; i++) {
            useOne();
        }
        final Holding after = Holding.now();
        Check.that(after.directBytes() == before.directBytes(), "direct memory: " + before + " " + after);
        Check.that(after.residentKib() <= before.residentKib() + GROWTH_KIB, "memory: " + before + " " + after);
        Check.that(after.threads() == 0, "threads of engines: " + after);
        Check.that(after.descriptors() == before.descriptors(), "descriptors: " + before + " " + after);
        Check.that(after.maps() <= before.maps() + OF_THE_JVM, "maps: " + before + " " + after);
        System.out.println(engines + " engines, before " + before + ", after " + after);
    }

    private static void useOne() throws Exception {
        final Engine engine = Engine.inMemory(EngineConfig.defaults().withOffHeapLimit(OFF_HEAP_BYTES));
        final CompletableFuture<List<Delivery>> parked;
        try (engine) {
            final MessageQueue queue = engine.queue("traffic");
            heap(queue);
            raw(queue);
            queue.send("stays in flight");
            queue.receive(1);
            queue.send("stays visible");
            parked = engine.queue("empty").receiveAsync(ReceiveOptions.upTo(1).withWait(Duration.ofMinutes(1)));
            engine.queue("deleted").send("gone");
            engine.catalog().delete("deleted");
        }
        Check.that(parked.isCompletedExceptionally(), "a parked receive outlived its engine");
        final long offHeapBytes = engine.stats().offHeapBytes();
        Check.that(offHeapBytes == 0, "a closed engine holds memory: bytes=" + offHeapBytes);
    }

    private static void heap(MessageQueue queue) {
        for (int i = 0; i < MESSAGES; i++) {
            queue.send("message " + i);
        }
        int acked = 0;
        while (acked < MESSAGES) {
            for (Delivery delivery : queue.receive(10)) {
                delivery.ack();
                acked++;
            }
        }
    }

    private static void raw(MessageQueue queue) {
        try (RawSender sender = queue.raw().sender();
                RawReceiver receiver = queue.raw().receiver()) {
            for (int i = 0; i < MESSAGES; i++) {
                sender.offer(PAYLOAD, 0, PAYLOAD.capacity());
            }
            int received = 0;
            while (received < MESSAGES) {
                received += receiver.poll((delivery, view, offset, length, endOfPoll) -> Disposition.ACK, 64);
            }
        }
    }
}
