package io.millrace.core.file;

import io.millrace.api.UnsafeDirectoryException;
import io.millrace.core.file.FileHook.Operation;
import io.millrace.core.memory.MappedRegions;
import io.millrace.core.memory.Region;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A file in the directory of an engine: mapped, as a segment of the log is, or only to be read. Thread-safe.
 *
 * <p>All file I/O of the product is in this class, also that on directories and on the small files beside the segments.
 * Three things hold for all of it. It never follows a symbolic link inside the directory and never opens a file with a
 * second name. A thread that is interrupted gets its file and stays interrupted. Each system call is announced to a {@link
 * FileHook}.
 */
// Interrupts: the channels of FileChannel close when their thread is interrupted, so it is used to map only, and
// reopened then. Writing and forcing files goes through RandomAccessFile, forcing a directory through
// AsynchronousFileChannel (its calls run on the calling thread): both know no interrupts, so no failed force can hide
// behind one.
// Descriptors: a mapped file has none, so the number of segments is not bounded by that of open files.
public final class SegmentFile implements AutoCloseable {
    /** What the name of a file ends with that is being prepared. */
    public static final String DRAFT_SUFFIX = ".new";

    /** What the name of a file ends with that will replace another. */
    public static final String REPLACEMENT_SUFFIX = ".tmp";

    /** The name, before {@link #DRAFT_SUFFIX}, of the file that {@link #ownerOfNewFiles} makes. */
    public static final String OWNER_PROBE = "owner";

    private static final boolean POSIX = supports("posix");
    private static final boolean UNIX = supports("unix");
    private static final FileAttribute<?>[] FOR_OWNER = permissions("rw-------");
    private static final FileAttribute<?>[] FOR_OWNER_DIRECTORY = permissions("rwx------");
    private static final int MODE_BITS = 0xFFF;

    private static final byte[] BLANK = new byte[Region.PAGE_BYTES];

    /** Bytes that {@link #fillHoles} reads at a time: many pages, and little beside the cache of a processor. */
    private static final int FILL_BYTES = 64 * Region.PAGE_BYTES;

    /** How often a file may be replaced while somebody tries to read it. */
    private static final int MOST_REPLACEMENTS = 100;

    private static final byte[] ZEROS = new byte[1 << 18];

    private final Path directory;
    private final String name;
    private final FileHook hook;
    private final long length;
    private final @Nullable Region region;
    private final AtomicBoolean closed = new AtomicBoolean();

    private SegmentFile(Path directory, String name, FileHook hook, long length, @Nullable Region region) {
        this.directory = directory;
        this.name = name;
        this.hook = hook;
        this.length = length;
        this.region = region;
    }

    private static boolean supports(String view) {
        return FileSystems.getDefault().supportedFileAttributeViews().contains(view);
    }

