package io.millrace.bench.run;

import io.millrace.api.Message;
import io.millrace.api.queue.MessageQueue;
import io.millrace.api.queue.SendResult;
import java.util.ArrayList;
import java.util.List;

/** Gathers messages and sends them together. */
final class HeapBatchSender implements MessageSender {
    private final MessageQueue queue;
    private final byte[] source;
    private final int batch;
    private final List<Message> gathered = new ArrayList<>();

    HeapBatchSender(MessageQueue queue, Payload payload, int batch) {
        this.queue = queue;
        this.source = payload.newArray();
        this.batch = batch;
    }

    @Override
    public boolean trySend(long stampNs) {
        if (gathered.size() >= batch && !flush()) {
            return false;
        }
        Payload.stamp(source, stampNs);
        gathered.add(Message.bytes(source));
        if (gathered.size() >= batch) {
            var unused = flush(); // what is refused is tried again before the next message
        }
        return true;
    }

    @Override
    public boolean flush() {
        if (gathered.isEmpty()) {
            return true;
        }
        List<Message> refused = new ArrayList<>();
        List<SendResult> results = queue.sendAll(gathered);
        for (int i = 0; i < results.size(); i++) {
            if (results.get(i) instanceof SendResult.Refused why) {
                if (!why.why().isTransient()) {
                    throw new IllegalStateException("send was refused for good: " + why.why());
                }
                refused.add(gathered.get(i));
            }
        }
        gathered.clear();
        gathered.addAll(refused);
        return refused.isEmpty();
    }

    @Override
    public void close() {}
}
