package io.millrace.bench.run;

import io.millrace.api.Message;
import io.millrace.api.queue.MessageQueue;
import io.millrace.api.queue.SendResult;

/** Makes a message of its own for each send, as users do. */
final class HeapMessageSender implements MessageSender {
    private final MessageQueue queue;
    private final byte[] source;

    HeapMessageSender(MessageQueue queue, Payload payload) {
        this.queue = queue;
        this.source = payload.newArray();
    }

    @Override
    public boolean trySend(long stampNs) {
        Payload.stamp(source, stampNs);
        SendResult result = queue.trySend(Message.bytes(source));
        if (result instanceof SendResult.Refused refused && !refused.why().isTransient()) {
            throw new IllegalStateException("send was refused for good: " + refused.why());
        }
        return result.isAccepted();
    }

    @Override
    public void close() {}
}
