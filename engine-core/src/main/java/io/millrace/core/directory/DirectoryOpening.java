package io.millrace.core.directory;

import io.millrace.api.CorruptLogException;
import io.millrace.api.DirectoryDamagedException;
import io.millrace.api.DirectoryInUseException;
import io.millrace.api.Durability;
import io.millrace.api.EngineConfig;
import io.millrace.api.EngineException;
import io.millrace.api.EngineFailedException;
import io.millrace.api.NoSpaceException;
import io.millrace.api.NotEngineDirectoryException;
import io.millrace.api.ReadOnlyDirectoryException;
import io.millrace.api.UnsafeDirectoryException;
import io.millrace.core.file.FileFacts;
import io.millrace.core.file.FileHook;
import io.millrace.core.file.SegmentFile;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The steps from a path to an open directory, or to an exception that says what to do. Confined to one thread.
 *
 * <p>Until a directory has passed every check, all that is made in it is the lock file and a probe, which go again.
 */
final class DirectoryOpening {
    private static final String EMPTY_OR_NEW = "give an empty directory or a new one";

    /** What a file system of its own brings along. */
    private static final Set<String> HARMLESS = Set.of("lost+found");

    /** File systems that other machines may write to; their locks and forces may not hold. */
    private static final Pattern NETWORK = Pattern.compile(
            "nfs.*|cifs|smb.*|afp.*|afs|9p|ncpfs|ceph|glusterfs|lustre"
                    + "|gpfs|beegfs|ocfs2|gfs2?|webdav|davfs.*|fuse\\.(sshfs|s3.*|rclone|gluster.*|ceph.*|dav.*|gcsfuse|blobfuse.*|juicefs.*|smb.*)");

    /** What systems say when a disk or a share of it is full. */
    private static final Pattern NO_SPACE =
            Pattern.compile("(?i).*(no space left|quota exceeded|not enough space|disk full).*", Pattern.DOTALL);

    private static final Pattern NOTE = Pattern.compile("pid=([0-9]{1,18})\\b");
    private static final int SMALLEST_BLOCK_BYTES = 512;

    /** What the holder of a lock writes into it; found out once, since to ask takes longer than all the rest. */
    private static final class Own {
        static final String NOTE = "pid=" + ProcessHandle.current().pid() + " started="
                + ProcessHandle.current()
                        .info()
                        .startInstant()
                        .map(Object::toString)
                        .orElse("unknown") + "\n";
    }

    private final Path path;
    private final Durability durability;
    private final EngineConfig config;
    private final FileHook hook;
    private final Surroundings surroundings;
    private final SecureRandom random;

    /**
     * What the steps lead to. Immutable.
     *
     * @param directory without symbolic links
     * @param entry among the open directories of this process
     * @param lock against other processes
     * @param previous what the manifest said, none if the directory is new
     * @param manifest what it says now
     * @param boot what the system calls its start
     * @param present the segments that have files
     */
    record Opened(
            Path directory,
            OpenDirectories.Entry entry,
            SegmentFile.Lock lock,
            Optional<Manifest> previous,
            Manifest manifest,
            String boot,
            SegmentSet present) {}

    DirectoryOpening(
            Path path,
            Durability durability,
            EngineConfig config,
            FileHook hook,
            Surroundings surroundings,
            SecureRandom random) {
        this.path = path;
        this.durability = durability;
        this.config = config;
        this.hook = hook;
        this.surroundings = surroundings;
        this.random = random;
    }

    Opened open() {
        try {
            final Path directory = resolve();
            final FileFacts facts = requireDirectory(directory);
            return enter(directory, facts);
        } catch (IOException e) {
            throw explained(path, e);
        }
    }

    // ---- the path -------------------------------------------------------------------------------------------------

    /** Resolved once; from here on nobody's symbolic link matters. */
    private Path resolve() throws IOException {
        try {
            return SegmentFile.realPath(path, hook);
        } catch (NoSuchFileException e) {
            return create();
        } catch (AccessDeniedException e) {
            throw e;
        } catch (FileSystemException e) { // a file on the way there, or links in a circle
            throw notOurs(path, "a path that leads nowhere");
        }
    }

    private Path create() throws IOException {
        final Path absolute = path.toAbsolutePath();
        final Path parent = Optional.ofNullable(absolute.getParent()).orElse(absolute);
        final Path made;
        try {
            made = SegmentFile.realPath(parent, hook)
                    .resolve(Optional.ofNullable(absolute.getFileName()).orElse(absolute));
        } catch (NoSuchFileException e) {
            throw new NotEngineDirectoryException(
                    path, "no directory to make it in", "make its parent first: " + parent);
        }
        try {
            SegmentFile.createDirectory(made, hook);
        } catch (FileAlreadyExistsException e) {
            return resolveExisting(); // somebody made it meanwhile, or it is a link
        }
        if (durability == Durability.POWER_LOSS) {
            SegmentFile.forceDirectory(Optional.ofNullable(made.getParent()).orElse(made), hook);
        }
        return made;
    }

