package io.millrace.rules;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/** Which way the modules point, and who may touch raw memory, clocks, threads and sleep. */
@AnalyzeClasses(packages = "io.millrace", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String API = "io.millrace.api..";
    private static final String MEMORY = "io.millrace.core.memory..";
    private static final String TIME = "io.millrace.core.time..";
    private static final String CONCURRENT = "io.millrace.core.concurrent..";
    private static final String FILE = "io.millrace.core.file..";
    private static final String DIRECTORY = "io.millrace.core.directory..";
    private static final String SEGMENT_FILE = "io\\.millrace\\.core\\.file\\.SegmentFile(\\$.*)?";
    private static final String CONDUCTOR = "io.millrace.core.conductor..";

    @ArchTest
    static final ArchRule MODULES_POINT_ONE_WAY = layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage("io.millrace..")
            .layer("api")
            .definedBy(API)
            .layer("core")
            .definedBy("io.millrace.core..")
            .layer("queue")
            .definedBy("io.millrace.queue..")
            .layer("engine")
            .definedBy("io.millrace")
            .whereLayer("engine")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("queue")
            .mayOnlyBeAccessedByLayers("engine")
            .whereLayer("core")
            .mayOnlyBeAccessedByLayers("queue", "engine")
            .whereLayer("api")
            .mayOnlyBeAccessedByLayers("core", "queue", "engine");

    @ArchTest
    static final ArchRule PACKAGES_OF_THE_CORE_HAVE_NO_CYCLES = SlicesRuleDefinition.slices()
            .matching("io.millrace.core.(*)..")
            .should()
            .beFreeOfCycles();

    @ArchTest
    static final ArchRule ONLY_THE_GATEWAY_MAKES_RAW_MEMORY = noClasses()
            .that()
            .resideOutsideOfPackage(MEMORY)
            .should()
            .callMethod(ByteBuffer.class, "allocateDirect", int.class)
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(MappedByteBuffer.class)
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("sun.misc.Unsafe");

    @ArchTest
    static final ArchRule ONLY_MEMORY_AND_CONCURRENT_USE_VAR_HANDLES_ON_SHARED_STATE = noClasses()
            .that()
            .resideOutsideOfPackages(MEMORY, CONCURRENT, TIME)
            .and()
            .doNotHaveFullyQualifiedName("io.millrace.queue.SipHash")
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.lang.invoke.VarHandle");

    @ArchTest
    static final ArchRule NOBODY_USES_WHAT_AGRONA_REACHES_BY_UNSAFE = noClasses()
            .should()
            .dependOnClassesThat(resideInAPackage("org.agrona.concurrent.."))
            .orShould()
            .dependOnClassesThat()
            .haveNameMatching("org\\.agrona\\.(UnsafeApi|.*Buffer)");

    @ArchTest
    static final ArchRule NOBODY_ASKS_THE_JVM_FOR_THE_TIME = noClasses()
            .that()
            .doNotHaveFullyQualifiedName("io.millrace.api.SystemClock")
            .should()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(java.time.Instant.class, "now")
            .orShould()
            .callMethod(Thread.class, "sleep", long.class);

    @ArchTest
    static final ArchRule ONLY_WAITING_CODE_PARKS = noClasses()
            .that()
            .resideOutsideOfPackages(CONCURRENT, CONDUCTOR)
            .should()
            .callMethod(LockSupport.class, "parkNanos", Object.class, long.class)
            .orShould()
            .callMethod(LockSupport.class, "parkNanos", long.class)
            .orShould()
            .callMethod(LockSupport.class, "park", Object.class);

    @ArchTest
    static final ArchRule NOBODY_IS_RANDOM_BY_HIMSELF = noClasses()
            .should()
            .callConstructor(Random.class)
            .orShould()
            .callMethod(Math.class, "random")
            .orShould()
            .callMethod(java.util.UUID.class, "randomUUID");

    @ArchTest
    static final ArchRule ONLY_SEGMENT_FILE_TOUCHES_FILES = noClasses()
            .that()
            .haveNameNotMatching(SEGMENT_FILE)
            .should()
            .dependOnClassesThat()
            .haveNameMatching("java\\.nio\\.file\\.(Files|DirectoryStream|spi\\..*)|java\\.io\\.(File|RandomAccess).*"
                    + "|java\\.nio\\.channels\\.(Asynchronous|Seekable).*");

    /** Memory is given an open channel, to map it. */
    @ArchTest
    static final ArchRule ONLY_SEGMENT_FILE_HAS_FILE_CHANNELS = noClasses()
            .that()
            .haveNameNotMatching(SEGMENT_FILE)
            .and()
            .resideOutsideOfPackage(MEMORY)
            .should()
            .dependOnClassesThat()
            .haveNameMatching("java\\.nio\\.channels\\.File.*");

    @ArchTest
    static final ArchRule MEMORY_DOES_NOTHING_WITH_A_CHANNEL_BUT_MAP_IT = noClasses()
            .that()
            .resideInAPackage(MEMORY)
            .should()
            .callMethodWhere(describe(
                    "they use a channel otherwise",
                    call -> call.getTargetOwner().isAssignableTo(FileChannel.class)
                            && !call.getTarget().getName().equals("map")));

    /** So it needs neither {@code /proc} nor anything else that only some systems have. */
    @ArchTest
    static final ArchRule ONLY_DIRECTORIES_HAVE_PATHS = noClasses()
            .that()
            .resideOutsideOfPackages("io.millrace", "io.millrace.api", FILE, DIRECTORY)
            .should()
            .dependOnClassesThat(resideInAPackage("java.nio.file.."));

    @ArchTest
    static final ArchRule NOBODY_PRINTS =
            noClasses().should().accessField(System.class, "out").orShould().accessField(System.class, "err");

    @ArchTest
    static final ArchRule NOTHING_IS_SYNCHRONIZED_SO_NO_CARRIER_IS_PINNED =
            com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods()
                    .should()
                    .haveModifier(JavaModifier.SYNCHRONIZED);

    @ArchTest
    static final ArchRule NOTHING_IS_KEPT_PER_THREAD =
            noClasses().should().dependOnClassesThat().areAssignableTo(ThreadLocal.class);
}
