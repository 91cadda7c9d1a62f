package io.millrace.core.directory;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The directories that this process has open, by path and by what tells files apart. Thread-safe.
 *
 * <p>It is asked before the lock file is opened, since closing it again would give the lock of the owner back.
 */
final class OpenDirectories {
    private static final Set<Object> KEYS = ConcurrentHashMap.newKeySet();

    private OpenDirectories() {}

    /** The right to have a directory open; null if this process has it open. */
    static @Nullable Entry tryEnter(Path path, @Nullable Object fileKey) {
        final List<Object> keys = Stream.of(path, fileKey)
                .filter(Objects::nonNull)
                .map(Object.class::cast)
                .toList();
        for (int i = 0; i < keys.size(); i++) {
            if (!KEYS.add(keys.get(i))) {
                keys.subList(0, i).forEach(KEYS::remove);
                return null;
            }
        }
        return new Entry(keys);
    }

    /**
     * One open directory. Immutable.
     *
     * @param keys what it is known by
     */
    record Entry(List<Object> keys) {
        void leave() {
            keys.forEach(KEYS::remove);
        }
    }
}
