package io.millrace.queue.stored;

import io.millrace.api.queue.QueueConfig;
import io.millrace.core.directory.DirectoryHold;
import io.millrace.core.directory.DirectoryInspection;
import io.millrace.core.directory.NewDirectory;
import io.millrace.core.log.LogDamage;
import io.millrace.core.log.LogSalvage;
import io.millrace.core.log.StoredLog;
import io.millrace.queue.state.QueueState;
import io.millrace.queue.state.QueueStateCodec;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
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
     * @param damages what was found in the damaged one
     * @param remarks what was left behind or made up, a line each
     * @param queues what the new one holds
     */
    public record Report(List<LogDamage> damages, List<String> remarks, List<StoredQueue> queues) {}

    private Salvage(DirectoryHold hold, StoredLog log, long nowMs) {
        this.hold = hold;
        this.log = log;
        this.nowMs = nowMs;
    }

    /**
     * Takes hold of a damaged directory.
     *
     * @param nowMs wall clock, by which messages are counted as hidden
     * @throws io.millrace.api.DirectoryException if it is open in an engine
     */
    public static Salvage of(DirectoryInspection source, long nowMs) {
        final DirectoryHold hold = DirectoryHold.of(source);
        Salvage salvage = null;
        try {
            salvage = new Salvage(hold, new StoredLog(source.again()), nowMs);
            return salvage;
        } finally {
            if (salvage == null) {
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
     * @param target makes the new directory, when the damaged one was read
     * @param progress is told how many bytes were gone through, {@link #PASSES} times {@link #totalBytes} in all or more
     * @throws io.millrace.api.EngineException if it cannot be made; nothing of it stays
     */
    public Report run(Supplier<NewDirectory> target, LongConsumer progress) {
        final StoredQueues stored = new StoredQueues(nowMs);
        log.read(stored, progress);
        return copied(stored.queues(), target.get(), progress);
    }

    private Report copied(List<StoredQueue> queues, NewDirectory target, LongConsumer progress) {
        boolean done = false;
        try {
            remarkOnManifest();
            final LogSalvage copy = new LogSalvage(log, target);
            copy.copy(new StoredQueues(nowMs), progress);
            copy.write(missingStates(queues));
            copy.finish(queues.isEmpty() ? 0 : queues.get(queues.size() - 1).number());
            final List<StoredQueue> found = check(target, progress);
            done = true;
            return new Report(List.copyOf(log.damages()), List.copyOf(remarks), found);
        } catch (IOException e) {
            throw target.explained(e);
        } finally {
            if (!done) {
                target.abandon();
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
    private List<StoredQueue> check(NewDirectory target, LongConsumer progress) {
        final StoredLog written = new StoredLog(target.inspect());
        final StoredQueues queues = new StoredQueues(nowMs);
        written.read(queues, progress);
        if (!written.damages().isEmpty()) {
            throw new IllegalStateException(
                    "the copy is damaged: " + written.damages().get(0));
        }
        return queues.queues().stream().filter(StoredQueue::isThere).toList();
    }

    // ---- queues whose state is lost -------------------------------------------------------------------------------

    /** States for queues of which messages live and no state does, unless they were deleted. */
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
                    final QueueState state = stateFor(queue, names);
                    if (state == null) {
                        leaveBehind(queue);
                    } else {
                        states.add(new LogSalvage.State(queue.number(), QueueStateCodec.encode(state)));
                    }
                });
        if (!log.damages().isEmpty()) {
            queues.stream()
                    .filter(queue ->
                            queue.messages().total() == 0 && queue.state().isEmpty() && !queue.isDeleted())
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
        if (queue.isDeleted() || queue.isReplaced() || !names.add(former.name())) {
            return null;
        }
        remarks.add(
                isKnown
                        ? "the last state of a queue is lost, it has the one before: queue=" + former.name()
                        : "the name and configuration of a queue are lost: queue=" + former.name() + " messages="
                                + queue.messages().total());
        final long behind = Math.max(former.ceiling(), queue.seenSequence() + 1);
        return former.withCeiling((behind + SEQUENCES_TO_SKIP) & -CHUNK).withTasks(former.startedTasks(), List.of());
    }
}
