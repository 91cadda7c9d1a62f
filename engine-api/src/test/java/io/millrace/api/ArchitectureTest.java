package io.millrace.api;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the code of this module may use, and the shape of its overloads. */
class ArchitectureTest {
    private static final JavaClasses MODULE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.millrace.api");

    @Test
    void shouldUseNothingButTheJdk() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideOutsideOfPackages("java..", "io.millrace.api..", "org.jspecify.annotations..")
                .check(MODULE);
    }

    @Test
    void shouldHaveNoCycleBetweenPackages() {
        slices().matching("io.millrace.(**)").should().beFreeOfCycles().check(MODULE);
    }

    @Test
    void shouldReadTheTimeInOnePlaceOnly() {
        noClasses()
                .that()
                .areNotAssignableTo(SystemClock.class)
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .callMethod(java.time.Instant.class, "now")
                .orShould()
                .callMethod(Math.class, "random")
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(java.util.Random.class)
                .check(MODULE);
    }

    @Test
    void shouldHaveNoTwoOverloadsThatALambdaCouldMean() {
        assertThat(ExportedTypes.all()).allSatisfy(type -> {
            Map<String, List<Method>> overloads = Stream.of(type.getDeclaredMethods())
                    .filter(method ->
                            Arrays.stream(method.getParameterTypes()).anyMatch(ArchitectureTest::isFunctional))
                    .collect(Collectors.groupingBy(method -> method.getName() + "/" + method.getParameterCount()));

            assertThat(overloads.values())
                    .allSatisfy(methods -> assertThat(methods).hasSize(1));
        });
    }

    private static boolean isFunctional(Class<?> type) {
        return type.isAnnotationPresent(FunctionalInterface.class);
    }
}
