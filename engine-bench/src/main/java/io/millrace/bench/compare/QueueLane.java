package io.millrace.bench.compare;

import io.millrace.bench.run.Arrivals;
import io.millrace.bench.run.MessageReceiver;
import io.millrace.bench.run.MessageSender;
import io.millrace.bench.run.Payload;
import io.millrace.bench.run.Samples;
import java.util.Queue;

/**
 * A {@link Queue} of arrays. With references, all messages but the timed ones are the same array, which costs nothing to
 * send and stays in the cache of whoever reads it; with clones each message owns its bytes, as it does in the engine.
 */
final class QueueLane implements OpenLane {
    private final Queue<byte[]> queue;
    private final Payload payload;
    private final boolean clones;

    private QueueLane(Queue<byte[]> queue, Payload payload, boolean clones) {
        this.queue = queue;
        this.payload = payload;
        this.clones = clones;
    }

    static QueueLane ofReferences(Queue<byte[]> queue, Payload payload) {
        return new QueueLane(queue, payload, false);
    }

    static QueueLane ofClones(Queue<byte[]> queue, Payload payload) {
        return new QueueLane(queue, payload, true);
    }

    @Override
    public MessageSender sender() {
        return new Sender(queue, payload.newArray(), clones);
    }

    @Override
    public MessageReceiver receiver(Arrivals arrivals) {
        return new Receiver(queue, arrivals);
    }

    @Override
    public long left() {
        return queue.size();
    }

    @Override
    public void close() {}

    private static final class Sender implements MessageSender {
        private final Queue<byte[]> queue;
        private final byte[] source;
        private final boolean clones;

        Sender(Queue<byte[]> queue, byte[] source, boolean clones) {
            this.queue = queue;
            this.source = source;
            this.clones = clones;
        }

        @Override
        public boolean trySend(long stampNs) {
            if (stampNs == Samples.NONE && !clones) {
                return queue.offer(source);
            }
            byte[] message = source.clone();
            Payload.stamp(message, stampNs);
            return queue.offer(message);
        }

        @Override
        public void close() {}
    }

    private record Receiver(Queue<byte[]> queue, Arrivals arrivals) implements MessageReceiver {
        @Override
        public int receive(int max) {
            int received = 0;
            while (received < max) {
                byte[] message = queue.poll();
                if (message == null) {
                    break;
                }
                arrivals.arrived(message);
                received++;
            }
            return received;
        }

        @Override
        public void close() {}
    }
}
