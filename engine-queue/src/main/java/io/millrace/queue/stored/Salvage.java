package io.millrace.queue.stored;

import io.millrace.api.NotEngineDirectoryException;
import io.millrace.api.queue.QueueConfig;
import io.millrace.core.directory.DirectoryHold;
import io.millrace.core.directory.EngineDirectory;
import io.millrace.core.log.LogDamage;
import io.millrace.core.log.LogSalvage;
import io.millrace.core.log.StoredLog;
import io.millrace.queue.state.QueueState;
import io.millrace.queue.state.QueueStateCodec;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Copies what is sound in a damaged directory into a new one, which an engine opens as if nothing else had ever been there.
 * Queues, messages, ids, receive counts, deadlines and stamps stay as they were; receipts too, unless the manifest is lost.
 * Confined to one thread; keeps engines out of the damaged directory until it is closed, and changes nothing there.
 */
public final class Salvage implements AutoCloseable {
    /** How often the bytes of the damaged directory are gone through. */
    public static final int PASSES = 3;

    /** What the name of a queue begins with whose own name is lost; its number follows. */
    public static final String NAMELESS = "salvaged-";

    /** Of a queue whose configuration is lost: nothing that is there is refused or expires. */
    private static final QueueConfig LENIENT =
            QueueConfig.defaults().withRetention(Duration.ofDays(3_650)).withMaxMessageBytes(64 << 20);

    private static final int SEQUENCES_TO_SKIP = 1 << 16;
    private static final int CHUNK = 64;

    private final DirectoryHold hold;
    private final StoredLog log;
    private final long nowMs;
    private final List<String> remarks = new ArrayList<>();

    /**
     * What became of it. Immutable.
     *
     * @param target the new directory
     * @param damages what was found in the damaged one
     * @param remarks what was left behind or made up, a line each
     * @param queues what the new one holds
     */
    public record Report(Path target, List<LogDamage> damages, List<String> remarks, List<StoredQueue> queues) {}

    private Salvage(DirectoryHold hold, StoredLog log, long nowMs) {
        this.hold = hold;
        this.log = log;
        this.nowMs = nowMs;
    }

    /**
     * Takes hold of a damaged directory.
     *
     * @param nowMs wall clock, by which messages are counted as hidden
     * @throws io.millrace.api.DirectoryException if it is open in an engine, or is no directory of one
     */
    public static Salvage of(Path source, long nowMs) {
        final Path directory = EngineDirectory.inspect(source).directory();
        DirectoryHold hold = null;
        Salvage salvage = null;
        try {
            hold = DirectoryHold.of(directory);
            salvage = new Salvage(hold, new StoredLog(EngineDirectory.inspect(directory)), nowMs);
            return salvage;
        } catch (IOException e) {
            throw EngineDirectory.explained(directory, e);
        } finally {
            if (salvage == null && hold != null) {
                hold.close();
            }
        }
    }

    /** Bytes of the damaged directory. */
    public long totalBytes() {
        return log.totalBytes();
    }

    /** Whether engines are kept out meanwhile; not if its lock file is missing or may not be opened. */
    public boolean isLocked() {
        return hold.isLocked();
    }

    @Override
    public void close() {
        hold.close();
    }

    // ---- the copy -------------------------------------------------------------------------------------------------

    /**
     * Makes the copy. Called once.
     *
     * @param target where nothing is, in a directory that exists
     * @param progress is told how many bytes were gone through, {@link #PASSES} times {@link #totalBytes} in all or more
     * @throws io.millrace.api.EngineException if it cannot be made; nothing of it stays
     */
    public Report run(Path target, LongConsumer progress) {
        final StoredQueues stored = new StoredQueues(nowMs);
        log.read(stored, progress);
        final List<StoredQueue> queues = stored.queues();
        try {
            return copied(queues, LogSalvage.into(target, log), progress);
        } catch (NoSuchFileException e) {
            throw new NotEngineDirectoryException(target, "no directory to make it in", "make its parent first");
        } catch (FileAlreadyExistsException e) {
            throw new NotEngineDirectoryException(target, "something already", "give a path where nothing is");
        } catch (IOException e) {
            throw EngineDirectory.explained(target, e);
        }
    }