    private Path resolveExisting() throws IOException {
        try {
            return SegmentFile.realPath(path, hook);
        } catch (NoSuchFileException e) {
            throw notOurs(path, "a symbolic link that leads nowhere");
        }
    }

    private FileFacts requireDirectory(Path directory) throws IOException {
        final FileFacts facts = SegmentFile.look(directory, hook);
        if (facts == null) {
            throw new NoSuchFileException(directory.toString());
        }
        if (facts.kind() != FileFacts.Kind.DIRECTORY) {
            throw notOurs(directory, facts.kind() == FileFacts.Kind.FILE ? "a file" : "something else");
        }
        return facts;
    }

    private static NotEngineDirectoryException notOurs(Path directory, String found) {
        return new NotEngineDirectoryException(directory, found, EMPTY_OR_NEW);
    }

    // ---- nobody else ----------------------------------------------------------------------------------------------

    private Opened enter(Path directory, FileFacts facts) throws IOException {
        final OpenDirectories.Entry entry = OpenDirectories.tryEnter(directory, facts.key());
        if (entry == null) {
            throw DirectoryInUseException.byThisProcess(directory);
        }
        Opened opened = null;
        try {
            opened = lock(directory, facts, entry);
            return opened;
        } finally {
            if (opened == null) {
                entry.leave();
            }
        }
    }

    private Opened lock(Path directory, FileFacts facts, OpenDirectories.Entry entry) throws IOException {
        requireLocal(directory);
        requirePrivate(directory, "", facts);
        final List<String> names = SegmentFile.list(directory, hook);
        requireOurs(directory, names);
        final SegmentFile.Lock lock = SegmentFile.lock(directory, FileNames.LOCK, hook);
        Opened opened = null;
        try {
            requireHeld(directory, lock);
            opened = openLocked(directory, facts, entry, lock);
            return opened;
        } finally {
            if (opened == null) {
                if (lock.isHeld() && !names.contains(FileNames.LOCK)) {
                    SegmentFile.deleteQuietly(directory, FileNames.LOCK, hook);
                }
                lock.close();
            }
        }
    }

    static void requireHeld(Path directory, SegmentFile.Lock lock) throws IOException {
        if (lock.isHeld()) {
            return;
        }
        if (lock.isOfThisProcess()) {
            throw DirectoryInUseException.byThisProcess(directory);
        }
        final Matcher note = NOTE.matcher(lock.note());
        throw DirectoryInUseException.byAnotherProcess(
                directory, note.find() ? OptionalLong.of(Long.parseLong(note.group(1))) : OptionalLong.empty());
    }

    // ---- safe and ours --------------------------------------------------------------------------------------------

    private void requireLocal(Path directory) throws IOException {
        final String type = surroundings.fileSystemType(directory);
        final boolean isRemote = NETWORK.matcher(type.toLowerCase(Locale.ROOT)).matches()
                || directory.toString().startsWith("\\\\");
        if (isRemote && !config.networkDirectory()) {
            throw new UnsafeDirectoryException(
                    directory,
                    "fileSystem=" + (type.isEmpty() ? "unknown" : type),
                    "locks and forces may not hold on a network file system: use a local disk, or allow it with"
                            + " EngineConfig.allowNetworkDirectory()");
        }
    }

    private void requirePrivate(Path directory, String file, FileFacts facts) {
        if (facts.isWritableForOthers() && !config.sharedDirectory()) {
            throw new UnsafeDirectoryException(
                    directory,
                    file + "mode=" + Integer.toOctalString(facts.mode()),
                    "others may write there: take that from them (chmod go-w), or allow it with"
                            + " EngineConfig.allowSharedDirectory()");
        }
    }

    private void requireOwn(Path directory, String file, FileFacts facts, int processOwner) {
        final boolean isForeign = facts.owner() >= 0 && processOwner >= 0 && facts.owner() != processOwner;
        if (isForeign && !config.sharedDirectory()) {
            throw new UnsafeDirectoryException(
                    directory,
                    file + "owner=" + facts.owner() + " process=" + processOwner,
                    "it belongs to another user: give it to the one that this process runs as (chown), or allow it with"
                            + " EngineConfig.allowSharedDirectory()");
        }
    }

