package io.millrace.api;

import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What users can see of this module: the public types of the packages that its descriptor exports to all. */
public final class ExportedTypes {
    private ExportedTypes() {}

    /** The exported packages, sorted. */
    public static Set<String> packages() {
        Set<String> names = new TreeSet<>();
        descriptor().exports().stream()
                .filter(export -> !export.isQualified())
                .forEach(export -> names.add(export.source()));
        return names;
    }

    /** On the class path every module has a descriptor of the same name, so it is read from where the classes are. */
    private static ModuleDescriptor descriptor() {
        try {
            URI classes = EngineClock.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI();
            return ModuleDescriptor.read(
                    ByteBuffer.wrap(Files.readAllBytes(Path.of(classes).resolve("module-info.class"))));
        } catch (IOException | URISyntaxException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    /** The public types, nested ones after the one that they are in, else sorted by name. */
    public static List<Class<?>> all() {
        Set<String> packages = packages();
        return Sources.classNames().stream()
                .<Class<?>>map(ExportedTypes::load)
                .filter(type -> packages.contains(type.getPackageName()))
                .flatMap(ExportedTypes::withNested)
                .filter(type -> Modifier.isPublic(type.getModifiers()))
                .toList();
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    private static Stream<Class<?>> withNested(Class<?> type) {
        Stream<Class<?>> nested = Stream.of(type.getDeclaredClasses())
                .sorted(Comparator.comparing(Class::getName))
                .flatMap(ExportedTypes::withNested);
        return Stream.concat(Stream.of(type), nested);
    }
}
