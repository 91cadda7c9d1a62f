package io.millrace.bench.compare;

import io.millrace.bench.disk.WorkDirectory;
import io.millrace.bench.run.Arrivals;
import io.millrace.bench.run.MessageReceiver;
import io.millrace.bench.run.MessageSender;
import io.millrace.bench.run.Payload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;

/**
 * A Chronicle Queue with the settings that it has by itself, in each round a new one: an appender for each sender, and a tailer
 * that copies each excerpt out and looks at it. Nothing is acknowledged, nothing bounds the queue, and nothing is ever removed.
 */
final class ChronicleLane implements OpenLane {
    private static final String DATA_FILE_SUFFIX = ".cq4";

    /** Header and padding of an excerpt, generously. */
    private static final int EXCERPT_OVERHEAD_BYTES = 16;

    private static final int ZEROS_BYTES = 1 << 20;
    private static final int JDK_WITH_NATIVE_ACCESS = 22;

    private final Entrant entrant;
    private final boolean pretouched;
    private final Payload payload;
    private final LongAdder left = new LongAdder();
    private WorkDirectory directory;
    private ChronicleQueue queue;
    private ExcerptTailer tailer;

    private ChronicleLane(Entrant entrant, boolean pretouched, Payload payload) {
        this.entrant = entrant;
        this.pretouched = pretouched;
        this.payload = payload;
        this.directory = newDirectory();
        this.queue = open(directory.path());
        this.tailer = newTailer(queue);
    }

    /** @param pretouched whether zeros are written where the round will write */
    static ChronicleLane open(Entrant entrant, boolean pretouched, Payload payload) {
        return new ChronicleLane(entrant, pretouched, payload);
    }

    /** What it needs of the JVM; the engine's own JVMs do without. */
    static List<String> jvmOptions() {
        List<String> options = new ArrayList<>(List.of(
                "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
                "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
                "-Dchronicle.announcer.disable=true"));
        options.addAll(Contestant.unsafeAllowed());
        if (Runtime.version().feature() >= JDK_WITH_NATIVE_ACCESS) {
            options.add("--enable-native-access=ALL-UNNAMED");
        }
        return options;
    }

    private WorkDirectory newDirectory() {
        return WorkDirectory.in(entrant.persistence().parent(), "chronicle-bench");
    }

    private static ChronicleQueue open(Path path) {
        return SingleChronicleQueueBuilder.single(path.toFile()).build();
    }

    /** One for all receivers, which come one after the other, on threads of their own. */
    private static ExcerptTailer newTailer(ChronicleQueue queue) {
        ExcerptTailer tailer = queue.createTailer();
        tailer.singleThreadedCheckDisabled(true);
        return tailer;
    }

    @Override
    public void beforeRound() {
        close();
        directory = newDirectory();
        queue = open(directory.path());
        tailer = newTailer(queue);
        if (pretouched) {
            writeZeros();
        }
    }

    /** Behind a first excerpt, which makes the file and is read again. */
    private void writeZeros() {
        try (MessageSender sender = sender();
                MessageReceiver receiver = receiver(new Arrivals(payload))) {
            if (!sender.trySend(0) || receiver.receive(1) != 1) {
                throw new IllegalStateException("the first message was lost");
            }
        }
        long end = 2L * ZEROS_BYTES + entrant.load().messages() * (payload.length() + EXCERPT_OVERHEAD_BYTES);
        try (FileChannel channel = FileChannel.open(file(), StandardOpenOption.WRITE)) {
            ByteBuffer zeros = ByteBuffer.allocateDirect(ZEROS_BYTES);
            for (long at = ZEROS_BYTES; at + ZEROS_BYTES <= end; at += ZEROS_BYTES) {
                channel.write(zeros.clear(), at);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the queue's file cannot be written: file=" + file(), e);
        }
    }

    private Path file() {
        try (Stream<Path> files = Files.list(directory.path())) {
            return files.filter(file -> file.toString().endsWith(DATA_FILE_SUFFIX))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException("the queue cannot be looked at: directory=" + directory.path(), e);
        }
    }

    @Override
    public MessageSender sender() {
        return new Sender(queue.createAppender(), payload, left);
    }

    @Override
    public MessageReceiver receiver(Arrivals arrivals) {
        return new Receiver(tailer, payload, arrivals, left);
    }

    @Override
    public long left() {
        return left.sum();
    }

    @Override
    public void close() {
        queue.close();
        directory.close();
    }

    private static final class Sender implements MessageSender {
        private final ExcerptAppender appender;
        private final ByteBuffer source;
        private final Bytes<ByteBuffer> view;
        private final int length;
        private final LongAdder left;
        private long sent;

        Sender(ExcerptAppender appender, Payload payload, LongAdder left) {
            this.appender = appender;
            this.length = payload.length();
            this.view = Bytes.elasticByteBuffer(length);
            this.view.write(payload.newArray());
            this.source = bufferOf(view);
            this.left = left;
        }

        @Override
        public boolean trySend(long stampNs) {
            source.putLong(0, stampNs);
            view.readPositionRemaining(0, length);
            appender.writeBytes(view);
            sent++;
            return true;
        }

        @Override
        public void close() {
            left.add(sent);
            appender.close();
            view.releaseLast();
        }
    }

    private static final class Receiver implements MessageReceiver {
        private final ExcerptTailer tailer;
        private final Bytes<ByteBuffer> copy;
        private final ByteBuffer buffer;
        private final Arrivals arrivals;
        private final LongAdder left;
        private long seen;

        Receiver(ExcerptTailer tailer, Payload payload, Arrivals arrivals, LongAdder left) {
            this.tailer = tailer;
            this.copy = Bytes.elasticByteBuffer(payload.length());
            this.buffer = bufferOf(copy);
            this.arrivals = arrivals;
            this.left = left;
        }

        @Override
        public int receive(int max) {
            int received = 0;
            while (received < max) {
                copy.clear();
                if (!tailer.readBytes(copy)) {
                    break;
                }
                arrivals.arrived(buffer, 0, (int) copy.readRemaining());
                received++;
            }
            seen += received;
            return received;
        }

        @Override
        public void close() {
            left.add(-seen);
            copy.releaseLast();
        }
    }

    /** The bytes as a buffer that others can read; they never grow beyond it. */
    private static ByteBuffer bufferOf(Bytes<ByteBuffer> bytes) {
        ByteBuffer buffer = bytes.underlyingObject();
        if (buffer == null) {
            throw new IllegalStateException("the bytes have no buffer");
        }
        return buffer.order(ByteOrder.nativeOrder());
    }
}
