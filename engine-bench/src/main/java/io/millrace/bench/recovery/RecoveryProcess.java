package io.millrace.bench.recovery;

import io.millrace.Engine;
import io.millrace.api.Durability;
import io.millrace.api.EngineConfig;
import io.millrace.api.EngineStats;
import io.millrace.api.Message;
import io.millrace.api.queue.MessageQueue;
import io.millrace.api.raw.Codes;
import io.millrace.api.raw.RawSender;
import io.millrace.bench.child.ChildMain;
import io.millrace.bench.run.Payload;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;

/** A JVM that fills the directory, or opens it, or both, as its parent says. Not a command for people. */
final class RecoveryProcess {
    static final String READY = "ready";
    static final String FILL = "fill";
    static final String OPEN = "open";
    static final String CLOSE = "close";
    static final String DONE = "done";

    private static final String QUEUE = "recovery";
    private static final int FILL_BATCH = 1_000;

    private final RecoveryLoad load;
    private final Path directory;
    private Optional<Engine> open = Optional.empty();

    private RecoveryProcess(RecoveryLoad load, Path directory) {
        this.load = load;
        this.directory = directory;
    }

    static List<String> arguments(RecoveryLoad load, Path directory) {
        return List.of(
                Long.toString(load.messages()),
                Integer.toString(load.payloadBytes()),
                load.durability().name(),
                directory.toString());
    }

    public static void main(String[] args) {
        RecoveryLoad load =
                new RecoveryLoad(Long.parseLong(args[0]), Integer.parseInt(args[1]), Durability.valueOf(args[2]));
        RecoveryProcess process = new RecoveryProcess(load, Path.of(args[3]));
        ChildMain.run(process::obey);
    }

    private void obey(BufferedReader orders, PrintStream answers) throws IOException {
        answers.println(READY);
        for (String order = orders.readLine(); order != null; order = orders.readLine()) {
            answers.println(
                    switch (order) {
                        case FILL -> fill();
                        case OPEN -> reopen();
                        case CLOSE -> close();
                        default -> throw new IllegalArgumentException("unknown order: " + order);
                    });
        }
    }

    private Engine open() {
        Engine engine = Engine.open(
                directory, load.durability(), EngineConfig.defaults().withOffHeapLimit(load.offHeapLimit()));
        open = Optional.of(engine);
        return engine;
    }

    private String fill() {
        MessageQueue queue = open().queue(QUEUE);
        if (load.durability() == Durability.POWER_LOSS) {
            fillTogether(queue);
        } else {
            fillOneByOne(queue);
        }
        return DONE;
    }

    private void fillOneByOne(MessageQueue queue) {
        ByteBuffer source = new Payload(load.payloadBytes()).newBuffer();
        try (RawSender sender = queue.raw().sender()) {
            for (long i = 0; i < load.messages(); i++) {
                long result = sender.offer(source, 0, load.payloadBytes());
                if (result < 0) {
                    throw new IllegalStateException("a message was refused: code=" + Codes.nameOf(result));
                }
            }
        }
    }

    private void fillTogether(MessageQueue queue) {
        List<Message> batch =
                Collections.nCopies(FILL_BATCH, Message.bytes(new Payload(load.payloadBytes()).newArray()));
        for (long left = load.messages(); left > 0; left -= FILL_BATCH) {
            queue.sendAll(batch.subList(0, (int) Math.min(left, FILL_BATCH))).forEach(result -> result.orElseThrow());
        }
    }

    /** Nanoseconds, and what the engine holds. */
    private String reopen() {
        long startedNs = System.nanoTime();
        Engine engine = open();
        long openNs = System.nanoTime() - startedNs;
        long visible = engine.queue(QUEUE).admin().stats().visible();
        if (visible != load.messages()) {
            throw new IllegalStateException(
                    "messages are not there: messages=" + load.messages() + " visible=" + visible);
        }
        EngineStats stats = engine.stats();
        return new StringJoiner(" ")
                .add(Long.toString(openNs))
                .add(Long.toString(stats.offHeapBytes()))
                .add(Long.toString(stats.logLiveBytes()))
                .add(Long.toString(stats.logBytes()))
                .toString();
    }

    private String close() {
        open.ifPresent(Engine::close);
        open = Optional.empty();
        return DONE;
    }
}
