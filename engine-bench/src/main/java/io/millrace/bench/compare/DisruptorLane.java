package io.millrace.bench.compare;

import com.lmax.disruptor.EventPoller;
import com.lmax.disruptor.InsufficientCapacityException;
import com.lmax.disruptor.RingBuffer;
import io.millrace.bench.run.Arrivals;
import io.millrace.bench.run.MessageReceiver;
import io.millrace.bench.run.MessageSender;
import io.millrace.bench.run.Payload;

/** A ring of arrays that are there from the beginning, for several producers and one consumer that polls. */
final class DisruptorLane implements OpenLane {
    private final RingBuffer<byte[]> ring;
    private final EventPoller<byte[]> poller;
    private final Payload payload;

    private DisruptorLane(RingBuffer<byte[]> ring, Payload payload) {
        this.ring = ring;
        this.payload = payload;
        this.poller = ring.newPoller();
        ring.addGatingSequences(poller.getSequence());
    }

    static DisruptorLane open(int capacity, Payload payload) {
        return new DisruptorLane(
                RingBuffer.createMultiProducer(() -> new byte[payload.length()], capacity), payload);
    }

    @Override
    public MessageSender sender() {
        return new Sender(ring, payload.newArray());
    }

    @Override
    public MessageReceiver receiver(Arrivals arrivals) {
        return new Receiver(poller, arrivals);
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

    /** Confined to one thread. */
    private static final class Receiver implements MessageReceiver {
        private final EventPoller<byte[]> poller;
        private final EventPoller.Handler<byte[]> handler;
        private int left;
        private int received;

        Receiver(EventPoller<byte[]> poller, Arrivals arrivals) {
            this.poller = poller;
            this.handler = (message, sequence, endOfBatch) -> {
                arrivals.arrived(message);
                received++;
                return --left > 0;
            };
        }

        @Override
        public int receive(int max) {
            left = max;
            received = 0;
            try {
                poller.poll(handler);
            } catch (Exception e) {
                throw new IllegalStateException("poll failed", e);
            }
            return received;
        }

        @Override
        public void close() {}
    }
}
