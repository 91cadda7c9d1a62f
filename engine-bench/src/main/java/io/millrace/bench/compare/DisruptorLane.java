package io.millrace.bench.compare;

import com.lmax.disruptor.InsufficientCapacityException;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import io.millrace.bench.run.Arrivals;
import io.millrace.bench.run.MessageReceiver;
import io.millrace.bench.run.MessageSender;
import io.millrace.bench.run.Payload;

/**
 * A ring of arrays that are there from the beginning, for several producers and one consumer, which asks for each message
 * whether it is published and moves its sequence once for each batch. (An {@code EventPoller} would scan all that is
 * published for each batch.)
 */
final class DisruptorLane implements OpenLane {
    private final RingBuffer<byte[]> ring;
    private final Sequence consumed = new Sequence();
    private final Payload payload;

    private DisruptorLane(RingBuffer<byte[]> ring, Payload payload) {
        this.ring = ring;
        this.payload = payload;
        ring.addGatingSequences(consumed);
    }

    static DisruptorLane open(int capacity, Payload payload) {
        return new DisruptorLane(RingBuffer.createMultiProducer(() -> new byte[payload.length()], capacity), payload);
    }

    @Override
    public MessageSender sender() {
        return new Sender(ring, payload.newArray());
    }

    @Override
    public MessageReceiver receiver(Arrivals arrivals) {
        return new Receiver(ring, consumed, arrivals);
    }

    @Override
    public long left() {
        return ring.getBufferSize() - ring.remainingCapacity();
    }

    @Override
    public void close() {}

    private static final class Sender implements MessageSender {
        private final RingBuffer<byte[]> ring;
        private final byte[] source;

        Sender(RingBuffer<byte[]> ring, byte[] source) {
            this.ring = ring;
            this.source = source;
        }

        @Override
        public boolean trySend(long stampNs) {
            long sequence;
            try {
                sequence = ring.tryNext();
            } catch (InsufficientCapacityException e) {
                return false;
            }
            byte[] message = ring.get(sequence);
            System.arraycopy(source, 0, message, 0, source.length);
            Payload.stamp(message, stampNs);
            ring.publish(sequence);
            return true;
        }

        @Override
        public void close() {}
    }

    private record Receiver(RingBuffer<byte[]> ring, Sequence consumed, Arrivals arrivals) implements MessageReceiver {
        @Override
        public int receive(int max) {
            long before = consumed.get();
            long last = before;
            while (last - before < max && ring.isAvailable(last + 1)) {
                last++;
                arrivals.arrived(ring.get(last));
            }
            if (last > before) {
                consumed.set(last);
            }
            return (int) (last - before);
        }

        @Override
        public void close() {}
    }
}
