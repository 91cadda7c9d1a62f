package io.millrace.stress.mutants;

import io.millrace.stress.ChildJvm;
import io.millrace.stress.DirectoryFiles;
import io.millrace.stress.StressRun;
import io.millrace.stress.mutants.Mutant.Edit;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Plants bugs and lets their detectors loose on them. Confined to one thread. */
public final class Workshop {
    private static final long LONGEST_MS = 60_000;

    /** A jcstress test runs in several JVMs, and there is more to it than running. */
    private static final int STRESS_SHARE = 20;

    private final Path root;
    private final JavaCompiler compiler;

    private Workshop(Path root, JavaCompiler compiler) {
        this.root = root;
        this.compiler = compiler;
    }

    /** A workshop over the sources of the project around the working directory; empty if there are none, or no compiler. */
    public static Optional<Workshop> open() {
        final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        return compiler == null ? Optional.empty() : findRoot().map(root -> new Workshop(root, compiler));
    }

    private static Optional<Path> findRoot() {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.isDirectory(at.resolve("engine-core/src/main/java"))) {
                return Optional.of(at);
            }
        }
        return Optional.empty();
    }

    // ---- planting -------------------------------------------------------------------------------------------------

    /** How often the text that an edit replaces stands in a source. */
    public int occurrences(String source, Edit edit) {
        final String text = read(source);
        int count = 0;
        for (int at = text.indexOf(edit.before()); at >= 0; at = text.indexOf(edit.before(), at + 1)) {
            count++;
        }
        return count;
    }

    private String read(String source) {
        try {
            return Files.readString(root.resolve(source));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Compiles a mutant's source with its edits into a directory; what the compiler said if it could not. */
    Optional<String> plant(Mutant mutant, Path classes) throws IOException {
        return plant(Map.of(mutant.source(), mutant.edits()), classes);
    }

    /** Compiles sources with their edits into a directory; what the compiler said if it could not. */
    public Optional<String> plant(Map<String, List<Edit>> edits, Path classes) throws IOException {
        final Path sources = Files.createDirectories(classes.resolveSibling("source"));
        final List<Path> changed = new ArrayList<>();
        for (Map.Entry<String, List<Edit>> each : edits.entrySet()) {
            String text = read(each.getKey());
            for (Edit edit : each.getValue()) {
                if (occurrences(each.getKey(), edit) != 1) {
                    return Optional.of("text does not occur exactly once in " + each.getKey() + ": " + edit.before());
                }
                text = text.replace(edit.before(), edit.after());
            }
            final Path source = Files.createDirectories(sources.resolve(Integer.toString(changed.size())))
                    .resolve(Path.of(each.getKey()).getFileName().toString());
            changed.add(Files.writeString(source, text));
        }
        return compile(changed, classes);
    }

    private Optional<String> compile(List<Path> sources, Path classes) throws IOException {
        final StringWriter said = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            final List<String> options = List.of(
                    "-proc:none", "-nowarn", "--release", "17", "-cp", ChildJvm.classPath(), "-d", classes.toString());
            final boolean compiled = compiler.getTask(
                            said, files, null, options, null, files.getJavaFileObjectsFromPaths(sources))
                    .call();
            return compiled ? Optional.empty() : Optional.of("does not compile: " + said);
        }
    }

    // ---- catching -------------------------------------------------------------------------------------------------

    /** Lets every detector run on what production is; what failed, or empty. */
    public Optional<String> runUnmutated(List<Detector> detectors, long budgetMs)
            throws IOException, InterruptedException {
        final ChildJvm.Outcome outcome =
                ChildJvm.run("", LONGEST_MS + budgetMs * detectors.size(), arguments(detectors, budgetMs));
        return outcome.exitCode() == 0 ? Optional.empty() : Optional.of(outcome.lastLine());
    }

    private static List<String> arguments(List<Detector> detectors, long budgetMs) {
        final List<String> arguments = new ArrayList<>();
        arguments.add(DetectorMain.class.getName());
        arguments.add(Long.toString(budgetMs));
        detectors.forEach(detector -> arguments.add(detector.name()));
        return arguments;
    }

    /**
     * What became of a mutant.
     *
     * @param caught whether its detector failed
     * @param said what it said, or why the mutant lives
     */
    public record Hunt(boolean caught, String said) {}

    /** Plants a bug and lets its detector run in a JVM of its own. A JVM that dies or hangs has caught it as well. */
    public Hunt hunt(Mutant mutant, long budgetMs) throws IOException, InterruptedException {
        final Path directory = Files.createTempDirectory("millrace-mutant-");
        try {
            final Path classes = Files.createDirectory(directory.resolve("classes"));
            final Optional<String> failure = plant(mutant, classes);
            if (failure.isPresent()) {
                return new Hunt(false, failure.get());
            }
            return mutant.catcher() instanceof StressTest test
                    ? stress(test, classes, budgetMs)
                    : detect((Detector) mutant.catcher(), classes, budgetMs);
        } finally {
            DirectoryFiles.delete(directory);
        }
    }

    private static Hunt detect(Detector detector, Path classes, long budgetMs)
            throws IOException, InterruptedException {
        final ChildJvm.Outcome outcome =
                ChildJvm.run(classes.toString(), LONGEST_MS, arguments(List.of(detector), budgetMs));
        return new Hunt(outcome.exitCode() != 0, judge(outcome));
    }

    private static Hunt stress(StressTest test, Path classes, long budgetMs) throws IOException, InterruptedException {
        final long iterationMs = budgetMs / STRESS_SHARE;
        final StressRun.Outcome outcome =
                StressRun.run(classes.toString(), "." + test.name(), 1, iterationMs, LONGEST_MS + budgetMs);
        final List<String> failures = outcome.found().stream()
                .flatMap(found -> found.failures().stream())
                .toList();
        if (failures.isEmpty()) {
            return new Hunt(false, outcome.trouble().orElse("survived"));
        }
        return new Hunt(true, failures.get(0));
    }

    private static String judge(ChildJvm.Outcome outcome) {
        if (outcome.exitCode() == 0) {
            return "survived";
        }
        if (outcome.exitCode() == DetectorMain.CAUGHT) {
            return outcome.lastLine();
        }
        return (outcome.timedOut() ? "the JVM hung: " : "the JVM died, exit code " + outcome.exitCode() + ": ")
                + outcome.lastLine();
    }
}
