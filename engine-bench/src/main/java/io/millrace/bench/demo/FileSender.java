package io.millrace.bench.demo;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/** The sending side: reads each file once, remembers its digest, sends its name and its lines. Confined to one thread. */
final class FileSender {
    private final Outbox outbox;
    private final FailurePlan plan;
    private final int maxFileBytes;
    private final List<SentFile> sent = new ArrayList<>();
    private long deadLettersPlanned;
    private int unreadable;
    private int tooLarge;

    FileSender(Outbox outbox, FailurePlan plan, int maxFileBytes) {
        this.outbox = outbox;
        this.plan = plan;
        this.maxFileBytes = maxFileBytes;
    }

    /** Sends files one after the other; one that cannot be read any more is left out. */
    void sendAll(List<InputFile> files) throws InterruptedException {
        for (InputFile file : files) {
            byte[] content;
            try {
                content = read(file);
            } catch (ClosedByInterruptException e) {
                throw interrupted(e);
            } catch (IOException e) {
                unreadable++;
                continue;
            }
            if (content.length > maxFileBytes) {
                tooLarge++;
            } else {
                send(file, content);
            }
        }
    }

    private static InterruptedException interrupted(Exception cause) {
        InterruptedException interrupted = new InterruptedException("interrupted while reading");
        interrupted.initCause(cause);
        return interrupted;
    }

    /** One byte more than allowed at most: the file may have grown since it was found. */
    private byte[] read(InputFile file) throws IOException {
        try (InputStream in = Files.newInputStream(file.path())) {
            return in.readNBytes(maxFileBytes + 1);
        }
    }

    private void send(InputFile file, byte[] content) throws InterruptedException {
        List<byte[]> lines = Lines.of(content);
        send(Piece.ofName(file.number(), file.name(), lines.size()));
        for (int i = 0; i < lines.size(); i++) {
            send(Piece.ofLine(file.number(), i, lines.get(i)));
        }
        sent.add(SentFile.of(file, content, lines));
    }

    private void send(Piece piece) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted while sending");
        }
        if (plan.isDeadLettered(piece)) {
            deadLettersPlanned++;
        }
        outbox.send(piece.toMessage(System.nanoTime()));
    }

    List<SentFile> sent() {
        return sent;
    }

    /** Messages that were sent: the name of each file, and its lines. */
    long messages() {
        return sent.stream().mapToLong(SentFile::messages).sum();
    }

    /** Messages that the failure plan sends to the dead-letter queue. */
    long deadLettersPlanned() {
        return deadLettersPlanned;
    }

    /** Files that could be found but not read. */
    int unreadable() {
        return unreadable;
    }

    /** Files that have grown beyond the limit since they were found. */
    int tooLarge() {
        return tooLarge;
    }
}
