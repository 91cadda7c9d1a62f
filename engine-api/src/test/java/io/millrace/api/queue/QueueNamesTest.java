package io.millrace.api.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueueNamesTest {
    @ParameterizedTest
    @ValueSource(strings = {"a", "orders", "Orders-2_x", "0", "-", "_", "fifo", "orders.fifo", "-.fifo"})
    void shouldAccept(String name) {
        assertThat(QueueNames.check(name)).isSameAs(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "a b",
                "a/b",
                "a.b",
                ".fifo",
                "a.fifo.fifo",
                "a.FIFO",
                "a.fifo ",
                "größe",
                "a\u0000",
                "a\n",
            })
    void shouldRefuse(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> QueueNames.check(name))
                .withMessageStartingWith("queue name must be 1 to 80 letters, digits, '-' and '_'")
                .withMessageContaining(": name=");
    }

    @Test
    void shouldCountTheSuffixWithinThe80() {
        assertThat(QueueNames.check("n".repeat(80))).hasSize(80);
        assertThat(QueueNames.check("n".repeat(75) + ".fifo")).hasSize(80);
        assertThatIllegalArgumentException().isThrownBy(() -> QueueNames.check("n".repeat(81)));
        assertThatIllegalArgumentException().isThrownBy(() -> QueueNames.check("n".repeat(76) + ".fifo"));
    }

    @Test
    void shouldShowWhatWasGivenWithoutHarm() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> QueueNames.check("a\nb" + "c".repeat(200)))
                .withMessageEndingWith("name=a\\u000ab" + "c".repeat(97) + "...");
    }

    @Test
    void shouldTellFifoByTheSuffix() {
        assertThat(QueueNames.isFifo("orders.fifo")).isTrue();
        assertThat(QueueNames.isFifo("orders")).isFalse();
        assertThat(QueueNames.isFifo("fifo")).isFalse();
    }
}
