package io.millrace.stress.disk;

import io.millrace.api.Message;
import io.millrace.api.Refusal;
import io.millrace.api.SendRefusedException;
import io.millrace.api.queue.MessageQueue;
import io.millrace.api.queue.SendResult;
import io.millrace.api.raw.Claim;
import io.millrace.api.raw.Codes;
import io.millrace.api.raw.RawSender;
import io.millrace.stress.Check;
import io.millrace.stress.disk.Figures.Figure;
import io.millrace.stress.kill.Content;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Sends messages in every way that there is, enters in the books what was accepted, and takes no refusal but one. */
final class Post {
    /** How long messages may be. */
    enum Size {
        SMALL(0, 300),
        ANY(0, 300_000),
        /** In a segment of its own. */
        LARGE(1 << 20, Integer.MAX_VALUE);

        private final int from;
        private final int to;

        Size(int from, int to) {
            this.from = from;
            this.to = to;
        }
    }

    /** Ways to send: two of them wait, or not, two are of the raw tier, one sends several. */
    static final int WAYS = 5;

    private static final int BATCH = 3;

    private final Books books;
    private final Figures figures;
    private final SplittableRandom random;
    private final int run;
    private int count;

    /** @param run no other process that enters in the same books has the same */
    Post(Books books, Figures figures, SplittableRandom random, int run) {
        this.books = books;
        this.figures = figures;
        this.random = random;
        this.run = run;
    }

    /** Sends in any way; whether it was accepted. */
    boolean send(MessageQueue queue, Size size) {
        return send(queue, size, random.nextInt(WAYS));
    }

    /** Whether every way is refused now; of a message at a time, since the first may be the last that fits. */
    boolean isRefused(MessageQueue queue, Size size) {
        for (int way = 0; way < WAYS; way++) {
            if (send(queue, size, way)) {
                return false;
            }
        }
        return true;
    }

    boolean send(MessageQueue queue, Size size, int way) {
        return switch (way) {
            case 0 -> trySend(queue, number(size, 0));
            case 1 -> send(queue, number(size, 1));
            case 2 -> sendAll(queue, size);
            case 3 -> offer(queue, number(size, Content.OFFERED));
            default -> claim(queue, number(size, Content.CLAIMED));
        };
    }

    private long number(Size size, int kind) {
        long number;
        do {
            number = Content.number(run, 0, count++, kind);
        } while (Content.length(number) < size.from || Content.length(number) >= size.to);
        return number;
    }

    private boolean trySend(MessageQueue queue, long number) {
        return answered(queue, number, queue.trySend(Content.message(number)));
    }

    private boolean answered(MessageQueue queue, long number, SendResult result) {
        return result instanceof SendResult.Refused refused ? refused(refused.why()) : accepted(queue, number);
    }

    private boolean send(MessageQueue queue, long number) {
        try {
            queue.send(Content.message(number));
        } catch (SendRefusedException e) {
            return refused(e.refusal());
        }
        return accepted(queue, number);
    }

    private boolean sendAll(MessageQueue queue, Size size) {
        final List<Long> numbers = new ArrayList<>();
        final List<Message> batch = new ArrayList<>();
        for (int i = 0; i < BATCH; i++) {
            numbers.add(number(size, 0));
            batch.add(Content.message(numbers.get(i)));
        }
        final List<SendResult> results = queue.sendAll(batch);
        boolean all = true;
        for (int i = 0; i < BATCH; i++) {
            all &= answered(queue, numbers.get(i), results.get(i));
        }
        return all;
    }

    private boolean offer(MessageQueue queue, long number) {
        final ByteBuffer payload = ByteBuffer.wrap(Content.payload(number));
        try (RawSender sender = queue.raw().sender()) {
            return answered(queue, number, sender.offer(payload, 0, payload.capacity()));
        }
    }

    private boolean claim(MessageQueue queue, long number) {
        final byte[] payload = Content.payload(number);
        try (RawSender sender = queue.raw().sender()) {
            final Claim claim = sender.newClaim().attributes(Content.attributes(number));
            long code = sender.tryClaim(payload.length, claim);
            if (code >= 0) {
                claim.buffer().put(claim.offset(), payload);
                code = Math.min(code, claim.commit());
            }
            return answered(queue, number, code);
        }
    }

    private boolean answered(MessageQueue queue, long number, long code) {
        if (code >= 0) {
            return accepted(queue, number);
        }
        Check.that(code == Codes.DISK_FULL, "refused otherwise than by a full disk: " + Codes.nameOf(code));
        figures.count(Figure.REFUSED);
        return false;
    }

    private boolean accepted(MessageQueue queue, long number) {
        books.sent(number, queue.name());
        figures.count(Figure.SENT);
        return true;
    }

    private boolean refused(Refusal why) {
        Check.that(why.reason() == Refusal.Reason.DISK_FULL, "refused otherwise than by a full disk: " + why);
        figures.count(Figure.REFUSED);
        return false;
    }
}
