package io.millrace.bench;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Which package of the command line may know which. */
class ArchitectureTest {
    private static final JavaClasses MODULE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.millrace.bench");

    @Test
    void shouldHaveNoCycleBetweenPackages() {
        slices().matching("io.millrace.bench.(*)..").should().beFreeOfCycles().check(MODULE);
    }

    @Test
    void shouldKeepOptionsAndExitCodesOutOfTheJobs() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.millrace.bench.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("picocli..", "io.millrace.bench.cli..")
                .check(MODULE);
    }

    @Test
    void shouldKeepPeersInTheComparison() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.millrace.bench.compare..", "io.millrace.bench.alternatives..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.agrona..", "org.jctools..", "com.lmax..", "net.openhft..")
                .check(MODULE);
    }

    /** But for benchmarks of parts, and for looking at what an engine has left behind. */
    @Test
    void shouldUseTheEngineAsUsersDo() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.millrace.bench.micro..", "io.millrace.bench.directory..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.millrace.core..", "io.millrace.queue..", "io.millrace.api.check..")
                .check(MODULE);
    }
}
