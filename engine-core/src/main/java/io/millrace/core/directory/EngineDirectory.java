package io.millrace.core.directory;

import io.millrace.api.CorruptLogException;
import io.millrace.api.DirectoryException;
import io.millrace.api.Durability;
import io.millrace.api.EngineConfig;
import io.millrace.api.EngineException;
import io.millrace.api.EngineFailedException;
import io.millrace.api.NoSpaceException;
import io.millrace.api.NotEngineDirectoryException;
import io.millrace.api.check.Arguments;
import io.millrace.core.file.FileFacts;
import io.millrace.core.file.FileHook;
import io.millrace.core.file.ForceFailedException;
import io.millrace.core.file.SegmentFile;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The directory of an engine while it is open: nobody else has it open, and its manifest is this process's to write.
 * Thread-safe.
 *
 * <p>What makes room or gives it back (a segment, its place in the manifest, more queue numbers) may fail with an {@link
 * IOException}: nothing has changed then, and it may be tried again. What must be on the disk and is not fails with {@link
 * EngineFailedException}, and so does every later write.
 */
// Order at open: look (nothing is changed in a directory that is refused), registry of this process, lock, look again,
// raise the incarnation and force it. Only then may anything else be written.
// A segment counts from the moment its index is in the manifest: it is prepared before that, and removed after.
// At PROCESS_CRASH the manifest is forced at open only: the rename alone is what a crash of the process leaves whole.
public final class EngineDirectory implements AutoCloseable {
    /** How many queue numbers one write of the manifest makes room for. */
    static final int QUEUE_NUMBER_BLOCK = 1_024;

    private final Path directory;
    private final Durability durability;
    private final FileHook hook;
    private final SecureRandom random;
    private final OpenDirectories.Entry entry;
    private final SegmentFile.Lock lock;
    private final Optional<Manifest> previous;
    private final SegmentSet strangers;
    private final Manifest atOpen;
    private final String boot;

    private volatile Consumer<EngineFailedException> onFailure = failed -> {};
    private final ReentrantLock writing = new ReentrantLock();
    private Manifest manifest; // guarded by writing
    private SegmentSet taken; // guarded by writing
    private long nextQueueNumber; // guarded by writing
    private boolean closed; // guarded by writing
    private @Nullable IOException failure; // guarded by writing

    private EngineDirectory(DirectoryOpening.Opened opened, Durability durability, FileHook hook, SecureRandom random) {
        this.directory = opened.directory();
        this.durability = durability;
        this.hook = hook;
        this.random = random;
        this.entry = opened.entry();
        this.lock = opened.lock();
        this.previous = opened.previous();
        this.atOpen = opened.manifest();
        this.boot = opened.boot();
        this.manifest = atOpen;
        this.strangers = opened.present().withoutAll(atOpen.segments());
        this.taken = opened.present();
        this.nextQueueNumber = atOpen.queueNumberCeiling();
    }

    /**
     * Opens a directory, which it makes, in one that exists, if it is not there. Its incarnation has been raised, and that is
     * on the disk.
     *
     * @param durability level at which it will be written, not {@code MEMORY}
     * @throws DirectoryException if it cannot be used, with what to do about it
     * @throws EngineFailedException if the disk failed in another way
     * @throws IllegalArgumentException if the path is not on the default file system, or the level is {@code MEMORY}
     */
    public static EngineDirectory open(Path path, Durability durability, EngineConfig config, FileHook hook) {
        return open(path, durability, config, hook, Surroundings.real(hook));
    }

    static EngineDirectory open(
            Path path, Durability durability, EngineConfig config, FileHook hook, Surroundings surroundings) {
        requireDefaultFileSystem(path);
        if (durability == Durability.MEMORY) {
            throw new IllegalArgumentException(
                    "durability must be PROCESS_CRASH or POWER_LOSS for a directory: durability=" + durability);
        }
        final SecureRandom random = new SecureRandom();
        return new EngineDirectory(
                new DirectoryOpening(path, durability, config, hook, surroundings, random).open(),
                durability,
                hook,
                random);
    }

    private static void requireDefaultFileSystem(Path path) {
        if (Arguments.notNull("path", path).getFileSystem() != FileSystems.getDefault()) {
            throw new IllegalArgumentException("path must be on the default file system: path=" + path);
        }
    }