    private static FileAttribute<?>[] permissions(String permissions) {
        return POSIX
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    // ---- segments -------------------------------------------------------------------------------------------------

    /**
     * Makes a new file that starts with {@code header}, goes on with zeros that take their place on the disk now, and is
     * mapped with every page present. It has its name only when all of that is done; if anything fails, nothing stays.
     *
     * @param length of the file in bytes, positive
     * @param force whether the file shall be on the disk; its name is not until the directory has been forced
     * @throws IOException if there is no room now, in any of the ways in which there can be none
     */
    public static SegmentFile prepare(
            Path directory, String name, int length, byte[] header, boolean force, FileHook hook) throws IOException {
        if (look(directory.resolve(name), hook) != null) {
            throw new FileAlreadyExistsException(name);
        }
        final String draft = name + DRAFT_SUFFIX;
        boolean done = false;
        Region region = null;
        try {
            writeNew(directory, draft, header, length, force, hook);
            region = map(directory, draft, length, hook);
            touch(region, draft, hook);
            rename(directory, draft, name, hook);
            done = true;
            return new SegmentFile(directory, name, hook, length, region);
        } catch (ForceFailedException e) {
            throw new IOException(e.getMessage(), e); // nothing that counts was in that file yet
        } finally {
            if (!done) {
                if (region != null) {
                    MappedRegions.release(region);
                }
                deleteQuietly(directory, draft, hook);
            }
        }
    }

    /** Maps an existing file in its whole length, which must be positive and fit a region. */
    public static SegmentFile open(Path directory, String name, FileHook hook) throws IOException {
        final FileFacts facts = requirePlain(directory, name, hook);
        if (facts.length() <= 0 || facts.length() > Integer.MAX_VALUE) {
            throw new IOException("file cannot be mapped: file=" + name + " length=" + facts.length());
        }
        final Region region = map(directory, name, (int) facts.length(), hook);
        boolean done = false;
        try {
            requireSame(facts, directory, name, hook);
            done = true;
            return new SegmentFile(directory, name, hook, facts.length(), region);
        } finally {
            if (!done) {
                MappedRegions.release(region);
            }
        }
    }

    /** An existing file of any length, to be read without mapping it; nothing is held open. */
    public static SegmentFile toRead(Path directory, String name, FileHook hook) throws IOException {
        return new SegmentFile(
                directory, name, hook, requirePlain(directory, name, hook).length(), null);
    }

    /** Its name in the directory. */
    public String name() {
        return name;
    }

    /** Bytes that it had when it was opened. */
    public long length() {
        return length;
    }

    /** Whether {@link #region()} may be used. */
    public boolean isMapped() {
        return region != null && !closed.get();
    }

    /** The bytes of a mapped file, until it is closed. */
    public Region region() {
        if (region == null || closed.get()) {
            throw new IllegalStateException("file is not mapped: file=" + name);
        }
        return region;
    }

    /**
     * Reads every byte of a file and writes zeros where there are pages of nothing else, which changes no byte. Whoever maps it
     * then can rely on every page: one that cannot be read is told here, and so is that there is no room for one behind which a
     * copied or restored file has a hole. A store there, or a checksum over it, would end the JVM.
     *
     * @throws IOException if a page cannot be read, or there is no room for one
     */
    public static void fillHoles(Path directory, String name, FileHook hook) throws IOException {
        final FileFacts facts = requirePlain(directory, name, hook);
        hook.before(Operation.READ, name);
        try (RandomAccessFile file = openFile(directory, name, "rw")) {
            requireSame(facts, directory, name, hook);
            final byte[] part = new byte[FILL_BYTES];
            long at = 0;
            for (int read = file.read(part); read > 0; read = file.read(part)) {
                fillHoles(file, at, part, read, name, hook);
                at += read;
                file.seek(at);
            }
        }
        hook.after(Operation.READ, name, 0, facts.length());
    }

    private static void fillHoles(RandomAccessFile file, long at, byte[] part, int read, String name, FileHook hook)
            throws IOException {
        int from = 0;
        for (int to = 0; to <= read; to += Region.PAGE_BYTES) {
            final int pageEnd = Math.min(read, to + Region.PAGE_BYTES);
            final boolean isBlank = to < read && Arrays.mismatch(part, to, pageEnd, BLANK, 0, pageEnd - to) < 0;
            if (!isBlank) {
                writeZeros(file, at + from, Math.min(to, read) - from, name, hook);
                from = pageEnd;
            }
        }
        writeZeros(file, at + from, read - from, name, hook);
    }

    private static void writeZeros(RandomAccessFile file, long at, int length, String name, FileHook hook)
            throws IOException {
        if (length > 0) {
            hook.before(Operation.WRITE, name);
            file.seek(at);
            file.write(new byte[length]);
            hook.after(Operation.WRITE, name, at, length);
        }
    }

    /**
     * Returns when {@code count} bytes from {@code from} on are on the disk, as they were when this was called or later. What
     * else shares their pages may get there too.
     *
     * @throws ForceFailedException if it failed, which is final
     */
    public void force(int from, int count) throws IOException {
        try {
            hook.before(Operation.FORCE, name);
            MappedRegions.force(region(), from, count);
        } catch (IOException e) {
            throw new ForceFailedException(name, e);
        }
        hook.after(Operation.FORCE, name, from, count);
    }

    /**
     * Reads from the file itself, past any mapping.
     *
     * @return how many bytes there were, at most {@code count}
     */
    public int read(long from, byte[] target, int offset, int count) throws IOException {
        final FileFacts facts = requirePlain(directory, name, hook);
        hook.before(Operation.READ, name);
        int read = 0;
        try (RandomAccessFile file = openFile(directory, name, "r")) {
            requireSame(facts, directory, name, hook);
            file.seek(from);
            int more = 0;
            while (more >= 0 && read < count) {
                more = file.read(target, offset + read, count - read);
                read += Math.max(0, more);
            }
        }
        hook.after(Operation.READ, name, from, read);
        return read;
    }

    /** Ends the mapping. No thread may touch the region during or after this. Closing twice does nothing. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true) && region != null) {
            MappedRegions.release(region);
        }
    }

    /** Closes the file and removes it. */
    public void delete() throws IOException {
        close();
        delete(directory, name, hook);
    }

    @Override
    public String toString() {
        return name;
    }

    // ---- small files ----------------------------------------------------------------------------------------------

    /**
     * Everything in a small file.
     *
     * @return if the file is longer than {@code maxBytes}, so many and one more
     * @throws NoSuchFileException if there is no such file
     */
    public static byte[] readAll(Path directory, String name, int maxBytes, FileHook hook) throws IOException {
        byte[] content = null;
        for (int i = 0; content == null && i < MOST_REPLACEMENTS; i++) {
            content = tryReadAll(directory, name, maxBytes, hook);
        }
        if (content == null) {
            throw new IOException("file is replaced faster than it can be read: file=" + name);
        }
        return content;
    }

    /** Null if the file was replaced between the look at it and its opening, as a manifest in use may be. */
    private static byte @Nullable [] tryReadAll(Path directory, String name, int maxBytes, FileHook hook)
            throws IOException {
        final FileFacts facts = requirePlain(directory, name, hook);
        hook.before(Operation.READ, name);
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (RandomAccessFile file = openFile(directory, name, "r")) {
            if (!requirePlain(directory, name, hook).isSameFile(facts)) {
                return null;
            }
            final byte[] part = new byte[Math.min(maxBytes + 1, 4096)];
            int read = 0;
            while (read >= 0 && bytes.size() <= maxBytes) {
                bytes.write(part, 0, read);
                read = file.read(part, 0, Math.min(part.length, maxBytes + 1 - bytes.size()));
            }
        }
        hook.after(Operation.READ, name, 0, bytes.size());
        return bytes.toByteArray();
    }

    /**
     * Puts {@code content} in the place of a file, or there where none is: after a crash of the process either the old bytes
     * or the new ones are there.
     *
     * @param force whether that shall hold for a loss of power too, and the new ones be on the disk on return
     * @throws ForceFailedException if forcing failed, which is final; after any other {@link IOException} the old bytes are
     *     there
     */
    public static void replace(Path directory, String name, byte[] content, boolean force, FileHook hook)
            throws IOException {
        final String replacement = name + REPLACEMENT_SUFFIX;
        boolean done = false;
        try {
            writeNew(directory, replacement, content, content.length, force, hook);
            rename(directory, replacement, name, hook);
            done = true;
        } finally {
            if (!done) {
                deleteQuietly(directory, replacement, hook);
            }
        }
        if (force) {
            forceDirectory(directory, hook);
        }
    }

    // ---- directories ----------------------------------------------------------------------------------------------

    /** Makes a directory that is its owner's alone, in one that exists. */
    public static void createDirectory(Path directory, FileHook hook) throws IOException {
        hook.before(Operation.CREATE, nameOf(directory));
        Files.createDirectory(directory, FOR_OWNER_DIRECTORY);
        hook.after(Operation.CREATE, nameOf(directory), 0, 0);
    }

    /** The path without symbolic links. */
    public static Path realPath(Path path, FileHook hook) throws IOException {
        hook.before(Operation.LOOK, nameOf(path));
        final Path real = path.toRealPath();
        hook.after(Operation.LOOK, nameOf(path), 0, 0);
        return real;
    }

    /** The names in a directory, sorted. */
    public static List<String> list(Path directory, FileHook hook) throws IOException {
        hook.before(Operation.LIST, nameOf(directory));
        final List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                names.add(nameOf(entry));
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        Collections.sort(names);
        hook.after(Operation.LIST, nameOf(directory), 0, 0);
        return names;
    }

    /**
     * Returns when the names in a directory are on the disk. Where directories cannot be forced, it does nothing.
     *
     * @throws ForceFailedException if it failed, which is final
     */
    public static void forceDirectory(Path directory, FileHook hook) throws IOException {
        try {
            hook.before(Operation.FORCE_DIRECTORY, nameOf(directory));
            if (POSIX) {
                try (AsynchronousFileChannel channel =
                        AsynchronousFileChannel.open(directory, StandardOpenOption.READ)) {
                    channel.force(true);
                }
            }
        } catch (IOException e) {
            throw new ForceFailedException(nameOf(directory), e);
        }
        hook.after(Operation.FORCE_DIRECTORY, nameOf(directory), 0, 0);
    }

    /** Removes a file, or a symbolic link and not what it leads to. */
    public static void delete(Path directory, String name, FileHook hook) throws IOException {
        hook.before(Operation.DELETE, name);
        Files.delete(directory.resolve(name));
        hook.after(Operation.DELETE, name, 0, 0);
    }

    /** What is known of a path, or null if nothing is there. */
    public static @Nullable FileFacts look(Path path, FileHook hook) throws IOException {
        hook.before(Operation.LOOK, nameOf(path));
        FileFacts facts;
        try {
            facts = UNIX ? unixFacts(path) : basicFacts(path);
        } catch (NoSuchFileException e) {
            facts = null;
        }
        hook.after(Operation.LOOK, nameOf(path), 0, 0);
        return facts;
    }

    private static FileFacts unixFacts(Path path) throws IOException {
        final Map<String, Object> facts = Files.readAttributes(
                path,
                "unix:isRegularFile,isDirectory,isSymbolicLink,size,nlink,uid,mode,fileKey",
                LinkOption.NOFOLLOW_LINKS);
        return new FileFacts(
                kind((boolean) fact(facts, "isRegularFile"), (boolean) fact(facts, "isDirectory"), (boolean)
                        fact(facts, "isSymbolicLink")),
                (long) fact(facts, "size"),
                (int) fact(facts, "nlink"),
                (int) fact(facts, "uid"),
                (int) fact(facts, "mode") & MODE_BITS,
                facts.get("fileKey"));
    }

    private static Object fact(Map<String, Object> facts, String name) {
        return Objects.requireNonNull(facts.get(name), name);
    }

    private static FileFacts basicFacts(Path path) throws IOException {
        final BasicFileAttributes facts =
                Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        return new FileFacts(
                kind(facts.isRegularFile(), facts.isDirectory(), facts.isSymbolicLink()),
                facts.size(),
                1,
                FileFacts.UNKNOWN,
                FileFacts.UNKNOWN,
                facts.fileKey());
    }

    private static FileFacts.Kind kind(boolean isFile, boolean isDirectory, boolean isLink) {
        if (isLink) {
            return FileFacts.Kind.SYMBOLIC_LINK;
        }
        if (isDirectory) {
            return FileFacts.Kind.DIRECTORY;
        }
        return isFile ? FileFacts.Kind.FILE : FileFacts.Kind.OTHER;
    }

    /**
     * The user whom new files in a directory belong to, which is the one that this process runs as, or {@link
     * FileFacts#UNKNOWN}. Makes a file there and removes it.
     */
    public static int ownerOfNewFiles(Path directory, FileHook hook) throws IOException {
        final String probe = OWNER_PROBE + DRAFT_SUFFIX;
        boolean done = false;
        try {
            writeNew(directory, probe, new byte[0], 0, false, hook);
            final int owner = requirePlain(directory, probe, hook).owner();
            delete(directory, probe, hook);
            done = true;
            return owner;
        } finally {
            if (!done) {
                deleteQuietly(directory, probe, hook);
            }
        }
    }

    /** The kind of file system that a directory is on, for example {@code ext4}; empty if the system does not tell. */
    public static String fileSystemType(Path directory, FileHook hook) throws IOException {
        hook.before(Operation.LOOK, nameOf(directory));
        String type;
        try {
            type = Files.getFileStore(directory).type();
        } catch (IOException e) { // for example the mount is not in the list that this process sees
            type = "";
        }
        hook.after(Operation.LOOK, nameOf(directory), 0, 0);
        return type;
    }

    /** Bytes that this process may still write to the file system of a directory; 0 if the system does not tell. */
    public static long usableBytes(Path directory, FileHook hook) throws IOException {
        hook.before(Operation.LOOK, nameOf(directory));
        final long bytes = directory.toFile().getUsableSpace();
        hook.after(Operation.LOOK, nameOf(directory), 0, 0);
        return bytes;
    }

    /** Whether this process may write there, as far as the system tells in advance. */
    public static boolean isWritable(Path path, FileHook hook) throws IOException {
        hook.before(Operation.LOOK, nameOf(path));
        final boolean isWritable = Files.isWritable(path);
        hook.after(Operation.LOOK, nameOf(path), 0, 0);
        return isWritable;
    }

    // ---- the lock -------------------------------------------------------------------------------------------------

    /**
     * A file that is open, and locked against other processes if nobody else had locked it. Confined to one thread at a time.
     *
     * <p>POSIX gives a lock back when the process closes <em>any</em> descriptor of the file, so nothing else may open it.
     */
    public static final class Lock implements AutoCloseable {
        /** Of locks that this process holds through code that another class loader loaded: closing ours would end theirs. */
        private static final Queue<RandomAccessFile> NEVER_CLOSED = new ConcurrentLinkedQueue<>();

        private static final int MAX_NOTE_BYTES = 256;

        private final Path directory;
        private final String name;
        private final FileHook hook;
        private final FileFacts facts;
        private final RandomAccessFile file;
        private final boolean held;
        private final boolean ofThisProcess;

        private Lock(
                Path directory,
                String name,
                FileHook hook,
                FileFacts facts,
                RandomAccessFile file,
                boolean held,
                boolean ofThisProcess) {
            this.directory = directory;
            this.name = name;
            this.hook = hook;
            this.facts = facts;
            this.file = file;
            this.held = held;
            this.ofThisProcess = ofThisProcess;
            if (ofThisProcess && !held) {
                NEVER_CLOSED.add(file);
            }
        }

        /** Whether the lock was free, and is ours now. */
        public boolean isHeld() {
            return held;
        }

        /** Whether this process holds it, if not through this object then through code of another class loader. */
        public boolean isOfThisProcess() {
            return ofThisProcess;
        }

        /** What is known of the file. */
        public FileFacts facts() {
            return facts;
        }

        /** Whether the name still leads to the file that is locked; not so when somebody has replaced the directory. */
        public boolean isInPlace() throws IOException {
            final FileFacts now = look(directory.resolve(name), hook);
            return now != null && now.isSameFile(facts);
        }

        /** What its holder wrote into it, as far as it is printable. */
        public String note() throws IOException {
            final byte[] bytes = new byte[MAX_NOTE_BYTES];
            hook.before(Operation.READ, name);
            file.seek(0);
            final int count = Math.max(0, file.read(bytes));
            hook.after(Operation.READ, name, 0, count);
            return new String(bytes, 0, count, StandardCharsets.ISO_8859_1);
        }

        /** Writes who holds it. */
        public void write(String note) throws IOException {
            final byte[] bytes = note.getBytes(StandardCharsets.US_ASCII);
            hook.before(Operation.WRITE, name);
            file.setLength(0);
            file.seek(0);
            file.write(bytes);
            hook.after(Operation.WRITE, name, 0, bytes.length);
        }

        /** Gives the lock back. */
        @Override
        public void close() {
            if (held || !ofThisProcess) {
                closeQuietly(file);
            }
        }
    }

    /** Opens a file, which it makes if there is none, and tries to lock it. */
    public static Lock lock(Path directory, String name, FileHook hook) throws IOException {
        if (look(directory.resolve(name), hook) == null) {
            try {
                create(directory, name, hook);
            } catch (FileAlreadyExistsException e) {
                // somebody else made it just now, and will hold it or leave it
            }
        }
        final FileFacts facts = requirePlain(directory, name, hook);
        hook.before(Operation.LOCK, name);
        boolean interrupted = false;
        try {
            while (true) {
                interrupted |= Thread.interrupted();
                final Lock lock = tryLock(directory, name, facts, hook);
                if (lock != null) {
                    hook.after(Operation.LOCK, name, 0, 0);
                    return lock;
                }
            }
        } finally {
            restore(interrupted);
        }
    }

    /** Null if an interrupt came between, and closed the file. */
    private static @Nullable Lock tryLock(Path directory, String name, FileFacts facts, FileHook hook)
            throws IOException {
        final RandomAccessFile file = openFile(directory, name, "rw");
        Lock lock = null;
        try {
            final FileLock held = file.getChannel().tryLock();
            requireSame(facts, directory, name, hook);
            lock = new Lock(directory, name, hook, facts, file, held != null, held != null);
        } catch (OverlappingFileLockException e) {
            lock = new Lock(directory, name, hook, facts, file, false, true);
        } catch (ClosedByInterruptException e) {
            return null;
        } finally {
            if (lock == null) {
                closeQuietly(file);
            }
        }
        return lock;
    }

    // ---- single calls ---------------------------------------------------------------------------------------------

    /** Makes an empty file that is its owner's alone; the mode is given to the call that makes it. */
    private static void create(Path directory, String name, FileHook hook) throws IOException {
        hook.before(Operation.CREATE, name);
        Files.createFile(directory.resolve(name), FOR_OWNER);
        hook.after(Operation.CREATE, name, 0, 0);
    }

    /**
     * Makes a file of {@code head} and zeros, in the place of one that an earlier attempt may have left behind.
     *
     * @throws ForceFailedException if forcing it failed
     */
    private static void writeNew(Path directory, String name, byte[] head, int length, boolean force, FileHook hook)
            throws IOException {
        if (look(directory.resolve(name), hook) != null) {
            requirePlain(directory, name, hook);
            delete(directory, name, hook);
        }
        create(directory, name, hook);
        final FileFacts facts = requirePlain(directory, name, hook);
        hook.before(Operation.OPEN, name);
        try (RandomAccessFile file = openFile(directory, name, "rw")) {
            requireSame(facts, directory, name, hook);
            hook.after(Operation.OPEN, name, 0, 0);
            write(file, name, 0, head, head.length, hook);
            for (int at = head.length; at < length; at += ZEROS.length) {
                write(file, name, at, ZEROS, Math.min(ZEROS.length, length - at), hook);
            }
            if (force) {
                force(file, name, length, hook);
            }
        }
    }

    private static void write(RandomAccessFile file, String name, long at, byte[] bytes, int count, FileHook hook)
            throws IOException {
        hook.before(Operation.WRITE, name);
        file.write(bytes, 0, count);
        hook.after(Operation.WRITE, name, at, count);
    }

    private static void force(RandomAccessFile file, String name, int length, FileHook hook)
            throws ForceFailedException {
        try {
            hook.before(Operation.FORCE, name);
            file.getFD().sync();
        } catch (IOException e) {
            throw new ForceFailedException(name, e);
        }
        hook.after(Operation.FORCE, name, 0, length);
    }

    private static Region map(Path directory, String name, int length, FileHook hook) throws IOException {
        hook.before(Operation.MAP, name);
        final Region region = Mapping.run(directory.resolve(name), length);
        hook.after(Operation.MAP, name, 0, 0);
        return region;
    }

    /**
     * Maps a file on a thread of its own, which nobody knows and so nobody interrupts: an interrupt that comes while the JVM
     * maps makes it forget the mapping, which then stays for ever.
     */
    private static final class Mapping implements Runnable {
        private static final Set<OpenOption> OPTIONS =
                Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);

        private final Path path;
        private final int length;
        private @Nullable Region region;
        private @Nullable Throwable failure;

        private Mapping(Path path, int length) {
            this.path = path;
            this.length = length;
        }

        static Region run(Path path, int length) throws IOException {
            final Mapping mapping = new Mapping(path, length);
            final Thread thread = new Thread(null, mapping, "millrace-map", 0, false);
            thread.setDaemon(true);
            try {
                thread.start();
            } catch (OutOfMemoryError e) { // as many threads as there may be: no mapping now, as with too many files
                throw new IOException("no thread to map a file: file=" + nameOf(path), e);
            }
            awaitEnd(thread);
            return mapping.result();
        }

        private static void awaitEnd(Thread thread) {
            boolean interrupted = false;
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            restore(interrupted);
        }

        @Override
        public void run() {
            try (FileChannel channel = FileChannel.open(path, OPTIONS)) {
                if (channel.size() < length) { // mapping more would make the file longer, and sparse
                    throw new IOException(
                            "file has become shorter: file=" + nameOf(path) + " length=" + channel.size());
                }
                region = MappedRegions.map(channel, length);
            } catch (IOException | RuntimeException | Error e) {
                failure = e;
            }
        }

        private Region result() throws IOException {
            if (failure instanceof Error e) {
                throw e;
            }
            if (failure instanceof RuntimeException e) {
                throw e;
            }
            if (failure instanceof IOException e) {
                throw e;
            }
            return Objects.requireNonNull(region);
        }
    }

