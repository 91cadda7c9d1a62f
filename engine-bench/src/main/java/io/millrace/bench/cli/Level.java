package io.millrace.bench.cli;

import io.millrace.api.Durability;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A level of durability as one types it, {@code power-loss} for example. Immutable.
 *
 * @param level the engine's
 */
record Level(Durability level) {
    /** All names, weakest first. */
    static List<String> names() {
        return Arrays.stream(Durability.values())
                .map(level -> new Level(level).toString())
                .toList();
    }

    /** What completion and help offer. */
    static final class Names implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return names().iterator();
        }
    }

    /** The same without the one that is gone with the process. */
    static final class OnDisk implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return names().stream()
                    .filter(name -> !name.equals(new Level(Durability.MEMORY).toString()))
                    .iterator();
        }
    }

    /** Reads a name. */
    static final class Converter implements ITypeConverter<Level> {
        @Override
        public Level convert(String value) {
            for (Durability each : Durability.values()) {
                Level level = new Level(each);
                if (level.toString().equals(value.toLowerCase(Locale.ROOT))) {
                    return level;
                }
            }
            throw new TypeConversionException("expected one of " + names() + " but was '" + value + "'");
        }
    }

    @Override
    public String toString() {
        return level.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