    /**
     * What is in a directory, without changing or locking anything there.
     *
     * @throws NotEngineDirectoryException if the path is no directory, or has neither manifest nor segments
     * @throws DirectoryException if a file in it is not safe to read
     * @throws EngineFailedException if the disk failed in another way
     */
    public static DirectoryInspection inspect(Path path) {
        requireDefaultFileSystem(path);
        try {
            return inspect(path, SegmentFile.realPath(path, FileHook.NONE));
        } catch (IOException e) {
            throw notForInspection(path, "nothing that can be listed: " + e);
        }
    }

    private static DirectoryInspection inspect(Path path, Path directory) throws IOException {
        final FileFacts facts = SegmentFile.look(directory, FileHook.NONE);
        if (facts == null || facts.kind() != FileFacts.Kind.DIRECTORY) {
            throw notForInspection(path, "no directory");
        }
        final List<String> names = SegmentFile.list(directory, FileHook.NONE);
        final List<SegmentFile> segments = new ArrayList<>();
        for (String name : names) {
            if (FileNames.isSegment(name)) {
                segments.add(SegmentFile.toRead(directory, name, FileHook.NONE));
            }
        }
        if (segments.isEmpty() && !names.contains(FileNames.MANIFEST)) {
            throw notForInspection(directory, names.isEmpty() ? "nothing" : names.get(0));
        }
        Manifest manifest = null;
        DirectoryException problem = null;
        try {
            manifest = DirectoryOpening.readManifest(directory, FileHook.NONE);
        } catch (NoSuchFileException e) {
            problem = DirectoryOpening.withoutManifest(directory);
        } catch (DirectoryException e) {
            problem = e;
        }
        final int missing = manifest == null ? -1 : manifest.segments().firstMissingIn(FileNames.segmentsIn(names));
        return new DirectoryInspection(
                directory, Optional.ofNullable(manifest), Optional.ofNullable(problem), segments, missing);
    }

    /**
     * Whether what the marks of its segments state can be relied on: the disk was told to keep it, or the machine has not gone
     * down since.
     */
    public static boolean doMarksCount(Manifest manifest) {
        return doMarksCount(manifest, Surroundings.real(FileHook.NONE).boot());
    }

    private static boolean doMarksCount(Manifest manifest, String boot) {
        return manifest.durability() == Durability.POWER_LOSS || isOf(manifest, boot);
    }

    /** Whether all that was stored is there: the machine has not gone down since, or everything had been forced. */
    public static boolean isComplete(Manifest manifest) {
        return isComplete(manifest, Surroundings.real(FileHook.NONE).boot());
    }

    private static boolean isComplete(Manifest manifest, String boot) {
        return isOf(manifest, boot) || (manifest.clean() && manifest.durability() == Durability.POWER_LOSS);
    }

    private static boolean isOf(Manifest manifest, String boot) {
        return !manifest.boot().equals(Manifest.UNKNOWN_BOOT) && manifest.boot().equals(boot);
    }

    private static NotEngineDirectoryException notForInspection(Path path, String found) {
        return new NotEngineDirectoryException(path, found, "give the directory of an engine");
    }

    // ---- what it says ---------------------------------------------------------------------------------------------

    /** Its path without symbolic links. */
    public Path path() {
        return directory;
    }

    /** What to throw where a file is damaged. */
    public CorruptLogException damage(String file, long from, long to, String problem) {
        return new CorruptLogException(directory, file, from, to, problem);
    }

    /** What to throw where there is no room for what cannot be answered with a refusal. */
    public NoSpaceException noSpace(IOException cause) {
        return new NoSpaceException(directory, cause);
    }

    /** What to throw where it cannot be opened: there is no room, nothing may be written, or the disk failed in another way. */
    public EngineException cannotOpen(IOException cause) {
        return DirectoryOpening.explained(directory, cause);
    }

    /** Level at which it is written. */
    public Durability durability() {
        return durability;
    }

    /** Tells it from every other directory; a copy has the same. */
    public long directoryId() {
        return atOpen.directoryId();
    }

    /** How often it was opened, this time included; from 1. Nothing that was written before this opening has it. */
    public int incarnation() {
        return atOpen.incarnation();
    }

    /** The secret that its receipts are made with. */
    public ReceiptKey receiptKey() {
        return atOpen.receiptKey();
    }

    /** For salts and other things that nobody may guess. */
    public SecureRandom random() {
        return random;
    }

    /** Whether it was made, or found empty, by this opening. */
    public boolean isNew() {
        return previous.isEmpty();
    }

    /** Whether whoever had it open before closed it in order; true if nobody had. */
    public boolean wasClean() {
        return previous.map(Manifest::clean).orElse(true);
    }

