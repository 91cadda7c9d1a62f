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
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * What one writes without a library: every message is written at the next place of one file and forced, before its sender goes
 * on. The file is there from the beginning, its blocks are written, and it is used over and over, so that no force has to put
 * anything but the message on the disk.
 */
final class ForcedFileLane implements OpenLane {
    private final WorkDirectory directory;
    private final FileChannel channel;
    private final Payload payload;
    private final long places;
    private final AtomicLong written = new AtomicLong();
    private final LongAdder forces = new LongAdder();
    private long read;

    private ForcedFileLane(WorkDirectory directory, FileChannel channel, Payload payload, long places) {
        this.directory = directory;
        this.channel = channel;
        this.payload = payload;
        this.places = places;
    }

    static ForcedFileLane open(Entrant entrant, Payload payload) {
        WorkDirectory directory = WorkDirectory.in(entrant.persistence().parent(), "force-bench");
        Path file = directory.path().resolve("messages");
        try {
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
            long places = entrant.load().window();
            ByteBuffer zeros = ByteBuffer.allocateDirect(payload.length());
            for (long i = 0; i < places; i++) {
                channel.write(zeros.clear());
            }
            channel.force(true);
            return new ForcedFileLane(directory, channel, payload, places);
        } catch (IOException e) {
            throw new UncheckedIOException("the file cannot be made: file=" + file, e);
        }
    }

    private long offsetOf(long message) {
        return message % places * payload.length();
    }

    @Override
    public MessageSender sender() {
        return new Sender(payload.newBuffer());
    }

    @Override
    public MessageReceiver receiver(Arrivals arrivals) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(payload.length()).order(ByteOrder.nativeOrder());
        return new Receiver(buffer, arrivals);
    }

    @Override
    public long forces() {
        return forces.sum();
    }

    @Override
    public long left() {
        return written.get() - read;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("the file cannot be closed: directory=" + directory.path(), e);
        }
        directory.close();
    }

    private final class Sender implements MessageSender {
        private final ByteBuffer source;

        Sender(ByteBuffer source) {
            this.source = source;
        }

        @Override
        public boolean trySend(long stampNs) {
            source.putLong(0, stampNs);
            try {
                channel.write(source.clear(), offsetOf(written.getAndIncrement()));
                channel.force(false);
            } catch (IOException e) {
                throw new UncheckedIOException("a message cannot be written: directory=" + directory.path(), e);
            }
            forces.increment();
            return true;
        }

        @Override
        public void close() {}
    }

    /** Reads what was written; for nobody while others write. */
    private final class Receiver implements MessageReceiver {
        private final ByteBuffer buffer;
        private final Arrivals arrivals;

        Receiver(ByteBuffer buffer, Arrivals arrivals) {
            this.buffer = buffer;
            this.arrivals = arrivals;
        }

        @Override
        public int receive(int max) {
            int received = 0;
            for (; received < max && read < written.get(); received++) {
                try {
                    int length = channel.read(buffer.clear(), offsetOf(read));
                    arrivals.arrived(buffer, 0, length);
                } catch (IOException e) {
                    throw new UncheckedIOException("a message cannot be read: directory=" + directory.path(), e);
                }
                read++;
            }
            return received;
        }

        @Override
        public void close() {}
    }
}
