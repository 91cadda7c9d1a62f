package io.millrace.bench.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which legs there are, given the JDKs of a machine. */
class ProofPlanTest {
    private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
    private static final Jdk RUNNING = Jdk.running();
    private static final Jdk OTHER = new Jdk(Path.of("/opt/jdk-99"), 99);

    private static ProofPlan plan(String... names) {
        return new ProofPlan(HOME, 10, Set.of(names));
    }

    static List<String> proofs() {
        return ProofPlan.PROOFS;
    }

    @Test
    void shouldRunEverythingUnlessTold() {
        assertThat(plan().legs(List.of(RUNNING, OTHER), ""))
                .allMatch(Leg::canRun)
                .extracting(Leg::name)
                .containsExactly("tests on JDK " + RUNNING.feature(), "tests on JDK 99", "proofs");
    }

    @Test
    void shouldTestOnTheOtherJdkWhatWasCompiledOnThis() {
        Leg other = plan("other-jdks").legs(List.of(RUNNING, OTHER), "").get(0);

        assertThat(other.command())
                .contains("-Djvm=/opt/jdk-99/bin/java", "-Dtest.leg=-jdk99", "-Dproof.scale=10")
                .containsSequence("-pl", "engine-testkit", "-am")
                .contains("-Dmaven.compiler.useIncrementalCompilation=false");
    }

    @Test
    void shouldSayWhenThereIsNoOtherJdk() {
        assertThat(plan("other-jdks").legs(List.of(RUNNING), ""))
                .noneMatch(Leg::canRun)
                .hasSize(1);
    }

    @Test
    void shouldSayWhenAListedJdkIsNotThere() {
        List<Leg> legs = plan("other-jdks").legs(List.of(RUNNING, OTHER), "/does/not/exist:" + RUNNING.home());

        assertThat(legs).hasSize(2);
        assertThat(legs.get(1).name()).isEqualTo("tests on /does/not/exist");
        assertThat(legs.get(1).canRun()).isFalse();
    }

    @Test
    void shouldPassChosenProofsAndJdksOn() {
        Leg proofs = plan("leak", "explorer").legs(List.of(RUNNING, OTHER), "").get(0);

        assertThat(proofs.command()).endsWith("--scale", "10", "--only", "explorer", "--only", "leak");
        assertThat(proofs.environment()).containsEntry("MILLRACE_JDKS", RUNNING.home() + ":/opt/jdk-99");
    }

    @Test
    void shouldPassTheNumberOfKillsOn() {
        System.setProperty("kills", "1000");
        try {
            assertThat(plan("kill").legs(List.of(RUNNING), "").get(0).command()).contains("-Dkills=1000");
        } finally {
            System.clearProperty("kills");
        }
    }

    @Test
    void shouldFindTheRunningJdkAmongThoseOfTheMachine() throws Exception {
        assertThat(plan().legs().get(0).name()).isEqualTo("tests on JDK " + RUNNING.feature());
        assertThat(Jdk.ofJava(RUNNING.java())).isEqualTo(RUNNING);
    }

    @ParameterizedTest
    @MethodSource("proofs")
    void shouldNameProofsThatExist(String name) throws Exception {
        Path proofs = HOME.resolve("engine-stress/src/main/java/io/millrace/stress/Proofs.java");

        assertThat(Files.readString(proofs)).contains("all.put(\"" + name + "\"");
    }

    @ParameterizedTest
    @MethodSource("proofs")
    void shouldRunEveryProofBeforeAChangeLands(String name) throws Exception {
        assertThat(Files.readString(HOME.resolve(".ci/run"))).contains(" " + name);
    }
}