    /**
     * Whether the machine has not been started since it was opened before, so that all that was stored then is still there;
     * false if nobody knows.
     */
    public boolean isSameBoot() {
        return previous.map(before -> isOf(before, boot)).orElse(false);
    }

    /** The same as {@link #isComplete(Manifest)} for what was found at this opening; false if the directory is new. */
    public boolean isComplete() {
        return previous.map(before -> isComplete(before, boot)).orElse(false);
    }

    /** The same as {@link #doMarksCount(Manifest)} for what was found at this opening; true if the directory is new. */
    public boolean doMarksCount() {
        return previous.map(before -> doMarksCount(before, boot)).orElse(true);
    }

    /** Level at which it was written before; empty if it is new. */
    public Optional<Durability> previousDurability() {
        return previous.map(Manifest::durability);
    }

    /** A bound below of the engine time at which it was last open, in milliseconds. */
    public long persistedTimeMs() {
        return atOpen.engineTimeMs();
    }

    /** The segments that count. */
    public SegmentSet segments() {
        writing.lock();
        try {
            return manifest.segments();
        } finally {
            writing.unlock();
        }
    }

    /** Segments that had a file at opening but were not in the manifest: prepared, or removed, when the process ended. */
    public SegmentSet strangers() {
        return strangers;
    }

    /** Refuses early what its disk has no room for, so that it is not filled to the last byte first. */
    public void requireRoom(long bytes) throws IOException {
        final long usable = SegmentFile.usableBytes(directory, hook);
        if (usable > 0 && usable < bytes) { // 0 if the system does not tell: then writing will
            throw new IOException("No space left on device: usable=" + usable + " needed=" + bytes);
        }
    }

    // ---- segments -------------------------------------------------------------------------------------------------

    /** The lowest index that no file has and nobody has taken; it is the caller's until {@link #giveIndexBack}. */
    public int takeIndex() {
        writing.lock();
        try {
            final int index = taken.lowestFree();
            taken = taken.with(index);
            return index;
        } finally {
            writing.unlock();
        }
    }

    /** Gives back an index for which there is no file. */
    public void giveIndexBack(int index) {
        writing.lock();
        try {
            taken = taken.without(index);
        } finally {
            writing.unlock();
        }
    }

    /**
     * Makes the file of a segment, mapped and with every page present; it does not count before {@link #addSegment}. At {@code
     * POWER_LOSS} its bytes are on the disk.
     *
     * @param index one that was taken
     * @param length in bytes
     * @param header the first bytes
     * @throws IOException if there is no room now; nothing is left
     */
    public SegmentFile prepareSegment(int index, int length, byte[] header) throws IOException {
        return SegmentFile.prepare(directory, FileNames.ofSegment(index), length, header, isForcing(), hook);
    }

    /**
     * Maps the file of a segment.
     *
     * @throws CorruptLogException if it is missing, or of a length that no segment has
     * @throws IOException if it cannot be mapped now
     */
    public SegmentFile openSegment(int index) throws IOException {
        final String name = FileNames.ofSegment(index);
        final FileFacts facts = SegmentFile.look(directory.resolve(name), hook);
        if (facts == null) {
            throw DirectoryOpening.missing(directory, index);
        }
        if (facts.length() <= 0 || facts.length() > Integer.MAX_VALUE) {
            throw new CorruptLogException(directory, name, 0, facts.length(), "no segment has such a length");
        }
        return SegmentFile.open(directory, name, hook);
    }

    /**
     * Lets no page of a segment be without a place on the disk, see {@link SegmentFile#fillHoles}.
     *
     * @throws IOException if there is no room for one, or one cannot be read
     */
    public void fillHoles(int index) throws IOException {
        SegmentFile.fillHoles(directory, FileNames.ofSegment(index), hook);
    }

    /** Lets a segment count. At {@code POWER_LOSS} that is on the disk, its name included. */
    public void addSegment(int index) throws IOException {
        writing.lock();
        try {
            requireUsable();
            forceNames();
        } finally {
            writing.unlock();
        }
        rewrite(before -> before.withSegments(before.segments().with(index)));
    }

    /** Lets segments count no more. Their files are removed next. */
    public void dropSegments(List<Integer> indices) throws IOException {
        rewrite(before -> {
            SegmentSet left = before.segments();
            for (int index : indices) {
                left = left.without(index);
            }
            return before.withSegments(left);
        });
    }

