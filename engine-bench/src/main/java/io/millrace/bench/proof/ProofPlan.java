package io.millrace.bench.proof;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which legs a proof has. Immutable.
 *
 * @param home root of the project
 * @param scale by how much every proof is lengthened, 1 or more
 * @param names what is chosen of {@link #NAMES}; empty for everything
 */
public record ProofPlan(Path home, int scale, Set<String> names) {
    /** Unit, model and behaviour tests on the JDK that runs. */
    static final String TESTS = "tests";

    /** The same on every other JDK. */
    static final String OTHER_JDKS = "other-jdks";

    /** What {@code io.millrace.stress.Proofs} runs. */
    static final List<String> PROOFS = List.of(
            "explorer",
            "mutants",
            "jcstress",
            "hammer",
            "kill",
            "leak",
            "flags",
            "corruption",
            "images",
            "full-disk",
            "pid-1");

    /** Everything that can be chosen, in the order in which it runs. */
    public static final List<String> NAMES = namesInOrder();

    /** System properties of this JVM that the proofs are given, if they are set. */
    private static final List<String> PASSED_ON = List.of("kills", "images", "proof.seed");

    private static final String JDKS_VARIABLE = "MILLRACE_JDKS";

    /** Copies the set. */
    public ProofPlan {
        names = names.isEmpty() ? Set.copyOf(NAMES) : Set.copyOf(names);
    }

    private static List<String> namesInOrder() {
        List<String> all = new ArrayList<>(List.of(TESTS, OTHER_JDKS));
        all.addAll(PROOFS);
        return List.copyOf(all);
    }

    /**
     * The legs on this machine.
     *
     * @throws IOException if it cannot be found out which JDKs there are
     */
    public List<Leg> legs() throws IOException, InterruptedException {
        Set<Jdk> jdks = new LinkedHashSet<>(List.of(Jdk.running()));
        jdks.addAll(Jdk.listedBy(home.resolve(".ci").resolve("jdks")));
        return legs(List.copyOf(jdks), System.getenv().getOrDefault(JDKS_VARIABLE, ""));
    }

    /** The legs, given the JDKs, the running one first, and what the variable lists. */
    List<Leg> legs(List<Jdk> jdks, String listed) {
        List<Leg> legs = new ArrayList<>();
        if (names.contains(TESTS)) {
            legs.add(Leg.of("tests on JDK " + jdks.get(0).feature(), tests(), Map.of()));
        }
        if (names.contains(OTHER_JDKS)) {
            jdks.stream().skip(1).forEach(jdk -> legs.add(testsOn(jdk)));
            notJdks(listed).forEach(legs::add);
            if (jdks.size() == 1) {
                legs.add(Leg.notRun("tests on another JDK", "none found; " + JDKS_VARIABLE + " may list some"));
            }
        }
        List<String> chosen = PROOFS.stream().filter(names::contains).toList();
        if (!chosen.isEmpty()) {
            legs.add(proofs(chosen, jdks));
        }
        return List.copyOf(legs);
    }

    private List<String> tests() {
        return List.of("mvn", "-B", "test", "-Dproof.scale=" + scale);
    }

    private Leg testsOn(Jdk jdk) {
        List<String> command = new ArrayList<>(tests());
        command.add("-Djvm=" + jdk.java());
        command.add("-Dtest.leg=-jdk" + jdk.feature());
        command.addAll(List.of("-pl", "engine-testkit", "-am")); // what users get: the test kit needs all of it
        command.add("-Dmaven.compiler.useIncrementalCompilation=false"); // what was compiled for the first is tested
        return Leg.of("tests on JDK " + jdk.feature(), command, Map.of());
    }

    private static List<Leg> notJdks(String listed) {
        List<Leg> legs = new ArrayList<>();
        for (String directory : listed.split(File.pathSeparator, -1)) {
            if (!directory.isBlank() && !Files.isExecutable(Path.of(directory, "bin", "javac"))) {
                legs.add(Leg.notRun("tests on " + directory, JDKS_VARIABLE + " lists it, but no JDK is there"));
            }
        }
        return legs;
    }

    private Leg proofs(List<String> chosen, List<Jdk> jdks) {
        List<String> command = new ArrayList<>(List.of(jdks.get(0).java().toString()));
        for (String property : PASSED_ON) {
            String value = System.getProperty(property);
            if (value != null) {
                command.add("-D" + property + "=" + value);
            }
        }
        command.addAll(List.of(
                "-cp",
                home.resolve("engine-stress/target/jcstress.jar").toString(),
                "io.millrace.stress.Proofs",
                "--scale",
                Integer.toString(scale)));
        chosen.forEach(name -> command.addAll(List.of("--only", name)));
        String homes = jdks.stream().map(jdk -> jdk.home().toString()).collect(Collectors.joining(File.pathSeparator));
        return Leg.of("proofs", command, Map.of(JDKS_VARIABLE, homes));
    }
}
