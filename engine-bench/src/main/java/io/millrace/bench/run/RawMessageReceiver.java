package io.millrace.bench.run;

import io.millrace.api.raw.Codes;
import io.millrace.api.raw.Disposition;
import io.millrace.api.raw.RawHandler;
import io.millrace.api.raw.RawReceiver;

/** Polls, and acknowledges every message. */
final class RawMessageReceiver implements MessageReceiver {
    private final RawReceiver receiver;
    private final RawHandler handler;

    RawMessageReceiver(RawReceiver receiver, Arrivals arrivals) {
        this.receiver = receiver;
        this.handler = (delivery, payload, offset, length, endOfPoll) -> {
            arrivals.arrived(payload, offset, length);
            return Disposition.ACK;
        };
    }

    @Override
    public int receive(int max) {
        int received = receiver.poll(handler, max);
        if (received < 0) {
            throw new IllegalStateException("poll was refused: code=" + Codes.nameOf(received));
        }
        return received;
    }

    @Override
    public void close() {
        receiver.close();
    }
}
