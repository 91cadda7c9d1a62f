package io.millrace.bench.child;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ChildJvmTest {
    /** Says each line again, with something before it. */
    static final class Echo {
        public static void main(String[] args) {
            ChildMain.run((orders, answers) -> {
                for (String order = orders.readLine(); order != null; order = orders.readLine()) {
                    answers.println(args[0] + order);
                }
            });
        }
    }

    /** Fills its heap. */
    static final class Glutton {
        public static void main(String[] args) {
            ChildMain.run((orders, answers) -> {
                long[][] kept = new long[1024][];
                for (int i = 0; i < kept.length; i++) {
                    kept[i] = new long[1 << 20];
                }
                answers.println(kept.length);
            });
        }
    }

    /** Ends at once. */
    static final class Quitter {
        public static void main(String[] args) {
            Runtime.getRuntime().halt(7);
        }
    }

    @Test
    void shouldSpeakInLines() throws InterruptedException {
        try (ChildJvm child = ChildJvm.start("echo", List.of("-Xmx32m"), Echo.class, List.of("> "))) {
            child.tell("one");
            child.tell("two");

            assertThat(child.hear()).isEqualTo("> one");
            assertThat(child.hear()).isEqualTo("> two");
        }
    }

    @Test
    void shouldSayThatAChildHasRunOutOfMemory() {
        try (ChildJvm child = ChildJvm.start("glutton", List.of("-Xmx32m"), Glutton.class, List.of())) {
            assertThatIllegalStateException()
                    .isThrownBy(child::hear)
                    .withMessageContaining("glutton")
                    .withMessageContaining("OutOfMemoryError");
        }
    }

    @Test
    void shouldSayThatAChildHasEnded() {
        try (ChildJvm child = ChildJvm.start("quitter", List.of(), Quitter.class, List.of())) {
            assertThatIllegalStateException()
                    .isThrownBy(child::hear)
                    .withMessage("the JVM of quitter ended: exitCode=7");
            assertThatIllegalStateException().isThrownBy(child::hear);
        }
    }

    @Test
    void shouldStopWaitingWhenInterrupted() {
        try (ChildJvm child = ChildJvm.start("echo", List.of(), Echo.class, List.of(""))) {
            Thread.currentThread().interrupt();

            assertThatThrownBy(child::hear).isInstanceOf(InterruptedException.class);
        }
    }
}
