package io.millrace.core.directory;

import io.millrace.api.DirectoryException;
import io.millrace.api.EngineException;
import io.millrace.api.NotEngineDirectoryException;
import io.millrace.core.file.FileHook;
import io.millrace.core.file.SegmentFile;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A directory that is filled by hand and not by an engine. It has no manifest, and no engine opens it, before {@link #finish}.
 * Confined to one thread.
 */
public final class NewDirectory {
    private final Path directory;
    private final List<String> made = new ArrayList<>();

    private NewDirectory(Path directory) {
        this.directory = directory;
    }

    /**
     * Makes a directory.
     *
     * @param path where nothing is, in a directory that exists
     * @throws DirectoryException if it cannot be made there
     */
    public static NewDirectory at(Path path) {
        final Path absolute = path.toAbsolutePath();
        final Path parent = Objects.requireNonNullElse(absolute.getParent(), absolute);
        try {
            final Path made = SegmentFile.realPath(parent, FileHook.NONE)
                    .resolve(Objects.requireNonNullElse(absolute.getFileName(), absolute));
            SegmentFile.createDirectory(made, FileHook.NONE);
            return new NewDirectory(made);
        } catch (NoSuchFileException e) {
            throw new NotEngineDirectoryException(
                    path, "no directory to make it in", "make its parent first: " + parent);
        } catch (FileAlreadyExistsException e) {
            throw new NotEngineDirectoryException(path, "something already", "give a path where nothing is");
        } catch (IOException e) {
            throw DirectoryOpening.explained(path, e);
        }
    }

    /** Makes the file of a segment with zeros, mapped; the caller forces and closes it. */
    public SegmentFile makeSegment(int index, int length) throws IOException {
        final String name = FileNames.ofSegment(index);
        made.add(name);
        return SegmentFile.prepare(directory, name, length, new byte[0], false, FileHook.NONE);
    }

    /** Writes the manifest, and returns when it and all names are on the disk. */
    public void finish(Manifest manifest) throws IOException {
        made.add(FileNames.MANIFEST);
        SegmentFile.replace(directory, FileNames.MANIFEST, manifest.bytes(), true, FileHook.NONE);
    }

    /** What is there now. */
    public DirectoryInspection inspect() {
        return EngineDirectory.inspect(directory);
    }

    /** What to throw where the operating system has refused something there. */
    public EngineException explained(IOException e) {
        return DirectoryOpening.explained(directory, e);
    }

    /** Removes what was made, as far as that is possible. */
    public void abandon() {
        made.forEach(name -> SegmentFile.deleteQuietly(directory, name, FileHook.NONE));
        final Path parent = directory.getParent();
        final Path name = directory.getFileName();
        if (parent != null && name != null) {
            SegmentFile.deleteQuietly(parent, name.toString(), FileHook.NONE);
        }
    }
}
