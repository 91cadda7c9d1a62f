package io.millrace.queue.state;

import io.millrace.api.Durability;
import io.millrace.api.queue.QueueConfig;
import io.millrace.api.queue.QueueNames;
import io.millrace.api.queue.RedriveAllow;
import io.millrace.api.queue.RedrivePolicy;
import io.millrace.api.queue.RedriveRequest;
import io.millrace.api.queue.RedriveStatus;
import io.millrace.core.slot.BlockLayout;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The state of a queue as bytes: its components in order, as {@link java.io.DataOutput} writes them. Durations are
 * milliseconds (8 bytes), an optional value is a byte 0 or 1 and then the value, a list is its size (4 bytes) and then its
 * elements. Stateless.
 */
public final class QueueStateCodec {
    /** First byte: how what follows is laid out. */
    private static final int LAYOUT = 0;

    private QueueStateCodec() {}

    // ---- encode ---------------------------------------------------------------------------------------------------

    /** The state as bytes. */
    public static byte[] encode(QueueState state) {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(LAYOUT);
            out.writeUTF(state.space());
            out.writeUTF(state.name());
            write(state.config(), out);
            out.writeInt(state.tags().size());
            for (Map.Entry<String, String> tag : state.tags().entrySet()) {
                out.writeUTF(tag.getKey());
                out.writeUTF(tag.getValue());
            }
            out.writeLong(state.ceiling());
            out.writeLong(state.startedTasks());
            out.writeInt(state.tasks().size());
            for (TaskState task : state.tasks()) {
                write(task, out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("bytes in memory were not taken", e);
        }
        return bytes.toByteArray();
    }

    private static void write(QueueConfig config, DataOutputStream out) throws IOException {
        out.writeLong(config.visibilityTimeout().toMillis());
        out.writeLong(config.visibilityCap().toMillis());
        out.writeLong(config.delay().toMillis());
        out.writeLong(config.retention().toMillis());
        out.writeLong(config.receiveWait().toMillis());
        out.writeInt(config.maxMessageBytes());
        out.writeLong(config.maxBacklog());
        out.writeLong(config.maxInFlight());
        out.writeLong(config.sendTimeout().toMillis());
        out.writeBoolean(config.redrive().isPresent());
        if (config.redrive().isPresent()) {
            out.writeUTF(config.redrive().get().deadLetterQueue());
            out.writeInt(config.redrive().get().maxReceives());
        }
        out.writeBoolean(config.redriveAllow().everyQueue());
        out.writeInt(config.redriveAllow().sources().size());
        for (String source : config.redriveAllow().sources()) {
            out.writeUTF(source);
        }
        out.writeBoolean(config.ackDurability() == Durability.POWER_LOSS);
    }

    private static void write(TaskState task, DataOutputStream out) throws IOException {
        out.writeUTF(task.id());
        final Optional<String> destination = task.request().destination();
        out.writeBoolean(destination.isPresent());
        if (destination.isPresent()) {
            out.writeUTF(destination.get());
        }
        out.writeInt(task.request().messagesPerSecond().orElse(0));
        out.writeLong(task.toMove());
        out.writeLong(task.endSequence());
        out.writeLong(task.startedAtMs());
        out.writeLong(task.moved());
        out.writeByte(codeOf(task.status()));
        out.writeUTF(task.failure());
    }

    // ---- decode ---------------------------------------------------------------------------------------------------

    /**
     * The state that {@code bytes} encode.
     *
     * @throws IllegalArgumentException if they encode none
     */
    public static QueueState decode(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            final int layout = in.readByte();
            if (layout != LAYOUT) {
                throw new IllegalArgumentException("unknown layout of a queue's state: layout=" + layout);
            }
            final QueueState state = new QueueState(
                    in.readUTF(),
                    QueueNames.check(in.readUTF()),
                    readConfig(in),
                    readTags(in),
                    in.readLong(),
                    in.readLong(),
                    readTasks(in));
            if (state.ceiling() < 0 || state.ceiling() % BlockLayout.SLOTS != 0) {
                throw new IllegalArgumentException("no queue has such a ceiling: ceiling=" + state.ceiling());
            }
            if (in.read() >= 0) {
                throw new IllegalArgumentException("bytes behind a queue's state: queue=" + state.name());
            }
            return state;
        } catch (IOException e) {
            throw new IllegalArgumentException("a queue's state breaks off: length=" + bytes.length, e);
        }
    }

    private static QueueConfig readConfig(DataInputStream in) throws IOException {
        return new QueueConfig(
                Duration.ofMillis(in.readLong()),
                Duration.ofMillis(in.readLong()),
                Duration.ofMillis(in.readLong()),
                Duration.ofMillis(in.readLong()),
                Duration.ofMillis(in.readLong()),
                in.readInt(),
                in.readLong(),
                in.readLong(),
                Duration.ofMillis(in.readLong()),
                in.readBoolean() ? Optional.of(new RedrivePolicy(in.readUTF(), in.readInt())) : Optional.empty(),
                new RedriveAllow(in.readBoolean(), readNames(in)),
                in.readBoolean() ? Durability.POWER_LOSS : Durability.PROCESS_CRASH);
    }

    private static Set<String> readNames(DataInputStream in) throws IOException {
        final Set<String> names = new TreeSet<>();
        for (int left = in.readInt(); left > 0; left--) {
            names.add(in.readUTF());
        }
        return names;
    }

    private static Map<String, String> readTags(DataInputStream in) throws IOException {
        final Map<String, String> tags = new TreeMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            tags.put(in.readUTF(), in.readUTF());
        }
        return Collections.unmodifiableMap(tags);
    }

    private static List<TaskState> readTasks(DataInputStream in) throws IOException {
        final List<TaskState> tasks = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            tasks.add(readTask(in));
        }
        return List.copyOf(tasks);
    }

    private static TaskState readTask(DataInputStream in) throws IOException {
        return new TaskState(
                in.readUTF(),
                readRequest(in),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                readStatus(in),
                in.readUTF());
    }

    private static RedriveRequest readRequest(DataInputStream in) throws IOException {
        final Optional<String> destination = in.readBoolean() ? Optional.of(in.readUTF()) : Optional.empty();
        final int rate = in.readInt();
        return new RedriveRequest(destination, rate == 0 ? OptionalInt.empty() : OptionalInt.of(rate));
    }

    private static int codeOf(RedriveStatus status) {
        return switch (status) {
            case RUNNING -> 1;
            case COMPLETED -> 2;
            case FAILED -> 3;
            case CANCELLING -> 4;
            case CANCELLED -> 5;
        };
    }

    private static RedriveStatus readStatus(DataInputStream in) throws IOException {
        final int code = in.readByte();
        return switch (code) {
            case 1 -> RedriveStatus.RUNNING;
            case 2 -> RedriveStatus.COMPLETED;
            case 3 -> RedriveStatus.FAILED;
            case 4 -> RedriveStatus.CANCELLING;
            case 5 -> RedriveStatus.CANCELLED;
            default -> throw new IllegalArgumentException("unknown status of a redrive task: status=" + code);
        };
    }
}