    private static void touch(Region region, String name, FileHook hook) throws IOException {
        hook.before(Operation.MAP, name);
        MappedRegions.touch(region);
        hook.after(Operation.MAP, name, 0, 0);
    }

    private static void rename(Path directory, String from, String to, FileHook hook) throws IOException {
        hook.before(Operation.RENAME, from);
        Files.move(directory.resolve(from), directory.resolve(to), StandardCopyOption.ATOMIC_MOVE);
        hook.after(Operation.RENAME, from, 0, 0);
    }

    /** Follows symbolic links, as nothing else does; so callers look before and after. */
    private static RandomAccessFile openFile(Path directory, String name, String mode) throws IOException {
        return new RandomAccessFile(directory.resolve(name).toFile(), mode);
    }

    // ---- what is refused ------------------------------------------------------------------------------------------

    private static FileFacts requirePlain(Path directory, String name, FileHook hook) throws IOException {
        final FileFacts facts = look(directory.resolve(name), hook);
        if (facts == null) {
            throw new NoSuchFileException(name);
        }
        requirePlain(directory, name, facts);
        return facts;
    }

    /** Refuses everything but a file with one name. */
    public static void requirePlain(Path directory, String name, FileFacts facts) {
        if (!facts.isPlainFile()) {
            throw new UnsafeDirectoryException(
                    directory,
                    "file=" + name + " kind=" + facts.kind() + " links=" + facts.links(),
                    "an engine uses only files with one name, which are in the directory itself; put a copy of the file there");
        }
    }

    private static void requireSame(FileFacts before, Path directory, String name, FileHook hook) throws IOException {
        if (!requirePlain(directory, name, hook).isSameFile(before)) {
            throw new UnsafeDirectoryException(
                    directory, "file=" + name + " was replaced while it was opened", "find out who writes there");
        }
    }

    // ---- the rest -------------------------------------------------------------------------------------------------

    private static String nameOf(Path path) {
        final Path name = path.getFileName();
        return name == null ? path.toString() : name.toString();
    }

    /** Removes a file if it is there; whether none is there now. A failure is left for later to whoever lists the names. */
    public static boolean deleteQuietly(Path directory, String name, FileHook hook) {
        try {
            if (look(directory.resolve(name), hook) != null) {
                delete(directory, name, hook);
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static void closeQuietly(RandomAccessFile file) {
        try {
            file.close();
        } catch (IOException e) {
            // the descriptor is gone whatever close says
        }
    }

    private static void restore(boolean interrupted) {
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
