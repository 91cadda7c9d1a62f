package io.millrace.testkit;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What this process holds at one moment. Immutable.
 *
 * @param engines test engines that hold memory
 * @param threads threads of engines, and those that keep the JVM alive
 * @param files open files and sockets, none where there is no {@code /proc}
 */
record Inventory(Set<TestEngine> engines, Set<Thread> threads, Set<OpenFile> files) {
    private static final File DESCRIPTORS = new File("/proc/self/fd");

    static {
        openPairOfTheJvm();
    }

    /** What the JVM opens for itself: classes, libraries, entropy, the limits of its container, this very listing. */
    private static final Pattern OF_THE_JVM =
            Pattern.compile(".*\\.jar|.*\\.so(\\.\\d+)*|.*/lib/modules|/(dev|proc|sys)/.*");

    /**
     * One open file.
     *
     * @param descriptor its number
     * @param target what it leads to: a path, or for example {@code socket:[12345]}
     */
    record OpenFile(String descriptor, String target) {}

    /** The JVM opens a pair of sockets with its first file channel and keeps it: so it is there before the first look. */
    private static void openPairOfTheJvm() {
        try {
            FileChannel.open(Path.of(System.getProperty("java.home"), "release"))
                    .close();
        } catch (IOException e) {
            // a JVM without that file: its pair may show up as a leak of the first test
        }
    }

    static Inventory take() {
        return new Inventory(TestEngine.holding(), liveThreads(), openFiles());
    }

    /**
     * What is there now in addition, in words and sorted.
     *
     * @param graceMs how long to wait for threads to end, since they do so a little after whoever closed them has gone on
     */
    List<String> leaks(long graceMs) throws InterruptedException {
        awaitEnd(added(liveThreads(), threads), graceMs);
        final List<String> leaks = new ArrayList<>();
        added(TestEngine.holding(), engines).forEach(engine -> leaks.add(describe(engine)));
        added(liveThreads(), threads).forEach(thread -> leaks.add("thread " + thread.getName()));
        added(openFiles(), files).forEach(file -> leaks.add("open file " + file.target()));
        Collections.sort(leaks);
        return leaks;
    }

    private static String describe(TestEngine engine) {
        return engine.isClosed()
                ? "memory of a closed engine, still lent to an open claim or a poll: bytes=" + engine.offHeapBytes()
                : "an engine that was not closed: bytes=" + engine.offHeapBytes();
    }

    private static void awaitEnd(Set<Thread> threads, long graceMs) throws InterruptedException {
        final long deadlineMs = System.currentTimeMillis() + graceMs;
        for (Thread thread : threads) {
            thread.join(Math.max(1, deadlineMs - System.currentTimeMillis()));
        }
    }

    private static <T> Set<T> added(Set<T> now, Set<T> before) {
        final Set<T> added = new HashSet<>(now);
        added.removeAll(before);
        return added;
    }

    private static Set<Thread> liveThreads() {
        final Set<Thread> threads = new HashSet<>(Thread.getAllStackTraces().keySet());
        threads.removeIf(thread -> !isOfInterest(thread.getName(), thread.isDaemon()));
        return threads;
    }

    /** JUnit has threads of its own, which watch timeouts. */
    private static boolean isOfInterest(String name, boolean isDaemon) {
        return name.startsWith("millrace-") || (!isDaemon && !name.startsWith("junit-"));
    }

    private static Set<OpenFile> openFiles() {
        final Set<OpenFile> files = new HashSet<>();
        final String[] descriptors = DESCRIPTORS.list();
        if (descriptors != null) {
            for (String descriptor : descriptors) {
                addIfOpen(descriptor, files);
            }
        }
        return files;
    }

    private static void addIfOpen(String descriptor, Set<OpenFile> files) {
        try {
            final Path link = Path.of(DESCRIPTORS.getPath(), descriptor);
            final String target = Files.readSymbolicLink(link).toString();
            if (!OF_THE_JVM.matcher(target).matches()) {
                files.add(new OpenFile(descriptor, target));
            }
        } catch (IOException e) {
            // closed since it was listed
        }
    }
}
