package io.millrace.bench.demo;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The files below a directory. Immutable.
 *
 * @param files in the order of their names
 * @param tooLarge how many were left out for their size
 * @param unreadable how many files and directories could not be looked at
 * @param notRegular how many were links, pipes and the like
 */
public record InputFiles(List<InputFile> files, int tooLarge, int unreadable, int notRegular) {
    private static final Set<String> SKIPPED_DIRECTORIES = Set.of(".git", "target");

    /**
     * Looks for files; {@code .git} and {@code target} are left out, links are not followed.
     *
     * @param directory where to look, a directory
     * @param maxFileBytes largest file to take
     * @throws IOException if the directory itself cannot be read
     */
    public static InputFiles below(Path directory, long maxFileBytes) throws IOException {
        Search search = new Search(directory.toRealPath(), maxFileBytes);
        Files.walkFileTree(search.root, search);
        return search.found();
    }

    /** Bytes of all files together when they were found. */
    public long totalBytes() {
        return files.stream().mapToLong(InputFile::sizeBytes).sum();
    }

    /** A file whose number is not known yet. */
    private record Candidate(Path path, long sizeBytes) {}

    /** Collects what a walk over the tree meets. */
    private static final class Search extends SimpleFileVisitor<Path> {
        private final Path root;
        private final String rootName;
        private final long maxFileBytes;
        private final TreeMap<String, Candidate> byName = new TreeMap<>();
        private int tooLarge;
        private int unreadable;
        private int notRegular;

        Search(Path root, long maxFileBytes) {
            this.root = root;
            this.rootName = escaped(root);
            this.maxFileBytes = maxFileBytes;
        }

        /** The only form of a path in the JDK that keeps bytes which are no text. */
        private static String escaped(Path path) {
            return path.toUri().getRawPath();
        }

        InputFiles found() {
            List<InputFile> files = new ArrayList<>();
            byName.forEach((name, candidate) ->
                    files.add(new InputFile(files.size(), candidate.path(), name, candidate.sizeBytes())));
            return new InputFiles(List.copyOf(files), tooLarge, unreadable, notRegular);
        }

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            boolean isSkipped = !directory.equals(root)
                    && SKIPPED_DIRECTORIES.contains(directory.getFileName().toString());
            return isSkipped ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (!attributes.isRegularFile()) {
                notRegular++;
            } else if (attributes.size() > maxFileBytes) {
                tooLarge++;
            } else {
                String name = escaped(file).substring(rootName.length());
                byName.put(name, new Candidate(file, attributes.size()));
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException cause) throws IOException {
            if (file.equals(root)) {
                throw cause;
            }
            unreadable++;
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException cause) throws IOException {
            if (cause != null) {
                return visitFileFailed(directory, cause);
            }
            return FileVisitResult.CONTINUE;
        }
    }
}