    private Report copied(List<StoredQueue> queues, LogSalvage copy, LongConsumer progress) throws IOException {
        boolean done = false;
        try {
            remarkOnManifest();
            copy.copy(new StoredQueues(nowMs), progress);
            copy.write(missingStates(queues));
            copy.finish(queues.isEmpty() ? 0 : queues.get(queues.size() - 1).number());
            final List<StoredQueue> found = check(copy.path(), progress);
            done = true;
            return new Report(copy.path(), List.copyOf(log.damages()), List.copyOf(remarks), found);
        } finally {
            if (!done) {
                copy.abandon();
            }
        }
    }

    private void remarkOnManifest() {
        if (log.inspection().manifest().isEmpty()) {
            remarks.add("receipts that were handed out are not valid in the copy: their key was in the manifest");
            remarks.add("which segments counted is not known without the manifest: all that were found do");
        }
    }

    /** What was written is read again. */
    private List<StoredQueue> check(Path target, LongConsumer progress) {
        final StoredLog written = new StoredLog(EngineDirectory.inspect(target));
        final StoredQueues queues = new StoredQueues(nowMs);
        written.read(queues, progress);
        if (!written.damages().isEmpty()) {
            throw new IllegalStateException(
                    "the copy is damaged: path=" + target + " " + written.damages().get(0));
        }
        return queues.queues().stream().filter(StoredQueue::isThere).toList();
    }

    // ---- queues whose state is lost -------------------------------------------------------------------------------

    /**
     * States for queues of which messages live and no state does. In a log without damage such messages are what the deletion of
     * a queue left behind.
     */
    private List<LogSalvage.State> missingStates(List<StoredQueue> queues) {
        final Set<String> names = new HashSet<>();
        queues.stream()
                .filter(StoredQueue::isThere)
                .forEach(queue -> names.add(queue.state().orElseThrow().name()));
        final List<LogSalvage.State> states = new ArrayList<>();
        queues.stream()
                .filter(queue -> queue.messages().total() > 0 && !queue.isThere())
                .sorted(Comparator.comparing(StoredQueue::number).reversed()) // of one name the last counts
                .forEach(queue -> {
                    final QueueState state = log.damages().isEmpty() ? null : stateFor(queue, names);
                    if (state == null) {
                        leaveBehind(queue);
                    } else {
                        states.add(new LogSalvage.State(queue.number(), QueueStateCodec.encode(state)));
                    }
                });
        if (!log.damages().isEmpty()) {
            queues.stream()
                    .filter(queue -> queue.messages().total() == 0 && queue.state().isEmpty())
                    .flatMap(queue -> queue.formerState().stream())
                    .filter(state -> names.add(state.name()))
                    .forEach(state -> remarks.add(
                            "a queue without messages was deleted, or its state is lost; it is left behind: queue="
                                    + state.name()));
        }
        return states;
    }

    private void leaveBehind(StoredQueue queue) {
        remarks.add("messages of a queue that was deleted are left behind: number=" + queue.number() + " messages="
                + queue.messages().total());
    }

    /** What is known of a queue, or made up; null if it was deleted, since another one has its name. */
    private @Nullable QueueState stateFor(StoredQueue queue, Set<String> names) {
        final boolean isKnown = queue.formerState().isPresent();
        final QueueState former =
                queue.formerState().orElseGet(() -> QueueState.created(NAMELESS + queue.number(), LENIENT));
        if (queue.isReplaced() || !names.add(former.name())) {
            return null;
        }
        remarks.add(
                isKnown
                        ? "the last state of a queue is lost, it has the one before, or was deleted: queue="
                                + former.name()
                        : "the name and configuration of a queue are lost: queue=" + former.name() + " messages="
                                + queue.messages().total());
        final long behind = Math.max(former.ceiling(), queue.seenSequence() + 1);
        return former.withCeiling((behind + SEQUENCES_TO_SKIP) & -CHUNK).withTasks(former.startedTasks(), List.of());
    }
}
