package io.millrace.bench.run;

import io.millrace.api.raw.Codes;
import io.millrace.api.raw.RawSender;
import java.nio.ByteBuffer;

/** Offers one buffer again and again. */
final class RawMessageSender implements MessageSender {
    private final RawSender sender;
    private final ByteBuffer source;
    private final int length;

    RawMessageSender(RawSender sender, Payload payload) {
        this.sender = sender;
        this.source = payload.newBuffer();
        this.length = payload.length();
    }

    @Override
    public boolean trySend(long stampNs) {
        source.putLong(0, stampNs);
        long result = sender.offer(source, 0, length);
        if (result >= 0) {
            return true;
        }
        if (result != Codes.BACKLOG_LIMIT && result != Codes.OFF_HEAP_LIMIT) {
            throw new IllegalStateException("offer was refused for good: code=" + Codes.nameOf(result));
        }
        return false;
    }

    @Override
    public void close() {
        sender.close();
    }
}