    /** With a manifest whatever else is there is somebody's own matter; without one, there must be nothing else. */
    private static void requireOurs(Path directory, List<String> names) {
        if (names.contains(FileNames.MANIFEST)) {
            return;
        }
        if (names.stream().anyMatch(FileNames::isSegment)) {
            throw withoutManifest(directory);
        }
        names.stream()
                .filter(name -> !FileNames.isOurs(name) && !HARMLESS.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw notOurs(directory, name);
                });
    }

    static DirectoryDamagedException withoutManifest(Path directory) {
        return new DirectoryDamagedException(directory, FileNames.MANIFEST, "it is missing, but there are segments");
    }

    private void requireSafe(Path directory, FileFacts facts, List<String> names) throws IOException {
        final Map<String, FileFacts> files = new LinkedHashMap<>();
        for (String name : names) {
            final FileFacts file = FileNames.isOurs(name) ? SegmentFile.look(directory.resolve(name), hook) : null;
            if (file != null) {
                files.put("file=" + name + " ", file);
                SegmentFile.requirePlain(directory, name, file);
            }
        }
        files.forEach((name, file) -> requirePrivate(directory, name, file));
        if (!config.sharedDirectory()) {
            final int processOwner = surroundings.processOwner(directory);
            requireOwn(directory, "", facts, processOwner);
            files.forEach((name, file) -> requireOwn(directory, name, file, processOwner));
        }
    }

    // ---- the manifest ---------------------------------------------------------------------------------------------

    private Opened openLocked(Path directory, FileFacts facts, OpenDirectories.Entry entry, SegmentFile.Lock lock)
            throws IOException {
        final List<String> names = SegmentFile.list(directory, hook);
        requireOurs(directory, names);
        requireSafe(directory, facts, names);
        final Optional<Manifest> previous =
                names.contains(FileNames.MANIFEST) ? Optional.of(readManifest(directory, hook)) : Optional.empty();
        final SegmentSet present = FileNames.segmentsIn(names);
        requireFiles(directory, previous, present);
        for (String name : names) {
            if (FileNames.isLeftover(name) && SegmentFile.look(directory.resolve(name), hook) != null) {
                SegmentFile.delete(directory, name, hook);
            }
        }
        lock.write(Own.NOTE);
        final String boot = surroundings.boot();
        final Manifest manifest = previous.orElseGet(() -> first(boot)).opened(durability);
        SegmentFile.replace(directory, FileNames.MANIFEST, manifest.bytes(), true, hook);
        return new Opened(directory, entry, lock, previous, manifest, boot, present);
    }

    static Manifest readManifest(Path directory, FileHook hook) throws IOException {
        return Manifest.parse(directory, SegmentFile.readAll(directory, FileNames.MANIFEST, Manifest.MAX_BYTES, hook));
    }

    private static void requireFiles(Path directory, Optional<Manifest> manifest, SegmentSet present) {
        final int missing =
                manifest.map(m -> m.segments().firstMissingIn(present)).orElse(-1);
        if (missing >= 0) {
            throw missing(directory, missing);
        }
    }

    static CorruptLogException missing(Path directory, int index) {
        return new CorruptLogException(directory, FileNames.ofSegment(index), 0, 0, "the file is missing");
    }

    private Manifest first(String boot) {
        return new Manifest(
                random.nextLong(), 0, durability, boot, true, 0, 1, ReceiptKey.random(random), SegmentSet.EMPTY);
    }

    // ---- what went wrong ------------------------------------------------------------------------------------------

    /** What the answer of the operating system means for a caller. */
    static EngineException explained(Path directory, IOException e) {
        if (isNoSpace(directory, e)) {
            return new NoSpaceException(directory, e);
        }
        if (isReadOnly(directory, e)) {
            return new ReadOnlyDirectoryException(directory, e);
        }
        return new EngineFailedException(
                "directory cannot be opened: path=" + directory + " error=" + e.getMessage(), e);
    }

    private static boolean isNoSpace(Path directory, IOException e) {
        for (@Nullable Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (NO_SPACE.matcher(String.valueOf(cause.getMessage())).matches()) {
                return true;
            }
        }
        return isFull(directory); // in whatever language the system speaks
    }

    private static boolean isFull(Path directory) {
        try {
            final boolean exists = SegmentFile.look(directory, FileHook.NONE) != null;
            return exists && SegmentFile.usableBytes(directory, FileHook.NONE) < SMALLEST_BLOCK_BYTES;
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isReadOnly(Path directory, IOException e) {
        if (e instanceof AccessDeniedException) {
            return true;
        }
        try {
            final Path absolute = directory.toAbsolutePath();
            final Path existing = SegmentFile.look(absolute, FileHook.NONE) != null
                    ? absolute
                    : Optional.ofNullable(absolute.getParent()).orElse(absolute);
            for (Path path :
                    List.of(existing, existing.resolve(FileNames.LOCK), existing.resolve(FileNames.MANIFEST))) {
                if (SegmentFile.look(path, FileHook.NONE) != null && !SegmentFile.isWritable(path, FileHook.NONE)) {
                    return true;
                }
            }
            return false;
        } catch (IOException failure) {
            return false;
        }
    }
}
