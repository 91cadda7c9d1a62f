package io.millrace.queue.raw;

import org.jspecify.annotations.Nullable;

/** Remembers the first thread that uses an object and refuses every other. A best effort: the field is plain. */
final class Confinement {
    private @Nullable Thread owner;

    void check(String what) {
        Thread current = Thread.currentThread();
        if (owner != current) {
            bind(what, current);
        }
    }

    private void bind(String what, Thread current) {
        if (owner != null) {
            throw new IllegalStateException(
                    what + " is confined to one thread: owner=" + owner.getName() + " caller=" + current.getName());
        }
        owner = current;
    }
}
