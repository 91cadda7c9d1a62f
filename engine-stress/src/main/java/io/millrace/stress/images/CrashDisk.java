package io.millrace.stress.images;

import io.millrace.core.file.FileHook;
import io.millrace.stress.DirectoryFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Watches the system calls of an engine and knows what its disk must have of the directory. Confined to the one thread that uses
 * the engine.
 *
 * <p>A name is on the disk when the directory was forced, content when the file was. What came later may be there or not: each
 * name for itself, and of each file each page.
 */
final class CrashDisk implements FileHook {
    private static final String LOCK = "lock";
    static final String SEGMENT_PREFIX = "segment-";
    private static final String DRAFT_SUFFIX = ".new";
    private static final String REPLACEMENT_SUFFIX = ".tmp";

    /** Calls after which the disk must or may have something else. */
    private static final Set<Operation> CHANGES = EnumSet.of(
            Operation.CREATE, Operation.FORCE, Operation.RENAME, Operation.FORCE_DIRECTORY, Operation.DELETE);

    private final Path directory;
    private final String directoryName;
    private final Map<String, DiskFile> names = new TreeMap<>();
    private Map<String, DiskFile> forcedNames = new TreeMap<>();
    private Runnable onCall = () -> {};
    private final Set<DiskFile> begun = new HashSet<>();
    private boolean isFull;
    private int reuses;

    /** @param directory where nothing is yet, or what the disk has for certain */
    CrashDisk(Path directory) throws IOException {
        this.directory = directory;
        this.directoryName = directory.getFileName().toString();
        if (Files.exists(directory)) {
            DirectoryFiles.read(directory).forEach((name, content) -> names.put(name, new DiskFile(content)));
            forceNames();
        }
    }

    /** Sets what is done before and after each call that changes what the disk has. */
    void onCall(Runnable action) {
        onCall = action;
    }

    /** While a disk is full it has no room for segments. */
    void full(boolean full) {
        isFull = full;
    }

    // ---- what an engine does --------------------------------------------------------------------------------------

    @Override
    public void before(Operation operation, String file) throws IOException {
        if (isFull && operation == Operation.CREATE && file.startsWith(SEGMENT_PREFIX)) {
            throw new IOException("No space left on device");
        }
        if (operation == Operation.DELETE) {
            seeLast(file);
        } else if (operation == Operation.RENAME) {
            seeLast(finalName(file));
        }
        if (CHANGES.contains(operation)) {
            onCall.run();
        }
    }

    /** A name is about to go; what it stands for may be on the disk as it is now. */
    private void seeLast(String name) {
        final @Nullable DiskFile file = names.get(name);
        if (file != null) {
            file.see(read(name));
        }
    }

    @Override
    public void after(Operation operation, String file, long offset, long length) {
        switch (operation) {
            case CREATE -> create(file);
            case FORCE -> force(file, (int) offset, (int) length);
            case RENAME -> names.put(finalName(file), Objects.requireNonNull(names.remove(file), file));
            case DELETE -> names.remove(file);
            case FORCE_DIRECTORY -> {
                if (file.equals(directoryName)) {
                    forceNames();
                }
            }
            default -> {}
        }
        if (CHANGES.contains(operation)) {
            onCall.run();
        }
    }

    private void create(String file) {
        if (!file.equals(directoryName)) {
            names.put(file, new DiskFile(new byte[0]));
        }
    }

    private static String finalName(String file) {
        final boolean isDraft = file.endsWith(DRAFT_SUFFIX) || file.endsWith(REPLACEMENT_SUFFIX);
        return isDraft ? file.substring(0, file.length() - DRAFT_SUFFIX.length()) : file;
    }

    private void force(String name, int offset, int length) {
        final DiskFile file = Objects.requireNonNull(names.get(name), name);
        if (name.startsWith(SEGMENT_PREFIX) && length == DiskFile.PAGE && !begun.add(file)) {
            reuses++;
        }
        final int from = offset / DiskFile.PAGE * DiskFile.PAGE;
        try (FileChannel channel = FileChannel.open(directory.resolve(name), StandardOpenOption.READ)) {
            final int size = (int) channel.size();
            final int end = Math.min(size, (offset + length + DiskFile.PAGE - 1) / DiskFile.PAGE * DiskFile.PAGE);
            final ByteBuffer pages = ByteBuffer.allocate(end - from);
            int read = 0;
            while (pages.hasRemaining() && read >= 0) {
                read = channel.read(pages, from + pages.position());
            }
            file.force(from, pages.array(), size);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How often a segment got a new header that had had one before. */
    int reuses() {
        return reuses;
    }

    private void forceNames() {
        forcedNames = new TreeMap<>(names);
    }

    private byte[] read(String name) {
        try {
            return Files.readAllBytes(directory.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // ---- what may be found ----------------------------------------------------------------------------------------

    /** One of the directories that may be found when the power goes now: content by name, without the lock. */
    Map<String, byte[]> afterPowerLoss(SplittableRandom random) {
        final Map<DiskFile, byte[]> current = new HashMap<>();
        names.forEach((name, file) -> current.put(file, read(name)));
        final Reach ofNames = Reach.any(random);
        final Reach ofContent = Reach.any(random);
        final Map<DiskFile, byte[]> contents = new HashMap<>();
        final Map<String, byte[]> found = new TreeMap<>();
        final Set<String> all = new TreeSet<>(names.keySet());
        all.addAll(forcedNames.keySet());
        all.remove(LOCK);
        for (String name : all) {
            final @Nullable DiskFile file = (ofNames.reaches(random) ? names : forcedNames).get(name);
            if (file != null) {
                final byte[] now = current.getOrDefault(file, file.seen());
                found.put(name, contents.computeIfAbsent(file, each -> each.afterPowerLoss(now, ofContent, random)));
            }
        }
        if (random.nextBoolean()) {
            current.forEach(DiskFile::see);
        }
        return found;
    }
}
