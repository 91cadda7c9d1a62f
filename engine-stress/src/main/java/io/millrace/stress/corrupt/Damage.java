package io.millrace.stress.corrupt;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is done to the files of an image; the bytes are made when they are asked for. Immutable.
 *
 * @param name says what, so that it can be done again
 * @param content makes the new content by name, null for a file that goes
 * @param touched the bytes that differ
 * @param bringsBack whether an older state of a file is put back, so that what had ended since may live again
 * @param mustBeFound bytes of which the refusal must speak, if it must be refused
 */
record Damage(
        String name,
        Supplier<Map<String, byte @Nullable []>> content,
        List<Touch> touched,
        boolean bringsBack,
        Optional<Touch> mustBeFound) {
    /** Nothing. */
    static final Damage NONE = new Damage("nothing", HashMap::new, List.of(), false, Optional.empty());

    /** What makes the new content of one file, or null. */
    @FunctionalInterface
    interface Content {
        byte @Nullable [] make();
    }

    /** Other content in one file. */
    static Damage of(String name, Touch touch, Content content) {
        return new Damage(
                name,
                () -> {
                    final Map<String, byte @Nullable []> files = new HashMap<>();
                    files.put(touch.file(), content.make());
                    return files;
                },
                List.of(touch),
                false,
                Optional.empty());
    }

    /** New content by name, null for a file that goes. */
    Map<String, byte @Nullable []> files() {
        return content.get();
    }

    Damage found(Touch touch) {
        return new Damage(name, content, touched, bringsBack, Optional.of(touch));
    }

    Damage and(Damage other) {
        final List<Touch> both = new ArrayList<>(touched);
        both.addAll(other.touched);
        return new Damage(
                name + ", " + other.name,
                () -> {
                    final Map<String, byte @Nullable []> all = files();
                    all.putAll(other.files());
                    return all;
                },
                both,
                bringsBack || other.bringsBack,
                Optional.empty());
    }

    Damage bringingBack() {
        return new Damage(name, content, touched, true, mustBeFound);
    }
}