    /**
     * Removes the file of a segment that does not count, and gives its index back. If that is not possible now, it is a stranger
     * at the next opening.
     */
    public void removeStranger(int index) {
        if (segments().contains(index)) {
            throw new IllegalArgumentException("segment is in the manifest: index=" + index);
        }
        if (SegmentFile.deleteQuietly(directory, FileNames.ofSegment(index), hook)) {
            giveIndexBack(index);
        }
    }

    // ---- the manifest ---------------------------------------------------------------------------------------------

    /** A number that no queue of this directory has ever had; from 1. */
    public long nextQueueNumber() throws IOException {
        writing.lock();
        try {
            if (nextQueueNumber == manifest.queueNumberCeiling()) {
                rewrite(before -> before.withQueueNumberCeiling(nextQueueNumber + QUEUE_NUMBER_BLOCK));
            }
            return nextQueueNumber++;
        } finally {
            writing.unlock();
        }
    }

    /**
     * Says that all that was found is known and as durable as the level of this opening: from now on more may be relied on.
     *
     * @throws NoSpaceException if there is no room for that
     * @throws EngineFailedException if the disk failed in another way
     */
    public void recovered() {
        writing.lock();
        try {
            if (!manifest.boot().equals(boot) || manifest.durability() != durability) {
                rewrite(before -> before.recovered(durability, boot));
            }
        } catch (IOException e) {
            throw cannotOpen(e);
        } finally {
            writing.unlock();
        }
    }

    /** Remembers engine time; it is written with whatever is written next. */
    public void noteTimeMs(long timeMs) {
        writing.lock();
        try {
            manifest = manifest.withTime(Math.min(timeMs, Manifest.MAX_TIME_MS));
        } finally {
            writing.unlock();
        }
    }

    private boolean isForcing() {
        return durability == Durability.POWER_LOSS;
    }

    /** The manifest must not be on the disk without the files that it names. */
    private void forceNames() throws IOException {
        if (!isForcing()) {
            return;
        }
        try {
            SegmentFile.forceDirectory(directory, hook);
        } catch (ForceFailedException e) {
            throw failed(e);
        }
    }

    private void rewrite(UnaryOperator<Manifest> change) throws IOException {
        writing.lock();
        try {
            requireUsable();
            final Manifest changed = change.apply(manifest);
            final byte[] bytes = changed.bytes();
            if (bytes.length > Manifest.MAX_BYTES) {
                throw new IOException("manifest would become too long: bytes=" + bytes.length);
            }
            if (!lock.isInPlace()) {
                throw failed(new IOException("directory was removed or replaced while it was open"));
            }
            try {
                SegmentFile.replace(directory, FileNames.MANIFEST, bytes, isForcing(), hook);
            } catch (ForceFailedException e) {
                throw failed(e);
            }
            manifest = changed;
        } finally {
            writing.unlock();
        }
    }

    private void requireUsable() {
        if (closed) {
            throw new IllegalStateException("directory is closed: path=" + directory);
        }
        if (failure != null) {
            throw failed(failure);
        }
    }

    private EngineFailedException failed(IOException e) {
        failure = e;
        return failed("manifest cannot be kept", e);
    }

    /** What to throw where the disk did not take what it was told to keep; whoever uses the directory is told before. */
    public EngineFailedException failed(String what, IOException e) {
        final EngineFailedException failed =
                new EngineFailedException(what + ": path=" + directory + " error=" + e.getMessage(), e);
        onFailure.accept(failed);
        return failed;
    }

    /** Sets who is told when the disk has failed, once or more often, by any thread and under locks. */
    public void onFailure(Consumer<EngineFailedException> action) {
        onFailure = action;
    }

    // ---- closing --------------------------------------------------------------------------------------------------

    /**
     * Writes that all ended in order, then closes it. It is closed even if this throws; the next opening will see no orderly
     * end then.
     *
     * @param timeMs engine time, in milliseconds
     */
    public void closeClean(long timeMs) throws IOException {
        writing.lock();
        try {
            if (!closed) {
                noteTimeMs(timeMs);
                rewrite(before -> before.withClean(true));
            }
        } finally {
            close();
            writing.unlock();
        }
    }

    /** Gives the directory back as it is, as a crash would. Closing twice does nothing. */
    @Override
    public void close() {
        writing.lock();
        try {
            if (!closed) {
                closed = true;
                lock.close();
                entry.leave();
            }
        } finally {
            writing.unlock();
        }
    }
}
