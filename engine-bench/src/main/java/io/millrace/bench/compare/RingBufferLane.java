package io.millrace.bench.compare;

import io.millrace.bench.run.Arrivals;
import io.millrace.bench.run.MessageReceiver;
import io.millrace.bench.run.MessageSender;
import io.millrace.bench.run.Payload;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.BitUtil;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.ManyToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RecordDescriptor;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/**
 * An Agrona ring off the heap. Its capacity is in bytes and a power of two: the next one that holds as many messages as
 * the others do.
 */
final class RingBufferLane implements OpenLane {
    private static final int MESSAGE_TYPE = 1;

    private final ByteBuffer memory;
    private final ManyToOneRingBuffer ring;
    private final Payload payload;

    private RingBufferLane(ByteBuffer memory, Payload payload) {
        this.memory = memory;
        this.ring = new ManyToOneRingBuffer(new UnsafeBuffer(memory));
        this.payload = payload;
    }

    static RingBufferLane open(int messages, Payload payload) {
        int record = BitUtil.align(payload.length() + RecordDescriptor.HEADER_LENGTH, RecordDescriptor.ALIGNMENT);
        int bytes = BitUtil.findNextPositivePowerOfTwo(Math.multiplyExact(messages, record));
        ByteBuffer memory = ByteBuffer.allocateDirect(bytes + RingBufferDescriptor.TRAILER_LENGTH)
                .order(ByteOrder.nativeOrder());
        return new RingBufferLane(memory, payload);
    }

    @Override
    public MessageSender sender() {
        ByteBuffer source = payload.newBuffer();
        return new Sender(ring, source, new UnsafeBuffer(source));
    }

    @Override
    public MessageReceiver receiver(Arrivals arrivals) {
        return new Receiver(ring, (type, buffer, index, length) -> arrivals.arrived(memory, index, length));
    }

    @Override
    public long left() {
        return ring.size();
    }

    @Override
    public void close() {}

    private record Sender(ManyToOneRingBuffer ring, ByteBuffer source, UnsafeBuffer view) implements MessageSender {
        @Override
        public boolean trySend(long stampNs) {
            source.putLong(0, stampNs);
            return ring.write(MESSAGE_TYPE, view, 0, source.capacity());
        }

        @Override
        public void close() {}
    }

    private record Receiver(ManyToOneRingBuffer ring, MessageHandler handler) implements MessageReceiver {
        @Override
        public int receive(int max) {
            return ring.read(handler, max);
        }

        @Override
        public void close() {}
    }
}
